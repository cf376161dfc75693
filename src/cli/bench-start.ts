// How long `npm run up` takes when everything is there already: from the command to its last line. Data of its own.

import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { quantile } from './measure.ts';

const [runs, bar] = [5, 5000];

/** One start and its end; milliseconds until it said that all is up. */
async function start(data: string, port: number): Promise<number> {
	const from = performance.now();
	const child = spawn(process.execPath, ['src/up.js'], { detached: true, stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH, NODE_ENV: 'test', ORIGIN: `http://localhost:${port}`, PORT: String(port), DATA_DIRECTORY: data } });
	const ended = new Promise<void>((ok) => child.once('exit', () => ok()));
	let said = '';
	const took = await new Promise<number>((ok, failed) => {
		child.stdout!.on('data', (text: Buffer) => {
			said += text.toString();
			if (said.includes('Ctrl-C stops everything.')) ok(performance.now() - from);
		});
		child.once('exit', (code) => failed(new Error(`npm run up ended (${code}): ${said}`)));
	});
	process.kill(-child.pid!, 'SIGINT');
	await ended;
	return took;
}

/** The median of several second starts, beside its bar. */
export async function secondStart(): Promise<string> {
	const root = process.getuid?.() === 0 && tmpdir() === '/tmp' ? '/var/tmp' : tmpdir();
	const data = mkdtempSync(join(root, 'probant-bench-start-'));
	chmodSync(data, 0o755); // as root the server is nobody's
	try {
		const port = await freePort();
		const first = await start(data, port);
		const took: number[] = [];
		for (let i = 0; i < runs; i++) took.push(await start(data, port));
		const median = quantile(took, 0.5);
		return `npm run up, second start: median ${median.toFixed(0)} ms of ${runs} (${median < bar ? 'under' : 'OVER'} the bar of ${bar} ms; longest ${Math.max(...took).toFixed(0)} ms; the first, on new data, ${first.toFixed(0)} ms)`;
	} finally {
		rmSync(data, { recursive: true, force: true });
	}
}
