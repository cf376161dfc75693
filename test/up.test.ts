// npm run up, as it is run: a checkout of its own, with what the install and the build left, as each account that may run it.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { freePort } from './support/free-port.ts';
import { build } from './support/web.ts';

vi.setConfig({ testTimeout: 120_000 });
build();

/** A checkout that was installed and built: files shared with this one (nothing writes into them), directories of its own. */
function checkout(): string {
	const directory = mkdtempSync(join(tmpdir(), 'probant-up-'));
	chmodSync(directory, 0o755);
	for (const name of ['src', 'crypto', 'migrations', 'static', 'package.json', 'package-lock.json', 'svelte.config.js', 'vite.config.ts', 'node_modules']) {
		if (spawnSync('cp', ['-al', name, directory]).status !== 0) spawnSync('cp', ['-a', name, directory]); // another disk
	}
	rmSync(join(directory, 'node_modules/.probant-lock'), { force: true });
	cpSync('package-lock.json', join(directory, 'node_modules/.probant-lock'));
	cpSync('build', join(directory, 'build'), { recursive: true });
	utimesSync(join(directory, 'build/handler.js'), new Date(), new Date());
	return directory;
}

/** Processes that live in a directory: run from it, or a server on data in it. */
function living(directory: string): string[] {
	return readdirSync('/proc').filter((pid) => {
		if (!/^\d+$/.test(pid)) return false;
		try {
			return readlinkSync(`/proc/${pid}/cwd`).startsWith(directory) || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(directory);
		} catch (error) {
			if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return false; // gone, or another's
			throw error;
		}
	});
}
const gone = (directory: string, but?: number) => vi.waitUntil(() => living(directory).every((pid) => Number(pid) === but), { timeout: 20_000, interval: 50 });

const root = process.getuid?.() === 0;
/** Who runs it: whoever runs the tests; and, where that is root, an ordinary user too (Debian's `daemon`, who is not the server's `nobody`). */
const accounts: readonly [string, { uid?: number; gid?: number }][] = root ? [['root', {}], ['an ordinary user', { uid: 1, gid: 1 }]] : [['an ordinary user', {}]];

describe.skipIf(process.platform !== 'linux').each(accounts)('OPS-1 npm run up as %s', (_, account) => {
	const directory = checkout();
	const data = join(directory, 'data');
	mkdirSync(data);
	if (account.uid !== undefined) for (const path of [directory, data, join(directory, 'node_modules')]) chownSync(path, account.uid, account.gid!);
	let running: ChildProcess | null = null;
	let [port, origin, said] = [0, '', ''];
	afterAll(() => {
		for (const pid of living(directory)) process.kill(Number(pid), 'SIGKILL');
		rmSync(directory, { recursive: true, force: true });
	});

	/** Starts it; resolves when it says that all is up, with the milliseconds that took. */
	async function up(): Promise<number> {
		if (!port) origin = `http://localhost:${(port = await freePort())}`;
		const from = performance.now();
		said = '';
		const child = (running = spawn(process.execPath, ['src/up.js'], { cwd: directory, ...account, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, NODE_ENV: 'test', ORIGIN: origin, PORT: String(port), DATA_DIRECTORY: data } }));
		for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text: Buffer) => (said += text.toString()));
		await vi.waitUntil(() => said.includes('Ctrl-C stops everything.') || child.exitCode !== null, { timeout: 60_000, interval: 10 });
		expect(child.exitCode, said).toBeNull();
		return performance.now() - from;
	}
	const ended = () => vi.waitUntil(() => running!.exitCode !== null || running!.signalCode !== null, { timeout: 20_000, interval: 10 });
	/** Ctrl-C: the terminal tells the whole process group. */
	async function interrupt(but?: number): Promise<void> {
		process.kill(-running!.pid!, 'SIGINT');
		await ended();
		expect(running!.exitCode).toBe(0);
		await gone(directory, but);
	}
	const supervisor = () => living(directory).find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('src/supervise.ts'))!;
	const server = () => Number(readFileSync(join(data, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]);
	const post = (path: string, form: Record<string, string>) => fetch(origin + path, { method: 'POST', redirect: 'manual', headers: { origin, accept: 'text/html' }, body: new URLSearchParams(form) });
	const operator = { email: 'op@test.example', password: 'vélo crépuscule tarmac' };

	test('prints the address and a one-time set-up link, answers there, and Ctrl-C leaves no process', async () => {
		await up();
		expect(said).toContain(`Probant: ${origin}\n`);
		const link = new RegExp(`${origin}(/setup/[A-Za-z0-9_-]{43})\n`).exec(said)![1]!;
		expect(said).not.toMatch(/building|npm/); // nothing was old
		const terms = /name="terms" value="([^"]+)"/.exec(await (await fetch(origin + link)).text())![1]!;
		expect((await post(link, { ...operator, name: 'Op', terms })).status).toBe(303);
		expect((await post(link, { ...operator, name: 'Op', terms })).status).not.toBe(303); // once
		expect(living(directory).length).toBeGreaterThan(4);
		await interrupt();
	});

	test('OPS-3 the second start has nothing left to do; a supervisor that is killed leaves a server that the next start takes over, with what was acknowledged', async () => {
		console.log(`second start: ${(await up()).toFixed(0)} ms (the bar of 5 s is npm run bench's)`);
		expect(said).not.toMatch(/building|npm|\/setup\//);
		const before = server();
		process.kill(Number(supervisor()), 'SIGKILL');
		await ended();
		expect(running!.exitCode).toBe(1);
		await vi.waitUntil(() => living(directory).every((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres')), { timeout: 20_000, interval: 50 }); // web and worker end by themselves
		expect(living(directory)).toContain(String(before));

		await up();
		expect(server()).toBe(before);
		expect(said).not.toContain('/setup/');
		expect((await post('/login?/password', operator)).status).toBe(303);

		process.kill(running!.pid!, 'SIGKILL'); // npm's own process: the supervisor hears of it
		await gone(directory);
	});

	test('OPS-3 a number in postmaster.pid that is another program’s by now is not touched, be it the server of another cluster', async () => {
		const cluster = join(data, 'postgres/cluster');
		const mimic = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', '-D', `${cluster}2`], { argv0: 'postgres', stdio: 'ignore' });
		try {
			writeFileSync(join(cluster, 'postmaster.pid'), `${mimic.pid}\n${cluster}\n0\n5432\n\n127.0.0.1\n\nready   \n`);
			await up();
			expect(server()).not.toBe(mimic.pid);
			await interrupt(mimic.pid);
			expect(mimic.exitCode ?? mimic.signalCode).toBeNull();
		} finally {
			mimic.kill('SIGKILL');
		}
		await gone(directory);
		expect(existsSync(join(cluster, 'postmaster.pid'))).toBe(false);
	});
});
