import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { composeWeb, withActor } from '#lib/server/context.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { readSettings } from '#lib/server/env.ts';
import * as safes from '#lib/server/safes.ts';
import { createTestDatabase } from '../../test/support/database.ts';

const database = await createTestDatabase();
const owner = database.connect('owner');
const directory = mkdtempSync(join(tmpdir(), 'probant-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));
const env = { NODE_ENV: 'test', PATH: process.env.PATH ?? '', DATA_DIRECTORY: directory, DATABASE_URL: database.url('web'), DATABASE_URL_WORKER: database.url('worker') };

function probant(...args: string[]) {
	const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', ...args], { encoding: 'utf8', env });
	return { status, stdout, stderr };
}

test('LOG-8 fsck answers 0 when nothing is wrong, 1 and a line for what is, 2 when it is not understood', async () => {
	expect(probant('keys', 'make').status).toBe(0);
	expect(probant('fsck')).toMatchObject({ stderr: '', status: 0, stdout: expect.stringMatching(/^0 findings in 0 versions, .*\n$/) });
	const parts = await composeWeb(readSettings(env));
	const [person, client] = [crypto.randomUUID(), crypto.randomUUID()];
	await owner`insert into person (id, email, name) values (${person}, 'ada@test.example', 'Ada')`;
	await owner`insert into client (id, name) values (${client}, 'A client')`;
	await owner`insert into member (client, person, role) values (${client}, ${person}, 'administrator')`;
	const ctx = withActor(parts, { person, client, via: 'web' });
	const { id } = await stage.create(ctx, { safe: (await safes.create(ctx, { name: 'Contrats' })).id, name: 'a.txt', length: 5 });
	await stage.write(ctx, id, 0, (async function* () {
		yield new TextEncoder().encode('hello');
	})());
	const { version } = await deposit(ctx, { stage: id });
	await parts.database.close();
	expect(probant('fsck', '--json', '--sweep')).toMatchObject({ status: 0, stdout: expect.stringContaining('"versions":1,') });

	const objects = join(directory, 'objects', 'objects');
	const file = readdirSync(objects, { recursive: true, withFileTypes: true }).find((e) => e.isFile())!;
	truncateSync(join(file.parentPath, file.name), 10);
	expect(probant('fsck')).toMatchObject({ status: 1, stdout: expect.stringContaining(`object-altered\t${version}\tversion `) });
	expect(JSON.parse(probant('fsck', '--json').stdout.split('\n')[0]!)).toMatchObject({ problem: 'object-altered', subject: version });
	expect(probant('fsck', 'now').status).toBe(2);
});
