import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'probant-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));
const secret = join(directory, 'passphrase');
writeFileSync(secret, 'correct horse battery\n', { mode: 0o600 });

function probant(...args: string[]) {
	const env = { PATH: process.env.PATH, DATA_DIRECTORY: join(directory, 'data') };
	const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', ...args], { encoding: 'utf8', env });
	return { status, stdout, stderr };
}

test('probant keys makes, lists, rotates, backs up and confirms', () => {
	expect(probant('keys', 'list')).toMatchObject({ status: 1, stderr: expect.stringContaining('no key-encryption key') });
	expect(probant('keys', 'make')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^made: root, ca, /) });
	expect(probant('keys', 'rotate', 'tsa')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^tsa 2:/) });
	expect(probant('keys', 'list').stdout).toMatch(/^storage\tkek-0001\nsigning\tkek-0001\nroot\t1\tecdsa-p384\t.*\ntsa\t2\tecdsa-p256\t/s);
	const file = join(directory, 'backup');
	expect(probant('keys', 'backup', file)).toMatchObject({ status: 2, stderr: expect.stringContaining('--passphrase-file') });
	expect(probant('keys', 'backup', file, '--passphrase-file', secret)).toMatchObject({ status: 0 });
	expect(probant('keys', 'confirm-backup', file, '--passphrase-file', secret)).toMatchObject({ status: 0, stdout: expect.stringContaining('holds the keys in use') });
});

test('misuse ends with 2 and says how it is used', () => {
	for (const args of [[], ['nothing'], ['keys'], ['keys', 'rotate'], ['keys', 'list', 'x'], ['keys', 'list', '--x']]) expect(probant(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining('probant keys list') });
});
