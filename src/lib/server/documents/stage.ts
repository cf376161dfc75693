// Uploads on their way in: sealed chunk by chunk into a file, resumable at the last whole one. The row is the truth, its lease the lock.
// Record of the file: 8-byte counter, AES-256-GCM ciphertext, tag. A counter is reserved before it seals, so none is ever used twice.

import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { concat, lengthPrefixed, uint64, utf8 } from '#crypto/bytes.ts';
import { appendRefusal } from '../audit/append.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import * as safes from '../safes.ts';
import { checkName } from './name.ts';

/** Bytes of an upload that are sealed as one. */
export const chunkSize = 1 << 20;
const overhead = 8 + 16;
const batch = 64; // chunks between two commits, counters taken at a time
const interval = 5_000; // milliseconds between two commits of a slow line
const mostOpen = 500; // uploads of a person, begun and not deposited
const life = '24 hours';
const patience = '15 seconds'; // a writer whose bytes stop coming for so long loses the lease

export interface Stage {
	readonly id: string;
	readonly client: string;
	readonly safe: string;
	readonly name: string;
	/** Bytes announced. */
	readonly length: number;
	/** Bytes sealed: whole chunks, or all. */
	readonly offset: number;
	/** The caller's own hash, 32 bytes. */
	readonly expectedSha256: Uint8Array | null;
	/** The version it became. */
	readonly version: string | null;
}

interface Row extends Omit<Stage, 'length' | 'offset'> {
	readonly length: string;
	readonly chunks: number;
	readonly wrappedKey: Uint8Array;
}

/** What a stage's key is bound to where it is wrapped. */
export const binding = (row: Pick<Stage, 'id' | 'client' | 'safe'>) => ['probant/stage/v1', row.client, row.safe, row.id];
const path = (ctx: Pick<Context, 'settings'>, id: string) => join(ctx.settings.stageDirectory, id);
const nonce = (counter: bigint) => concat(new Uint8Array(4), uint64(counter));
const aad = (id: string, chunk: number, length: number) => lengthPrefixed(utf8('probant/stage/v1'), utf8(id), uint64(chunk), uint64(length));

const columns = (tx: Tx) => tx`id, client, safe, name, length, chunks, version, expected_sha256 as "expectedSha256", wrapped_key as "wrappedKey"`;
const own = (tx: Tx, ctx: Context, id: string) => tx`id = ${id} and client = ${ctx.actor.client} and person is not distinct from ${ctx.actor.person} and expires > app.now()`;

async function find(ctx: Context, id: string): Promise<Row> {
	if (!safes.isId(id)) throw new DomainError('not-found', 'stage');
	const [row] = await ctx.tx((tx) => tx<Row[]>`select ${columns(tx)} from stage where ${own(tx, ctx, id)}`);
	if (!row) throw new DomainError('not-found', 'stage');
	return row;
}

function shown({ id, client, safe, name, length, chunks, expectedSha256, version }: Row): Stage {
	return { id, client, safe, name, length: Number(length), offset: Math.min(chunks * chunkSize, Number(length)), expectedSha256, version };
}

/** What an upload says of itself, before any byte: its name, its size, its hash; and how many of its sender's are not deposited yet. */
async function announced(ctx: Context, input: { readonly name: string; readonly length: number; readonly sha256?: Uint8Array }): Promise<void> {
	checkName(input.name);
	if (!Number.isSafeInteger(input.length) || input.length < 0) throw new DomainError('invalid', 'length');
	if (input.length === 0) throw new DomainError('invalid', 'empty-file');
	if (input.length > ctx.settings.maximumSize) throw new DomainError('too-large', 'file-too-large', { maximum: ctx.settings.maximumSize });
	if (input.sha256 && input.sha256.length !== 32) throw new DomainError('invalid', 'sha256');
	const [row] = await ctx.tx((tx) => tx<[{ open: number }]>`select count(*)::int as open from stage where person is not distinct from ${ctx.actor.person} and version is null and expires > app.now()`);
	if (row.open >= mostOpen) throw new DomainError('too-many', 'uploads');
}

