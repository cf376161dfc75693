// The built web process on a test's own database, ended with the test file. Built anew when a source is newer than the build.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { addKey } from '#lib/server/keys/vault.ts';
import { freePort } from './free-port.ts';

const newest = (directory: string): number =>
	Math.max(...readdirSync(directory, { withFileTypes: true, recursive: true }).map((e) => (e.isFile() ? statSync(join(e.parentPath, e.name)).mtimeMs : 0)));

const built = (): boolean => {
	const made = 'build/handler.js';
	return existsSync(made) && statSync(made).mtimeMs > Math.max(newest('src'), newest('crypto'), statSync('package.json').mtimeMs, statSync('svelte.config.js').mtimeMs);
};

/** Builds what is older than its sources. Test files run beside each other: one builds, the others wait for it. */
export function build(): void {
	const building = '.svelte-kit/building';
	const wait = new Int32Array(new SharedArrayBuffer(4));
	mkdirSync('.svelte-kit', { recursive: true });
	for (;;) {
		const busy = statSync(building, { throwIfNoEntry: false });
		if (busy && busy.mtimeMs < Date.now() - 180_000) rmSync(building, { recursive: true, force: true }); // of a run that was killed
		else if (!busy && built()) return;
		try {
			mkdirSync(building);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
			Atomics.wait(wait, 0, 0, 200);
			continue;
		}
		try {
			execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build'], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NODE_ENV: 'production', VITEST: '' } });
		} finally {
			rmSync(building, { recursive: true });
		}
	}
}

/** Starts it; resolves with its origin, its data directory and how to stop it (SIGTERM) when it listens. `url` is the database's, of the role web. */
export async function startWeb(url: string, settings: Readonly<Record<string, string>> = {}): Promise<{ origin: string; data: string; stop: () => Promise<void> }> {
	build();
	const data = mkdtempSync(join(tmpdir(), 'probant-web-'));
	await addKey(join(data, 'storage-key'));
	const port = await freePort();
	const origin = `http://localhost:${port}`;
	const env = { PATH: process.env.PATH, NODE_ENV: 'test', ORIGIN: origin, PORT: String(port), DATA_DIRECTORY: data, DATABASE_URL: url, ...settings };
	const child = spawn(process.execPath, ['src/web.ts'], { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
	const stop = async (): Promise<void> => {
		if (child.exitCode !== null) return;
		const ended = new Promise((ok) => child.once('exit', ok));
		child.kill('SIGTERM');
		await ended;
	};
	afterAll(async () => {
		await stop();
		rmSync(data, { recursive: true, force: true });
	});
	let said = '';
	child.stderr!.on('data', (text: Buffer) => (said += text.toString()));
	await new Promise<void>((ok, failed) => {
		child.once('message', () => ok());
		child.once('exit', (code) => failed(new Error(`the web process ended (${code}): ${said}`)));
	});
	return { origin, data, stop };
}
