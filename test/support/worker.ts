// A worker process on a test's own database, started again whenever it ends, as the supervisor does, until the test file's end.

import { fork, type ChildProcess } from 'node:child_process';
import { afterAll } from 'vitest';
import { compiled } from './compiled.ts';

/** Resolves when it is ready. `starts` counts how often it came up, `ends` how often it ended. */
export async function keepWorker(env: Readonly<Record<string, string>>): Promise<{ readonly starts: number; readonly ends: number; stop(): Promise<void> }> {
	const kept = { starts: 0, ends: 0, stop };
	let child: ChildProcess | null = null;
	let stopping = false;
	let ready: () => void = () => {};
	const start = (): void => {
		child = fork('src/worker.ts', { env: { PATH: process.env.PATH, ...compiled, NODE_ENV: 'test', ...env }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
		child.on('message', () => {
			kept.starts++;
			ready();
		});
		child.on('exit', () => {
			kept.ends++;
			if (!stopping) start();
		});
	};
	async function stop(): Promise<void> {
		stopping = true;
		if (!child || child.exitCode !== null) return;
		const ended = new Promise((ok) => child!.once('exit', ok));
		child.kill('SIGTERM');
		await ended;
	}
	afterAll(stop);
	await new Promise<void>((ok) => {
		ready = ok;
		start();
	});
	return kept;
}
