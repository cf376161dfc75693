import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openVault } from '#lib/server/keys/vault.ts';
import { binding } from '#lib/server/safes.ts';
import { createTestDatabase } from '../../test/support/database.ts';

const database = await createTestDatabase();
const sql = database.connect('owner');
const data = mkdtempSync(join(tmpdir(), 'probant-rotate-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));
const directory = join(data, 'storage-key');

function probant(...args: string[]) {
	const env = { PATH: process.env.PATH, DATA_DIRECTORY: data, DATABASE_URL_OWNER: database.url('owner') };
	const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', ...args], { encoding: 'utf8', env });
	return { status, stdout, stderr };
}

async function found(): Promise<void> {
	const [client, safe] = [crypto.randomUUID(), crypto.randomUUID()];
	const vault = await openVault(directory);
	const wrapped = await vault.wrap(new Uint8Array(32), binding(client, safe));
	await sql`insert into client (id, name) values (${client}, 'A')`;
	await sql`insert into safe (id, client, name) values (${safe}, ${client}, 'S')`;
	await sql`insert into safe_key (safe, client, wrapper, wrapped) values (${safe}, ${client}, ${vault.wrapperOf(wrapped)}, ${wrapped})`;
}

test('SAFE-18 probant keys rotate storage says how far it is; an old key is discarded only when nothing is wrapped by it', async () => {
	expect(probant('keys', 'make').status).toBe(0);
	await found();
	await found();
	expect(probant('keys', 'discard', 'kek-0001')).toMatchObject({ status: 1, stderr: expect.stringContaining('still wraps 2 keys') });
	expect(probant('keys', 'rotate', 'storage')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^kek-0002: made\n2 of 2 keys wrapped anew\nkek-0002: wraps everything/) });
	expect(probant('keys', 'discard', 'kek-0002')).toMatchObject({ status: 1, stderr: expect.stringContaining('still wraps') });
	expect(probant('keys', 'discard', 'kek-0001')).toMatchObject({ status: 0 });
	expect(probant('keys', 'discard', 'kek-0009')).toMatchObject({ status: 1, stderr: expect.stringContaining('there is no kek-0009') });
	expect(readdirSync(directory)).toEqual(['kek-0002.key']);
}, 60_000);
