// Checkpoints: the tree's root, signed, anchored, then published. What the anchor does not confirm is not signed; no size is signed twice.

import { equal } from '#crypto/bytes.ts';
import { formatCheckpoint } from '#crypto/tlog/checkpoint.ts';
import { writeEntry } from '#crypto/tlog/entry.ts';
import { treeHash } from '#crypto/tlog/merkle.ts';
import { cosignNote, signNote } from '#crypto/tlog/note.ts';
import type { LogKey } from '#crypto/tlog/succession.ts';
import type { WorkerContext } from '../context.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import * as anchor from './anchor.ts';
import { LogSplit } from './anchor.ts';
import { lineage, openingOf, signersFor, type KnownKey } from './log-keys.ts';
import { reader } from './tree.ts';
import { refuseContradicted } from './witness.ts';

export interface Published {
	readonly size: number;
	readonly root: Uint8Array;
	readonly note: string;
}

const stretch = 10_000;
export const verifierOf = (ctx: WorkerContext) => ({ name: ctx.signing.log.name, key: ctx.signing.log.publicKey });

/** The log that is written, its anchor and the last checkpoint there. LogSplit, or the store's error when the anchor cannot be read. */
export async function anchored(ctx: WorkerContext): Promise<{ at: anchor.Anchor; keys: readonly KnownKey[]; latest: anchor.Anchored | null }> {
	const { ordinal, keys } = await lineage(ctx);
	const at = { store: ctx.anchor, log: ordinal };
	const { name } = keys[0]!.verifier;
	const own = [ctx.signing.log, ...ctx.signing.log.earlier].map(({ publicKey: key }) => ({ name, key })); // one may follow in a database restored to before
	return { at, keys, latest: await anchor.latest(at, [...keys.map(({ verifier }) => verifier), ...own.filter(({ key }) => !keys.some(({ verifier }) => equal(verifier.key, key)))]) };
}

/** The root of the first `size` leaves. */
export const rootAt = (ctx: WorkerContext, size: number): Promise<Uint8Array> => ctx.tx((tx) => treeHash(nodePrimitives, reader(tx), size));

async function sizes(ctx: WorkerContext): Promise<{ size: number; published: number }> {
	const [row] = await ctx.tx(
		(tx) => tx<[{ size: string; published: string | null }]>`select size, (select max(size) from checkpoint) as published from log_head`
	);
	return { size: Number(row.size), published: Number(row.published ?? 0) };
}

/** The entries [from, to) as the rows say. */
export async function entriesOf(ctx: WorkerContext, from: number, to: number): Promise<Uint8Array[]> {
	const rows = await ctx.tx(
		(tx) => tx<{ body: Uint8Array; seq: string; prev: Uint8Array | null }[]>`
			select e.body, l.seq, l.prev from log_leaf l join event e on e.id = l.event where l.index >= ${from} and l.index < ${to} order by l.index`
	);
	if (rows.length !== to - from) throw new LogSplit('fork', `the log lacks leaves between ${from} and ${to}`);
	return rows.map(({ body, seq, prev }) => writeEntry(body, { seq: Number(seq), prev }));
}

/** Throws LogSplit unless the anchored checkpoint is a state this tree has gone through. */
async function confirm(ctx: WorkerContext, latest: anchor.Anchored | null, size: number): Promise<void> {
	if (!latest) return;
	if (latest.size > size) throw new LogSplit('behind', `the anchor has ${latest.size} entries, the database ${size}`);
	if (!equal(await rootAt(ctx, latest.size), latest.root)) throw new LogSplit('fork', `the tree of ${latest.size} entries is not the anchored one`);
}

/**
 * Signs, anchors and publishes the tree as it stands; null when that is done already.
 * Throws LogSplit, LogKeyMissing, or the object store's error when the anchor cannot be read or written: then nothing is signed or published.
 */
export async function publish(ctx: WorkerContext): Promise<Published | null> {
	await refuseContradicted(ctx);
	const { size, published } = await sizes(ctx);
	if (size === published) return null;
	const { at, keys, latest } = await anchored(ctx);
	if (latest && latest.size > size && latest.size <= (await sizes(ctx)).size) return null; // another worker was faster
	await confirm(ctx, latest, size);
	const from = latest?.size ?? 0;
	if (from < published) throw new LogSplit('fork', `the anchor lacks the published checkpoint of ${published} entries`);
	const root = await rootAt(ctx, size);
	await anchorEntries(ctx, at, from, size);
	for (const key of keys.filter(({ index }) => index >= from && index < size)) await anchorKey(ctx, at, key);
	const text = formatCheckpoint({ origin: keys[0]!.verifier.name, size, root });
	const note = latest?.size === size ? latest.note : await signAll(text, signersFor(ctx, keys, from, size)); // anchored by one that was killed before it published
	if (!(await anchor.putCheckpoint(at, size, note))) throw new LogSplit('fork', `another checkpoint of ${size} entries is anchored`);
	await ctx.tx(async (tx) => {
		await tx`insert into checkpoint (size, root, note) values (${size}, ${root}, ${note}) on conflict (size) do nothing`;
		await tx`select pg_notify('log', ${String(size)})`;
	});
	return { size, root, note };
}

async function anchorEntries(ctx: WorkerContext, at: anchor.Anchor, from: number, size: number): Promise<void> {
	for (let start = from; start < size; start += stretch) {
		const end = Math.min(start + stretch, size);
		if (!(await anchor.putEntries(at, start, end, await entriesOf(ctx, start, end)))) throw new LogSplit('fork', `other entries from ${start} to ${end} are anchored`);
	}
}

async function anchorKey(ctx: WorkerContext, at: anchor.Anchor, { event, index }: KnownKey): Promise<void> {
	if (!(await anchor.putKey(at, index, await ctx.tx((tx) => openingOf(tx, event!))))) throw new LogSplit('fork', `another log key is anchored at ${index}`);
}

async function signAll(text: string, [first, ...more]: readonly LogKey[]): Promise<string> {
	let note = await signNote(nodePrimitives, text, first!.verifier, first!.signer);
	for (const { verifier, signer } of more) note = await cosignNote(nodePrimitives, note, verifier, signer);
	return note;
}
