// Bytes into the object store and out of it: the intent row first, the sealed object second, read back and hashed again before any row names it.

import { createHash, type Hash } from 'node:crypto';
import { unwrapKey, wrapKey } from '#crypto/seal/wrap.ts';
import { openObject, openRange, sealedRange, sealedSize, sealObject, type ObjectIds } from '#crypto/seal/format.ts';
import { equal, hex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import * as safes from '../safes.ts';

/** Of a document. `evidence`: the evidence file of an envelope. */
export type Kind = 'document' | 'evidence';

export type ContentKind = 'deposit' | 'version' | 'receipt';

/** An object that is stored and checked, waiting for the row that names it. */
export interface Stored {
	readonly intent: string;
	readonly objectKey: string;
	readonly storeVersion: string;
	readonly wrappedKey: Uint8Array;
	/** Of the plain bytes. */
	readonly sha256: Uint8Array;
	readonly size: number;
	/** The first bytes, for what they say of their type. */
	readonly head: Uint8Array;
}

/** Where an object of the database is. `owner` is the id it is bound to: its version's, or its receipt's. */
export interface Located {
	readonly client: string;
	readonly safe: string;
	readonly owner: string;
	readonly objectKey: string;
	readonly storeVersion: string;
	readonly wrappedKey: Uint8Array;
	readonly size: number;
}

const binding = (client: string, safe: string, owner: string) => ['probant/object/v1', client, safe, owner];
const idsOf = (safe: string, objectKey: string, owner: string): ObjectIds => ({ safe, object: objectKey, version: owner, key: '1' });

/** Passes bytes on, hashing and counting them, keeping the first ones. */
class Tally {
	readonly hash: Hash = createHash('sha256');
	size = 0;
	head: Uint8Array = new Uint8Array();
	async *pass(source: AsyncIterable<Uint8Array>, maximum: number): AsyncGenerator<Uint8Array> {
		for await (const part of source) {
			this.size += part.length;
			if (this.size > maximum) throw new DomainError('too-large', 'file-too-large', { maximum });
			this.hash.update(part);
			if (this.head.length < 512) this.head = new Uint8Array(Buffer.concat([this.head, part.subarray(0, 512 - this.head.length)]));
			yield part;
		}
	}
}

/** How long an intent lives without a sign of its writer: after a kill, so long until another may take up the same upload. */
const lease = '1 minute';

/** Passes bytes on and keeps the intent's lease alive meanwhile. */
function renewing(ctx: Context, intent: string): (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array> {
	let last = performance.now();
	return async function* (source) {
		for await (const part of source) {
			if (performance.now() - last > 15_000) {
				last = performance.now();
				await ctx.tx((tx) => tx`update intent set lease = app.now() + ${lease}::interval where id = ${intent} and not swept`);
			}
			yield part;
		}
	};
}

/** Hashes what the store gives back. `unavailable` / `read-back` when it is not what it got: altered, cut, or another's. */
async function readBack(bytes: AsyncIterable<Uint8Array>, sha256: Uint8Array): Promise<void> {
	const back = createHash('sha256');
	try {
		for await (const part of bytes) back.update(part);
	} catch (cause) {
		throw cause instanceof CryptoError ? new DomainError('unavailable', 'read-back', {}, { cause }) : cause;
	}
	if (!equal(new Uint8Array(back.digest()), sha256)) throw new DomainError('unavailable', 'read-back');
}

/** A name in the store that nothing has yet, and the intent that holds it. */
export interface Reserved {
	readonly intent: string;
	readonly objectKey: string;
}

/** The intent row of an object that is about to be stored (ARCHITECTURE §2). `conflict` / `stage-busy` while another takes the bytes of that stage. */
export async function reserve(ctx: Context, tx: Tx, { kind, client, safe, stage }: { readonly kind: ContentKind; readonly client: string; readonly safe: string; readonly stage?: string }): Promise<Reserved> {
	const objectKey = `${hex(ctx.primitives.random(1))}/${hex(ctx.primitives.random(16))}`;
	if (stage) await tx`update intent set stage = null where stage = ${stage} and lease < app.now()`;
	const [row] = await tx<{ id: string }[]>`
		insert into intent (client, safe, kind, object_key, stage, lease)
		values (${client}, ${safe}, ${kind}, ${objectKey}, ${stage ?? null}, app.now() + ${lease}::interval) on conflict (stage) do nothing returning id`;
	if (!row) throw new DomainError('conflict', 'stage-busy');
	return { intent: row.id, objectKey };
}

/**
 * Stores plain bytes sealed. Throws DomainError `conflict` / `hash-mismatch` when `sha256` is not theirs, `read-back` (unavailable) when the store gave other bytes back;
 * then the object is left to the sweep.
 * @param input.owner id of the row that will name it; the sealed bytes are bound to it
 * @param input.safeKey the safe's key, where the caller has just read it
 * @param input.object where the caller has reserved one
 * @param input.stage upload whose bytes these are: one at a time
 */
export async function storeContent(
	ctx: Context,
	input: { readonly kind: ContentKind; readonly client: string; readonly safe: string; readonly owner: string; readonly plain: AsyncIterable<Uint8Array>; readonly sha256?: Uint8Array | null; readonly stage?: string; readonly safeKey?: Uint8Array; readonly object?: Reserved | null }
): Promise<Stored> {
	const { client, safe, owner } = input;
	const { safeKey, intent, objectKey } =
		input.safeKey && input.object
			? { safeKey: input.safeKey, ...input.object }
			: await ctx.tx(async (tx) => ({ safeKey: input.safeKey ?? (await safes.safeKey(ctx, tx, { id: safe, client })), ...(input.object ?? (await reserve(ctx, tx, input))) }));
	try {
		const key = ctx.primitives.random(32);
		const wrappedKey = await wrapKey(ctx.primitives, safeKey, key, binding(client, safe, owner));
		const ids = idsOf(safe, objectKey, owner);
		const tally = new Tally();
		const renew = renewing(ctx, intent);
		const stored = await ctx.objects.put(objectKey, sealObject(ctx.primitives, key, ids, tally.pass(renew(input.plain), ctx.settings.maximumSize)));
		const sha256 = new Uint8Array(tally.hash.digest());
		if (input.sha256 && !equal(input.sha256, sha256)) throw new DomainError('conflict', 'hash-mismatch', { announced: hex(input.sha256), received: hex(sha256) });
		await readBack(renew(openObject(ctx.primitives, key, ids, ctx.objects.get(objectKey, { version: stored.version }))), sha256);
		return { intent, objectKey, storeVersion: stored.version, wrappedKey, sha256, size: tally.size, head: tally.head };
	} catch (error) {
		await ctx.tx((tx) => tx`update intent set lease = app.now() - interval '1 second', stage = null where id = ${intent}`);
		throw error;
	}
}

/** Ends the intent in the transaction whose row names its object. `conflict` / `intent-swept` when the sweep took it. */
export async function consume(tx: Tx, intent: string): Promise<void> {
	const { count } = await tx`delete from intent where id = ${intent} and not swept`;
	if (!count) throw new DomainError('conflict', 'intent-swept');
}

async function keyOf(ctx: Context, at: Located, safeKey?: Uint8Array): Promise<Uint8Array> {
	const opened = safeKey ?? (await ctx.tx((tx) => safes.safeKey(ctx, tx, { id: at.safe, client: at.client })));
	return unwrapKey(ctx.primitives, opened, at.wrappedKey, binding(at.client, at.safe, at.owner));
}

/** The plain bytes. Throws CryptoError `mismatch` as soon as a chunk is not what was sealed. `safeKey`: as for storeContent. */
export async function* readContent(ctx: Context, at: Located, range?: { readonly start: number; readonly end: number } | null, safeKey?: Uint8Array): AsyncGenerator<Uint8Array> {
	const key = await keyOf(ctx, at, safeKey);
	const ids = idsOf(at.safe, at.objectKey, at.owner);
	if (!range || (range.start === 0 && range.end === at.size)) {
		yield* openObject(ctx.primitives, key, ids, ctx.objects.get(at.objectKey, { version: at.storeVersion }));
		return;
	}
	const { start, end } = sealedRange(at.size, range.start, range.end);
	yield* openRange(ctx.primitives, key, ids, at.size, range.start, range.end, ctx.objects.get(at.objectKey, { version: at.storeVersion, range: { start, end } }));
}

/** Stored bytes of an object of so many plain bytes. */
export const storedSize = sealedSize;

/** All of it in memory: for documents that are parsed, never for what may be large. */
export async function readWhole(ctx: Context, at: Located, safeKey?: Uint8Array): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	for await (const part of readContent(ctx, at, null, safeKey)) parts.push(part);
	return new Uint8Array(Buffer.concat(parts));
}
