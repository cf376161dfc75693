// How long `npm run up` takes when everything is there already, from the command to its last line, and the processor time that it costs. Data of its own.

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { quantile } from './measure.ts';

const [runs, bar] = [5, 5000];

interface Started {
	/** Milliseconds until it said that all is up. */
	readonly took: number;
	/** Milliseconds of processor, user and system, of all its processes until then; null where the system does not tell. */
	readonly cpu: number | null;
}

/** Milliseconds of processor that a process, what it started and what these started have used; those that ended count when they were waited for. */
function cpuOf(root: number): number | null {
	if (process.platform !== 'linux') return null;
	const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
	const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
		try {
			const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
			const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number); // from the third on (proc(5)): state, parent …
			return [{ pid: Number(pid), parent: fields[1]!, used: fields[11]! + fields[12]! + fields[13]! + fields[14]! }];
		} catch {
			return []; // ended meanwhile
		}
	});
	const below = (pid: number): number => all.filter(({ parent }) => parent === pid).reduce((sum, child) => sum + child.used + below(child.pid), 0);
	return ((all.find(({ pid }) => pid === root)!.used + below(root)) / ticks) * 1000;
}

/** One start and its end. */
async function start(data: string, port: number): Promise<Started> {
	const from = performance.now();
	const child = spawn(process.execPath, ['src/up.js'], { detached: true, stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH, NODE_ENV: 'test', ORIGIN: `http://localhost:${port}`, PORT: String(port), DATA_DIRECTORY: data } });
	const ended = new Promise<void>((ok) => child.once('exit', () => ok()));
	let said = '';
	const started = await new Promise<Started>((ok, failed) => {
		child.stdout!.on('data', (text: Buffer) => {
			said += text.toString();
			if (said.includes('Ctrl-C stops everything.')) ok({ took: performance.now() - from, cpu: cpuOf(child.pid!) });
		});
		child.once('exit', (code) => failed(new Error(`npm run up ended (${code}): ${said}`)));
	});
	process.kill(-child.pid!, 'SIGINT');
	await ended;
	return started;
}

/** The median of several second starts, beside its bar. */
export async function secondStart(): Promise<string> {
	const root = process.getuid?.() === 0 && tmpdir() === '/tmp' ? '/var/tmp' : tmpdir();
	const data = mkdtempSync(join(root, 'probant-bench-start-'));
	chmodSync(data, 0o755); // as root the server is nobody's
	try {
		const port = await freePort();
		const first = await start(data, port);
		const again: Started[] = [];
		for (let i = 0; i < runs; i++) again.push(await start(data, port));
		const took = again.map((s) => s.took);
		const median = quantile(took, 0.5);
		const cpu = again.some((s) => s.cpu === null) ? 'not told by this system' : `${quantile(again.map((s) => s.cpu!), 0.5).toFixed(0)} ms`;
		return `npm run up, second start: median ${median.toFixed(0)} ms of ${runs} (${median < bar ? 'under' : 'OVER'} the bar of ${bar} ms; longest ${Math.max(...took).toFixed(0)} ms; the first, on new data, ${first.took.toFixed(0)} ms); processor time, user and system, of all its processes: median ${cpu}, on ${availableParallelism()} cores`;
	} finally {
		rmSync(data, { recursive: true, force: true });
	}
}
