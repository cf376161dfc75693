// npm run up -- --demo, as its user sees it: a whole instance of its own, signed in to over HTTP.

import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { build } from '../test/support/web.ts';
import { freePort } from './cli/free-port.ts';
import { contracts } from './demo-contracts.ts';

const data = mkdtempSync(join(tmpdir(), 'probant-demo-'));
const port = await freePort();
const origin = `http://localhost:${port}`;
const env = { PATH: process.env.PATH, NODE_ENV: 'test', ORIGIN: origin, PORT: String(port), DATA_DIRECTORY: data };
let running: ChildProcess | null = null;

async function stop(): Promise<void> {
	if (!running) return;
	const ended = new Promise((ok) => running!.once('exit', ok));
	running.kill('SIGTERM');
	await ended;
}
afterAll(async () => {
	await stop();
	rmSync(data, { recursive: true, force: true });
});

/** Starts everything; answers what it printed. */
async function start(more: Readonly<Record<string, string>> = {}): Promise<string> {
	const child = (running = fork('src/supervise.ts', ['--demo'], { env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }));
	let said = '';
	for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text: Buffer) => (said += text.toString()));
	await new Promise<void>((ok, failed) => {
		child.on('message', (message: { ready?: string }) => message.ready === 'all' && ok());
		child.once('exit', () => {
			running = null;
			failed(new Error(said));
		});
	});
	return said;
}

/** What the demonstration's administrator sees on a page. */
async function shown(said: string, path: string): Promise<string> {
	const [, email, password] = /as (\S+), password (\S+)/.exec(said)!;
	const entered = await fetch(`${origin}/login?/password`, { method: 'POST', headers: { origin, 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' }, body: new URLSearchParams({ email: email!, password: password! }), redirect: 'manual' });
	const cookie = entered.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
	const page = await fetch(origin + path, { headers: { cookie, 'accept-language': 'fr', accept: 'text/html' }, redirect: 'manual' });
	expect(page.status).toBe(200);
	return page.text();
}

test('a safe with three contracts, one sent for signature; a second start adds nothing; never in production', async () => {
	build();
	const first = await start();
	const safe = /href="(\/safes\/[0-9a-f-]{36})"/.exec(await shown(first, '/dashboard'))![1]!;
	const listed = await shown(first, safe);
	for (const { name } of contracts) expect(listed).toContain(name);
	const envelopes = await shown(first, '/envelopes');
	expect(envelopes.match(/href="\/envelopes\/[0-9a-f-]{36}"/g)).toHaveLength(1);
	expect(await (await fetch(`${origin}/outbox`)).text()).toContain('hugo.lefevre@demo.example');
	await stop();

	const second = await start();
	expect(/Demonstration: .*/.exec(second)![0]).toBe(/Demonstration: .*/.exec(first)![0]);
	expect((await shown(second, safe)).match(/href="\/documents\/[0-9a-f-]{36}"/g)).toHaveLength(listed.match(/href="\/documents\/[0-9a-f-]{36}"/g)!.length);
	expect((await shown(second, '/envelopes')).match(/href="\/envelopes\/[0-9a-f-]{36}"/g)).toHaveLength(1);
	await stop();

	await expect(start({ NODE_ENV: 'production' })).rejects.toThrow('--demo: not in production');
}, 120_000);
