// Deposits as a browser makes them, against a web process of its own: sent by tus in pieces, then deposited with their hash.

import { fork } from 'node:child_process';
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { cookieName, start } from '#lib/server/identity/sessions.ts';
import type { Bench } from './bench-instance.ts';
import { quantile, timed } from './measure.ts';

const mebibyte = 1 << 20;
const piece = 64 * mebibyte; // as src/lib/client/uploads.svelte.ts sends them

export interface Web {
	readonly origin: string;
	readonly cookie: string;
	/** Most memory the process ever held, in bytes; null where the system does not tell. */
	peak(): Promise<number | null>;
	stop(): Promise<void>;
}

/** A web process on the bench's instance, and the cookie of its one member. */
export async function webProcess({ ctx, settings }: Bench): Promise<Web> {
	const child = fork('src/web.ts', {
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		env: { PATH: process.env.PATH, NODE_ENV: 'test', ORIGIN: settings.ORIGIN, PORT: String(settings.PORT), DATA_DIRECTORY: settings.DATA_DIRECTORY, DATABASE_URL: settings.DATABASE_URL, PRIVATE_INSTANCE: 'true' }
	});
	const ended = new Promise<void>((ok) => child.once('exit', () => ok()));
	await new Promise<void>((ok, failed) => {
		child.once('message', () => ok());
		child.once('exit', (code) => failed(new Error(`the web process ended (${code})`)));
	});
	const secret = await ctx.tx((tx) => start(ctx, tx, ctx.actor.person!, { by: 'setup', agent: 'probant bench' }));
	return {
		origin: settings.ORIGIN,
		cookie: `${cookieName}=${secret}`,
		async peak() {
			const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
			const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
			return kilobytes ? Number(kilobytes) * 1024 : null;
		},
		async stop() {
			child.kill('SIGTERM');
			await ended;
		}
	};
}

/** The machine's own limit: the same bytes hashed, sealed and synced, as many at once, and nothing else. Milliseconds. */
async function limit(directory: string, sizes: readonly number[]): Promise<number> {
	const block = randomBytes(mebibyte);
	return timed(() =>
		Promise.all(
			sizes.map(async (size, i) => {
				const handle = await open(join(directory, `limit-${i}`), 'w');
				const hash = createHash('sha256');
				const cipher = createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12));
				for (let at = 0; at < size; at += mebibyte) {
					const part = block.subarray(0, Math.min(mebibyte, size - at));
					hash.update(part);
					await handle.write(cipher.update(part));
				}
				await handle.sync();
				await handle.close();
			})
		)
	);
}

async function* blocks(size: number): AsyncGenerator<Uint8Array> {
	const block = randomBytes(mebibyte);
	for (let at = 0; at < size; at += mebibyte) yield block.subarray(0, Math.min(mebibyte, size - at));
}

async function ask(web: Web, path: string, init: RequestInit & { duplex?: 'half' }, status: number): Promise<Response> {
	const response = await fetch(new URL(path, web.origin), { ...init, headers: { ...init.headers, cookie: web.cookie, origin: web.origin } });
	if (response.status !== status) throw new Error(`${path}: ${response.status} ${await response.text()}`);
	return response;
}

async function depositOne(web: Web, safe: string, size: number): Promise<void> {
	const tus = { 'tus-resumable': '1.0.0' };
	const base64 = (text: string) => Buffer.from(text).toString('base64');
	const made = await ask(web, '/upload', { method: 'POST', headers: { ...tus, 'upload-length': String(size), 'upload-metadata': `safe ${base64(safe)},name ${base64('bench.bin')}` } }, 201);
	const address = made.headers.get('location')!;
	for (let at = 0; at < size; at += piece) {
		const body = Readable.toWeb(Readable.from(blocks(Math.min(piece, size - at)))) as ReadableStream<Uint8Array>;
		await ask(web, address, { method: 'PATCH', headers: { ...tus, 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' }, body, duplex: 'half' }, 204);
	}
	await ask(web, '/deposits', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ stage: address.split('/').at(-1) }) }, 201);
}

/** Files of 1 MiB deposited at once. */
export async function files(bench: Bench, web: Web, count: number): Promise<string> {
	const sizes = Array.from({ length: count }, () => mebibyte);
	await depositOne(web, bench.safe, mebibyte);
	const own = await limit(bench.directory, sizes);
	const each: number[] = [];
	const total = await timed(() => Promise.all(sizes.map(async (size) => each.push(await timed(() => depositOne(web, bench.safe, size))))));
	return `deposit of ${count} files of 1 MiB at once: ${((count / total) * 1000).toFixed(1)} per second, p95 ${quantile(each, 0.95).toFixed(0)} ms, ${((own / total) * 100).toFixed(1)} % of the machine's own limit (hash + AES-GCM + fsync: ${((count / own) * 1000).toFixed(1)} per second)`;
}

/** Most memory the web process may take, however large a file, bytes. */
const mostMemory = 300e6;

/** One large file; `flat`: the web process kept within its memory, where the system tells. */
export async function large(bench: Bench, web: Web, megabytes: number): Promise<{ readonly line: string; readonly flat: boolean }> {
	const size = megabytes * mebibyte;
	const own = await limit(bench.directory, [size]);
	const total = await timed(() => depositOne(web, bench.safe, size));
	const peak = await web.peak();
	const line = `deposit of one file of ${megabytes} MiB: ${(megabytes / (total / 1000)).toFixed(0)} MiB/s, ${((own / total) * 100).toFixed(1)} % of the machine's own limit (${(megabytes / (own / 1000)).toFixed(0)} MiB/s), peak memory of the web process ${peak === null ? 'not told by this system' : `${(peak / 1e6).toFixed(0)} MB`}${peak !== null && peak > mostMemory ? `, above its ${mostMemory / 1e6} MB` : ''}`;
	return { line, flat: peak === null || peak <= mostMemory };
}
