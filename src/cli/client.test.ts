import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';

const database = await createTestDatabase();
const sql = database.connect('owner');
const directory = mkdtempSync(join(tmpdir(), 'probant-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));

function probant(...args: string[]) {
	const env = { PATH: process.env.PATH, DATA_DIRECTORY: directory, DATABASE_URL_OWNER: database.url('owner') };
	const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', ...args], { encoding: 'utf8', env });
	return { status, stdout, stderr };
}

test('ACC-1 the operator verifies a client; twice is once, and it is one event', async () => {
	const [client] = await sql<[{ id: string }]>`insert into client (name) values ('Tab\tand line\nbreak') returning id`;
	expect(probant('keys', 'make').status).toBe(0);
	expect(probant('client', 'list')).toEqual({ status: 0, stderr: '', stdout: `${client.id}\twaiting\t\t"Tab\\tand line\\nbreak"\n` });
	expect(probant('client', 'verify', client.id)).toMatchObject({ status: 0, stdout: expect.stringContaining('\tverified\t') });
	expect(probant('client', 'verify', client.id).status).toBe(0);
	const events = await sql`select convert_from(body, 'UTF8')::jsonb ->> 'via' as via from event where convert_from(body, 'UTF8')::jsonb ->> 'op' = 'client.verify'`;
	expect(events).toEqual([{ via: 'cli' }]);
	expect(probant('client', 'verify', crypto.randomUUID())).toMatchObject({ status: 1, stderr: 'client\n' });
	expect(probant('client', 'verify', 'x').status).toBe(2);
});
