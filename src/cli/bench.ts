// probant bench: what one machine does, beside the machine's own limit taken in the same run. An instance of its own, gone afterwards.

import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { append } from '#lib/server/audit/append.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { composeWeb, composeWorker, withActor, type Context, type WorkerContext } from '#lib/server/context.ts';
import { startEmbedded } from '#lib/server/db/embedded.ts';
import { migrate } from '#lib/server/db/migrate.ts';
import { ensureDatabase, ensureRoles } from '#lib/server/db/roles.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { readSettings } from '#lib/server/env.ts';
import { makeKeys } from '#lib/server/keys/prepare.ts';
import * as safes from '#lib/server/safes.ts';
import { firstLoad } from './first-load.ts';
import { Misuse } from './misuse.ts';
import { signatures } from './bench-signatures.ts';

export const usage = 'probant bench [--files N] [--large MEGABYTES] [--events N] [--signatures N]';

const mebibyte = 1 << 20;
const say = (line: string) => process.stdout.write(`${line}\n`);

/** Milliseconds an act took. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
	const from = performance.now();
	await act();
	return performance.now() - from;
}

/** The value below which a share of the sorted samples lies. */
export function quantile(samples: readonly number[], share: number): number {
	const sorted = [...samples].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

interface Bench {
	readonly directory: string;
	readonly ctx: Context;
	readonly worker: WorkerContext;
	readonly safe: string;
	readonly owner: postgres.Sql;
}

/** An instance with one client, one administrator and one safe. */
async function instance(directory: string): Promise<Bench & { stop(): Promise<void> }> {
	const server = await startEmbedded(join(directory, 'postgres'));
	const admin = postgres(server.url(), { max: 1, onnotice: () => {} });
	await ensureRoles(admin, server.password);
	await ensureDatabase(admin, 'bench');
	await admin.end();
	const url = (role: string) => server.url(role, 'bench');
	await migrate(url('owner'), url('jobs'));
	const settings = readSettings({ NODE_ENV: 'test', DATA_DIRECTORY: directory, DATABASE_URL: url('web'), DATABASE_URL_WORKER: url('worker'), PRIVATE_INSTANCE: 'true' });
	await makeKeys({ storage: settings.STORAGE_KEY_DIRECTORY, signing: settings.SIGNING_KEY_DIRECTORY, instance: { operator: 'Bench', country: 'FR', origin: settings.ORIGIN, policy: settings.POLICY_OID } }, Date.now());
	const [web, { parts }] = [await composeWeb(settings), await composeWorker(settings)];
	const owner = postgres(url('owner'), { max: 2, onnotice: () => {} });
	const [person, client] = [crypto.randomUUID(), crypto.randomUUID()];
	await owner`insert into person (id, email, name) values (${person}, 'bench@localhost.example', 'Bench')`;
	await owner`insert into client (id, name) values (${client}, 'Bench')`;
	await owner`insert into member (client, person, role) values (${client}, ${person}, 'administrator')`;
	const ctx = withActor(web, { person, client, via: 'cli' });
	const { id: safe } = await safes.create(ctx, { name: 'Bench' });
	return {
		directory,
		ctx,
		worker: withActor(parts, { person: null, client: null, via: 'worker' }),
		safe,
		owner,
		async stop() {
			await owner.end();
			await web.database.close();
			await parts.database.close();
			await server.stop();
		}
	};
}

/** The machine's own limit: the same bytes hashed, sealed and synced, as many at once, and nothing else. */
async function limit(directory: string, sizes: readonly number[]): Promise<number> {
	const block = randomBytes(mebibyte);
	return timed(() =>
		Promise.all(
			sizes.map(async (size, i) => {
				const handle = await open(join(directory, `limit-${i}`), 'w');
				const hash = createHash('sha256');
				const cipher = createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12));
				for (let at = 0; at < size; at += mebibyte) {
					const piece = block.subarray(0, Math.min(mebibyte, size - at));
					hash.update(piece);
					await handle.write(cipher.update(piece));
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

async function depositOne({ ctx, safe }: Bench, size: number): Promise<void> {
	const { id } = await stage.create(ctx, { safe, name: 'bench.bin', length: size });
	await stage.write(ctx, id, 0, blocks(size));
	await deposit(ctx, { stage: id });
}

async function files(bench: Bench, count: number): Promise<void> {
	const sizes = Array.from({ length: count }, () => mebibyte);
	await depositOne(bench, mebibyte);
	const own = await limit(bench.directory, sizes);
	const each: number[] = [];
	const total = await timed(() => Promise.all(sizes.map(async (size) => each.push(await timed(() => depositOne(bench, size))))));
	say(`deposit of ${count} files of 1 MiB at once: ${((count / total) * 1000).toFixed(1)} per second, p95 ${quantile(each, 0.95).toFixed(0)} ms, ${((own / total) * 100).toFixed(1)} % of the machine's own limit (hash + AES-GCM + fsync: ${((count / own) * 1000).toFixed(1)} per second)`);
}

async function large(bench: Bench, megabytes: number): Promise<void> {
	const size = megabytes * mebibyte;
	const own = await limit(bench.directory, [size]);
	let peak = 0;
	const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
	const total = await timed(() => depositOne(bench, size));
	clearInterval(watch);
	say(`deposit of one file of ${megabytes} MiB: ${(megabytes / (total / 1000)).toFixed(0)} MiB/s, ${((own / total) * 100).toFixed(1)} % of the machine's own limit (${(megabytes / (own / 1000)).toFixed(0)} MiB/s), peak memory ${(peak / 1e6).toFixed(0)} MB (web and bench in one process)`);
}

async function events(bench: Bench, count: number): Promise<void> {
	while (await assign(bench.worker));
	for (let done = 0; done < count; done += 500) {
		await bench.ctx.tx(async (tx) => {
			for (let i = 0; i < Math.min(500, count - done); i++) await append(tx, { op: 'log.read', safe: bench.safe, obj: bench.safe });
		});
	}
	const took = await timed(async () => {
		while (await assign(bench.worker));
	});
	say(`events sequenced: ${((count / took) * 1000).toFixed(0)} per second`);
}

export async function run(argv: readonly string[]): Promise<number> {
	const number = { type: 'string' } as const;
	let values: Record<string, string | boolean | undefined>;
	try {
		values = parseArgs({ args: [...argv], options: { files: number, large: number, events: number, signatures: number } }).values;
	} catch {
		throw new Misuse(usage);
	}
	const of = (name: string, standard: number) => Math.max(0, Number(values[name] ?? standard) || 0);
	const root = process.getuid?.() === 0 && tmpdir() === '/tmp' ? '/var/tmp' : tmpdir();
	const directory = mkdtempSync(join(root, 'probant-bench-'));
	try {
		const bench = await instance(directory);
		try {
			await files(bench, of('files', 50));
			await large(bench, of('large', 5120));
			const made = await signatures(bench, of('signatures', 20));
			say(`signature, from code accepted to signed version stored: p50 ${quantile(made, 0.5).toFixed(0)} ms, p95 ${quantile(made, 0.95).toFixed(0)} ms (${made.length} signatures, internal timestamp authority)`);
			await events(bench, of('events', 10_000));
		} finally {
			await bench.stop();
		}
		for (const line of await firstLoad()) say(line);
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
	return 0;
}
