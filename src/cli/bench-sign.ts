// probant bench sign: a worker process signs for fifty phones at once, each answered by the internal timestamp authority; and a long envelope is completed.

import { fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { withActor } from '#lib/server/context.ts';
import { complete } from '#lib/server/envelopes/complete.ts';
import { enqueue } from '#lib/server/jobs/enqueue.ts';
import { specAlgorithm, generateKey, nodeSigner } from '#lib/server/keys/primitives.ts';
import type { Bench } from './bench-instance.ts';
import { envelopeOf, ready, signAll, type Ready } from './bench-signatures.ts';
import { quantile, timed } from './measure.ts';

/** A worker process on the bench's instance, doing its jobs; `stop` ends it. */
async function workerProcess({ settings }: Bench): Promise<{ stop(): Promise<void> }> {
	const { PATH } = process.env;
	const child = fork('src/worker.ts', {
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		env: { PATH, NODE_ENV: 'test', ORIGIN: settings.ORIGIN, DATA_DIRECTORY: settings.DATA_DIRECTORY, DATABASE_URL: settings.DATABASE_URL, DATABASE_URL_WORKER: settings.DATABASE_URL_WORKER, DATABASE_URL_JOBS: settings.DATABASE_URL_JOBS, PRIVATE_INSTANCE: 'true' }
	});
	const ended = new Promise<void>((ok) => child.once('exit', () => ok()));
	await new Promise<void>((ok, failed) => {
		child.once('message', () => ok());
		child.once('exit', (code) => failed(new Error(`the worker ended (${code})`)));
	});
	return {
		async stop() {
			child.kill('SIGTERM');
			await ended;
		}
	};
}

/** What no signature can do without, and nothing else, one after the other: hash, seal, token, two synced files. Milliseconds each. */
export async function limit(directory: string, count: number): Promise<number> {
	const keys = [generateKey('ecdsa-p256'), generateKey('ecdsa-p256')].map(({ privateKey }) => nodeSigner(privateKey, specAlgorithm['ecdsa-p256']));
	const block = randomBytes(64 << 10);
	return (await timed(async () => {
		for (let i = 0; i < count; i++) {
			const digest = createHash('sha256').update(block).digest();
			for (const key of keys) await key.sign(digest);
			for (const part of [0, 1]) {
				const handle = await open(join(directory, `limit-${part}`), 'w');
				await handle.write(block);
				await handle.sync();
				await handle.close();
			}
		}
	})) / count;
}

/** Signers whose code is typed; resolves each with the milliseconds until their signed version was stored. */
function phones(bench: Bench): { type(one: Ready): Promise<number>; listen(): Promise<void>; close(): Promise<void> } {
	const waiting = new Map<string, () => void>();
	let unlisten: () => Promise<void>;
	const stored = async (signer: string) => {
		const [row] = await bench.owner`select from signer where id = ${signer} and state = 'signed'`;
		if (row) waiting.get(signer)?.();
	};
	return {
		async listen() {
			({ unlisten } = await bench.owner.listen('signer', (signer) => void stored(signer)));
		},
		close: () => unlisten(),
		type: (one) =>
			timed(async () => {
				const signed = new Promise<void>((ok) => waiting.set(one.signer, ok));
				await withActor(bench.ctx, { ...bench.ctx.actor, client: one.client }).tx(async (tx) => {
					await tx`insert into attempt (id, client, challenge, code) values (${one.attempt}, ${one.client}, ${one.challenge}, ${one.code})`;
					await enqueue(tx, 'envelopes.attempt', { attempt: one.attempt });
				});
				await signed;
			})
	};
}

/** Until nothing waits: what the preparation left (invitations, pictures of pages), or what the signatures did (completions, evidence files, mails). */
async function idle({ settings }: Bench): Promise<void> {
	const jobs = postgres(settings.DATABASE_URL_JOBS!, { max: 1 });
	while ((await jobs`select from graphile_worker.jobs where run_at <= now() and attempts < max_attempts limit 1`).count) await new Promise((done) => setTimeout(done, 100));
	await jobs.end();
}

const words = (times: readonly number[]) => `p50 ${quantile(times, 0.5).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms`;

/** So many envelopes with a signer each, who has asked for a code. */
async function envelopes(bench: Bench, count: number): Promise<Ready[]> {
	const all: Ready[] = [];
	for (let i = 0; i < count; i++) all.push(await ready(bench));
	await idle(bench);
	return all;
}

/** `together` signers always at it, each on a document of their own: signatures per second, and milliseconds of each. */
async function crowd(typed: ReturnType<typeof phones>, all: Ready[], together: number): Promise<{ perSecond: number; times: number[] }> {
	const times: number[] = [];
	const whole = await timed(() =>
		Promise.all(
			Array.from({ length: together }, async () => {
				for (let one = all.shift(); one; one = all.shift()) times.push(await typed.type(one));
			})
		)
	);
	return { perSecond: (times.length / whole) * 1000, times };
}

/** Signers who come one after the other, whoever is still waiting: milliseconds of each. */
async function arriving(typed: ReturnType<typeof phones>, all: readonly Ready[], perSecond: number): Promise<number[]> {
	const from = performance.now();
	return Promise.all(
		all.map(async (signer, i) => {
			const due = from + (i * 1000) / perSecond;
			await new Promise((at) => setTimeout(at, Math.max(0, due - performance.now())));
			return typed.type(signer);
		})
	);
}

/** Signatures a second that two workers are to bear, each stored within a second. */
const goal = 20;
/** Signatures of each worker before anything is measured: until then V8 compiles. */
const warming = 60;

/** A crowd at two workers and at one; and as many signers arriving: at the goal, and at half the rate that one gave. */
async function rate(bench: Bench, count: number, together: number): Promise<string[]> {
	const [first, second] = [await workerProcess(bench), await workerProcess(bench)];
	const typed = phones(bench);
	await typed.listen();
	try {
		await crowd(typed, await envelopes(bench, 2 * warming), together);
		await idle(bench);
		const two = await crowd(typed, await envelopes(bench, count), together);
		await idle(bench);
		const atGoal = await arriving(typed, await envelopes(bench, count), goal);
		await idle(bench);
		await second.stop();
		const one = await crowd(typed, await envelopes(bench, count), together);
		const after = await timed(() => idle(bench));
		const atHalf = await arriving(typed, await envelopes(bench, count), one.perSecond / 2);
		const own = await limit(bench.directory, 50);
		return [
			...([[two, 'two workers'], [one, 'one worker']] as const).map(([{ perSecond, times }, workers]) => `signatures, ${together} signers at it all the time, ${workers}: ${perSecond.toFixed(1)} per second (${words(times)}), ${((perSecond * own) / 10).toFixed(1)} % of hash + two keys + two synced files (${(1000 / own).toFixed(0)} per second)`),
			`completions, evidence files and mails done ${(after / 1000).toFixed(0)} s later`,
			...([[goal, atGoal, 'two workers'], [one.perSecond / 2, atHalf, 'one worker']] as const).map(([perSecond, times, workers]) => `signatures, arriving at ${perSecond.toFixed(1)} per second, ${workers}: from code typed to signed version stored ${words(times)}`)
		];
	} finally {
		await typed.close();
		await Promise.all([first.stop(), second.stop()]);
	}
}

/** Completion to B-LTA of an envelope of `signers` on `pages` pages, the median of three. */
async function completion(bench: Bench, signers: number, pages: number): Promise<string> {
	const times: number[] = [];
	let level = '';
	for (let i = 0; i < 3; i++) {
		const envelope = await envelopeOf(bench, { signers, pages });
		await signAll(bench, envelope);
		times.push(await timed(() => complete(bench.worker, { envelope })));
		const [row] = await bench.owner<{ state: string }[]>`select state from envelope where id = ${envelope}`;
		level = row!.state;
	}
	return `completion to B-LTA, ${signers} signers on ${pages} pages: ${quantile(times, 0.5).toFixed(0)} ms (${level})`;
}

/** The lines of the report. */
export async function benchSign(bench: Bench, count: number): Promise<string[]> {
	return [await completion(bench, 10, 100), ...(await rate(bench, count, 50))];
}
