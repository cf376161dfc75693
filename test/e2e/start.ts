// A fresh instance for the browser tests, as `npm start` makes it, in a directory of its own; gone with the run.

import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';

export interface Instance {
	readonly origin: string;
	/** Makes whoever opens it the operator. */
	readonly link: string;
	/** Its directory. */
	readonly data: string;
	stop(): Promise<void>;
}

/** An instance of what is built, with these settings besides. */
export async function instance(more: Readonly<Record<string, string>> = {}): Promise<Instance> {
	const data = mkdtempSync(join(tmpdir(), 'probant-e2e-'));
	const port = await freePort();
	const origin = `http://localhost:${port}`;
	const env = { PATH: process.env.PATH, NODE_ENV: 'test', ORIGIN: origin, PORT: String(port), DATA_DIRECTORY: data, PRIVATE_INSTANCE: 'true', MAIL_BOUNCE_TOKEN: 'token of the mail server', ...more };
	const child = fork('src/supervise.ts', [], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
	const { link } = await new Promise<{ link: string }>((ok, failed) => {
		child.on('message', (message: { ready?: string; link: string }) => message.ready === 'all' && ok(message));
		child.once('exit', (code) => failed(new Error(`the instance ended (${code})`)));
	});
	return {
		origin,
		link,
		data,
		async stop() {
			const ended = new Promise((ok) => child.once('exit', ok));
			child.kill('SIGTERM');
			await ended;
			rmSync(data, { recursive: true, force: true });
		}
	};
}

export default async function start(): Promise<() => Promise<void>> {
	execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build'], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NODE_ENV: 'production' } });
	const { origin, link, data, stop } = await instance();
	process.env.PROBANT_ORIGIN = origin;
	process.env.PROBANT_SETUP = link;
	process.env.PROBANT_DATA = data;
	return stop;
}
