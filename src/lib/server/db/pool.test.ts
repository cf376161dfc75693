import { connect, createServer } from 'node:net';
import { expect, inject, test, vi } from 'vitest';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { freePort } from '../../../../test/support/free-port.ts';
import { pool } from './pool.ts';

const database = await createTestDatabase();

test('OPS-3 a server that was gone for long is found again within seconds', async () => {
	const target = inject('postgres').port;
	const port = await freePort();
	const sql = pool(database.url('web').replace(`:${target}/`, `:${port}/`), 10);
	for (let tries = 0; tries < 12; tries++) await Promise.allSettled(Array.from({ length: 3 }, () => sql`select 1`));
	const server = createServer((client) => void client.pipe(connect(target, '127.0.0.1')).pipe(client)).listen(port, '127.0.0.1');
	const back = performance.now();
	await vi.waitUntil(() => sql`select 1`.then(() => true, () => false), { timeout: 20_000 });
	expect(performance.now() - back).toBeLessThan(3000);
	await sql.end();
	server.close();
});