/** Announces an upload; a refusal is an event. Needs `deposit`. `invalid` for its name, hash or no bytes, `too-large` above the instance's limit (and says it), `too-many` / `uploads` with too many begun. */
export async function create(
	ctx: Context,
	input: { readonly safe: string; readonly name: string; readonly length: number; readonly sha256?: Uint8Array }
): Promise<Stage> {
	const { client } = await safes.require(ctx, input.safe, 'deposit');
	try {
		await announced(ctx, input);
	} catch (error) {
		if (error instanceof DomainError) await appendRefusal(ctx, { op: 'document.deposit', safe: input.safe, obj: input.safe, values: { reason: error.reason } });
		throw error;
	}
	const { name, length } = input;
	const expectedSha256 = input.sha256 ?? null;
	const id = crypto.randomUUID();
	const wrapped = await ctx.storageKey.wrap(ctx.primitives.random(32), binding({ id, client, safe: input.safe }));
	await mkdir(ctx.settings.stageDirectory, { recursive: true, mode: 0o700 });
	await (await open(path(ctx, id), 'wx', 0o600)).close();
	await ctx.tx(
		(tx) => tx`insert into stage (id, client, safe, person, name, length, expected_sha256, wrapped_key, expires)
			values (${id}, ${client}, ${input.safe}, ${ctx.actor.person}, ${name}, ${length}, ${expectedSha256}, ${wrapped}, app.now() + ${life}::interval)`
	);
	return { id, client, safe: input.safe, name, length, offset: 0, expectedSha256, version: null };
}

/** An upload of the asker's own. `not-found` when it is another's or expired. Its bytes: `conflict` / `stage-incomplete`; CryptoError `mismatch` when the file was altered. */
export async function get(ctx: Context, id: string): Promise<Stage & { bytes(): AsyncGenerator<Uint8Array> }> {
	const row = await find(ctx, id);
	return { ...shown(row), bytes: () => read(ctx, row) };
}

/** Takes the lease of an upload of the asker's own, and counters with it. */
async function hold(ctx: Context, id: string): Promise<Writing> {
	const holder = crypto.randomUUID();
	const [row] = safes.isId(id)
		? await ctx.tx(
				(tx) => tx<(Row & { counter: string })[]>`
					update stage set holder = ${holder}, lease = app.now() + ${patience}::interval, counter = counter + ${batch}
					where ${own(tx, ctx, id)} and (holder is null or lease < app.now()) returning ${columns(tx)}, counter`
			)
		: [];
	if (!row) {
		await find(ctx, id);
		throw new DomainError('conflict', 'stage-busy');
	}
	return { ...shown(row), holder, at: row.chunks, counters: BigInt(row.counter), key: await ctx.storageKey.unwrap(row.wrappedKey, binding(row)) };
}

/**
 * Appends bytes at `offset` and returns the new offset, rounded down to whole sealed chunks (or the end): the sender goes on from there.
 * `conflict`: `stage-busy` while another writes, `stage-offset` when that is not where it stands, `stage-used` once deposited.
 */
export async function write(ctx: Context, id: string, offset: number, body: AsyncIterable<Uint8Array>): Promise<number> {
	const stage = await hold(ctx, id);
	let kept: boolean;
	try {
		if (stage.version) throw new DomainError('conflict', 'stage-used');
		if (stage.offset !== offset) throw new DomainError('conflict', 'stage-offset', { offset: stage.offset });
		const file = await open(path(ctx, id), 'r+');
		try {
			await fill(ctx, stage, file, body);
		} finally {
			await file.close();
		}
	} finally {
		const { count } = await ctx.tx((tx) => tx`update stage set holder = null, lease = null, chunks = ${stage.at} where id = ${id} and holder = ${stage.holder}`);
		kept = count === 1;
	}
	if (!kept) throw new DomainError('conflict', 'stage-busy');
	return Math.min(stage.at * chunkSize, stage.length);
}

interface Writing extends Stage {
	readonly key: Uint8Array;
	readonly holder: string;
	/** Chunks that are on the disk. */
	at: number;
	/** The end of the counters reserved for this writer: the last `batch` before it are its own. */
	counters: bigint;
}

/** Seals whole chunks as they come; what the sender's line cut short of a chunk is dropped. A counter seals once: its reservation is committed before. */
async function fill(ctx: Context, stage: Writing, file: FileHandle, body: AsyncIterable<Uint8Array>): Promise<void> {
	const chunk = new Uint8Array(Math.min(chunkSize, stage.length));
	let size = 0;
	let next = stage.at;
	let counter = stage.counters - BigInt(batch);
	let last = performance.now();
	const wanted = () => Math.min(chunkSize, stage.length - next * chunkSize);
	const settle = async () => {
		if (next === stage.at) return;
		await file.datasync();
		stage.at = next;
	};
	try {
		for await (const part of body) {
			for (let from = 0; from < part.length; ) {
				if (wanted() <= 0) throw new DomainError('too-large', 'more-than-announced', { maximum: stage.length });
				const taken = part.subarray(from, from + wanted() - size);
				chunk.set(taken, size);
				from += taken.length;
				size += taken.length;
				if (size < wanted()) continue;
				if (counter === stage.counters || performance.now() - last > interval) {
					await settle();
					await claim(ctx, stage);
					counter = stage.counters - BigInt(batch);
					last = performance.now();
				}
				const at = next * (chunkSize + overhead);
				await put(file, uint64(counter), at);
				await put(file, await ctx.primitives.aesGcmSeal(stage.key, nonce(counter), aad(stage.id, next, stage.length), chunk.subarray(0, size)), at + 8);
				counter++;
				next++;
				size = 0;
			}
		}
	} finally {
		await settle();
	}
}

