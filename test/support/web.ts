// The built web process on a test's own database, ended with the test file. Built anew when a source is newer than the build.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { addKey } from '#lib/server/keys/vault.ts';
import { compiled } from './compiled.ts';
import { freePort } from './free-port.ts';

const newest = (directory: string): number =>
	Math.max(...readdirSync(directory, { withFileTypes: true, recursive: true }).map((e) => (e.isFile() ? statSync(join(e.parentPath, e.name)).mtimeMs : 0)));

const made = 'build/handler.js';
const fresh = (): boolean => existsSync(made) && statSync(made).mtimeMs > Math.max(newest('src'), newest('crypto'), statSync('package.json').mtimeMs, statSync('svelte.config.js').mtimeMs);
const lock = join('node_modules', '.building');

/** Takes the lock, which a process that is gone does not hold. */
function locked(): boolean {
	try {
		writeFileSync(lock, String(process.pid), { flag: 'wx' });
		return true;
	} catch {
		try {
			process.kill(Number(readFileSync(lock, 'utf8')), 0);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'ESRCH') rmSync(lock, { force: true });
		}
		return false;
	}
}

/** Builds what is older than its sources, one test file at a time. */
export function build(): void {
	while (!fresh()) {
		if (!locked()) {
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250); // until the other has built
			continue;
		}
		try {
			if (!fresh()) execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build'], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NODE_ENV: 'production', VITEST: '' } });
		} finally {
			rmSync(lock, { force: true });
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
	const env = { PATH: process.env.PATH, ...compiled, NODE_ENV: 'test', ORIGIN: origin, PORT: String(port), DATA_DIRECTORY: data, DATABASE_URL: url, ...settings };
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
