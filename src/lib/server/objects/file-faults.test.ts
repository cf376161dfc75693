// What a kill and a full disk leave behind, with real processes and a real limit on the size of files.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fileStore } from './file.ts';

const directory = mkdtempSync(join(tmpdir(), 'probant-file-faults-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const code = (root: string, rest: string) => `import { fileStore } from ${JSON.stringify(new URL('file.ts', import.meta.url).href)};
const store = await fileStore(${JSON.stringify(root)});
${rest}`;
const node = ['--input-type=module', '--eval'] as const;

describe('file store under faults', () => {
	test('OPS-3 a kill in the middle of a put leaves nothing visible; another process does not clear what is being written, a day later it does', async () => {
		const root = join(directory, 'kill');
		const incoming = join(root, 'incoming');
		const child = spawn(process.execPath, [...node, code(root, `await store.put('a', (async function* () {
			yield new Uint8Array(3_000_000);
			await new Promise(() => setInterval(() => {}, 1000));
		})());`)]);
		const exit = new Promise((done) => child.once('exit', done));
		try {
			const written = () => readdirSync(incoming).reduce((n, name) => n + statSync(join(incoming, name)).size, 0);
			await expect.poll(() => { try { return written(); } catch { return 0; } }, { timeout: 20_000 }).toBe(3_000_000); // before its start there is no directory
			const store = await fileStore(root);
			expect(written()).toBe(3_000_000);
			child.kill('SIGKILL');
			await exit;
			await expect(store.stat('a')).rejects.toMatchObject({ code: 'not-found' });
			expect(await Array.fromAsync(store.list(''))).toEqual([]);
			const [left] = readdirSync(incoming);
			const yesterday = Date.now() / 1000 - 25 * 3600;
			utimesSync(join(incoming, left!), yesterday, yesterday);
			await fileStore(root);
			expect(readdirSync(incoming)).toEqual([]);
		} finally {
			child.kill('SIGKILL');
		}
	});

	test('OPS-3 a disk that takes no more refuses the object, also when it takes half of the last piece', () => {
		const root = join(directory, 'full');
		const program = code(root, `
			const put = (key, size) => store.put(key, (async function* () { yield new Uint8Array(size); })()).then(() => 'stored', (error) => error.name + ' ' + error.code);
			console.log(JSON.stringify({ small: await put('small', 1000), large: await put('large', 3_000_000), keys: (await Array.fromAsync(store.list(''))).map((o) => o.key + ' ' + o.size) }));`);
		const { stdout, stderr } = spawnSync('/bin/bash', ['-c', 'ulimit -f 1024 && exec "$0" "$@"', process.execPath, ...node, program], { encoding: 'utf8' });
		expect(JSON.parse(stdout || JSON.stringify(stderr))).toEqual({ small: 'stored', large: 'ObjectStoreError unavailable', keys: ['small 1000'] });
		expect(readdirSync(join(root, 'incoming'))).toEqual([]);
	});
});