async function put(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
	for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
}

/** Commits the chunks on the disk, renews the lease, and takes counters no sealing had before. */
async function claim(ctx: Context, stage: Writing): Promise<void> {
	const [row] = await ctx.tx(
		(tx) => tx<{ counter: string }[]>`
			update stage set chunks = ${stage.at}, counter = counter + ${batch}, lease = app.now() + ${patience}::interval
			where id = ${stage.id} and holder = ${stage.holder} returning counter`
	);
	if (!row) throw new DomainError('conflict', 'stage-busy');
	stage.counters = BigInt(row.counter);
}

async function* read(ctx: Context, row: Row): AsyncGenerator<Uint8Array> {
	const { id } = row;
	const stage = shown(row);
	if (stage.offset !== stage.length) throw new DomainError('conflict', 'stage-incomplete', { offset: stage.offset });
	const key = await ctx.storageKey.unwrap(row.wrappedKey, binding(row));
	const file = await open(path(ctx, id), 'r');
	try {
		const record = new Uint8Array(overhead + Math.min(chunkSize, stage.length));
		for (let chunk = 0; chunk < row.chunks; chunk++) {
			const length = overhead + Math.min(chunkSize, stage.length - chunk * chunkSize);
			const { bytesRead } = await file.read(record, 0, length, chunk * (chunkSize + overhead));
			const counter = new DataView(record.buffer).getBigUint64(0);
			yield await ctx.primitives.aesGcmOpen(key, nonce(counter), aad(id, chunk, stage.length), record.subarray(8, bytesRead));
		}
	} finally {
		await file.close();
	}
}

/** Gives an upload up. Removing what is not there is done already. */
export async function remove(ctx: Context, id: string): Promise<void> {
	const { version } = await find(ctx, id);
	if (version) throw new DomainError('conflict', 'stage-used');
	await ctx.tx((tx) => tx`delete from stage where id = ${id}`);
	await erase(ctx, id);
}

/** Bytes of the file behind so many sealed chunks. */
const fileSize = (chunks: number, length: number) => Math.min(chunks * chunkSize, length) + chunks * overhead;

const sizeOf = (ctx: Pick<Context, 'settings'>, id: string): Promise<{ size: number; mtimeMs: number } | null> =>
	stat(path(ctx, id)).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : Promise.reject(error)));

/** Ids of uploads on their way whose file has not all the chunks their row says. For the worker, who sees every row. */
export async function shortUploads(ctx: Context): Promise<string[]> {
	const rows = await ctx.tx((tx) => tx<{ id: string; chunks: number; length: string }[]>`select id, chunks, length from stage where version is null and expires > app.now()`);
	const sizes = await Promise.all(rows.map(async ({ id, chunks, length }) => ((await sizeOf(ctx, id))?.size ?? -1) < fileSize(chunks, Number(length))));
	return rows.filter((_, i) => sizes[i]).map(({ id }) => id);
}

/** Files no row speaks of, an hour old: left by a kill between the two. For the worker, who sees every row. */
export async function strayUploads(ctx: Context): Promise<string[]> {
	const names = (await readdir(ctx.settings.stageDirectory).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : Promise.reject(error)))).filter(safes.isId);
	const known = await ctx.tx((tx) => tx<{ id: string }[]>`select id from stage where id = any (${names}::uuid[])`);
	const rows = new Set(known.map(({ id }) => id));
	const stray = names.filter((id) => !rows.has(id));
	const old = await Promise.all(stray.map(async (id) => ((await sizeOf(ctx, id))?.mtimeMs ?? Infinity) < Date.now() - 3600_000));
	return stray.filter((_, i) => old[i]);
}

/** The sealed file goes; without its row nothing could open it anyway. */
export async function erase(ctx: Pick<Context, 'settings'>, id: string): Promise<void> {
	await rm(path(ctx, id), { force: true });
}
