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

test('SIGN-21 the operator lists reports of abuse and says how one was dealt with', async () => {
	expect(probant('keys', 'make').status).toBe(0);
	expect(probant('abuse', 'list')).toEqual({ status: 0, stderr: '', stdout: 'no report\n' });
	expect(probant('abuse').status).toBe(2);
	expect(probant('abuse', 'settle', crypto.randomUUID()).status).toBe(2); // how?
	expect(probant('abuse', 'settle', crypto.randomUUID(), 'done')).toMatchObject({ status: 1, stderr: 'abuse-report\n' });
	expect(await sql`select from event where convert_from(body, 'UTF8')::jsonb ->> 'op' = 'abuse.settle'`).toHaveLength(0);
});
