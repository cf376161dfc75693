import { connect, createServer } from 'node:net';
import { expect, inject, test, vi } from 'vitest';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { freePort } from '../../../../test/support/free-port.ts';
import { connect as connectDatabase, pool } from './pool.ts';

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

test('OPS-2 behind a transaction pooler nothing is prepared, and LISTEN goes to the server itself', async () => {
	const prepared = async (sql: ReturnType<typeof pool>) => {
		for (let i = 0; i < 3; i++) await sql`select ${i}::int as i`;
		return (await sql`select from pg_prepared_statements where statement like '%as i'`).count;
	};
	const [plain, pooled] = [pool(database.url('web'), 1), pool(database.url('web'), 1, false)];
	expect(await prepared(plain)).toBeGreaterThan(0);
	expect(await prepared(pooled)).toBe(0);
	const direct = pool(database.url('web'), 1);
	const listened = vi.spyOn(direct, 'listen');
	const through = vi.spyOn(pooled, 'listen');
	const behind = connectDatabase(pooled, direct);
	const id = crypto.randomUUID();
	let heard = 0;
	const stop = await behind.hints.hear(id, () => heard++);
	const before = heard;
	await database.connect('owner')`select pg_notify('hint', ${id})`;
	await vi.waitUntil(() => heard > before);
	stop();
	expect([listened.mock.calls.length, through.mock.calls.length]).toEqual([1, 0]);
	await behind.close();
	await plain.end();
});
