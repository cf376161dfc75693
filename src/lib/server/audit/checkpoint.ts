// Checkpoints: the tree's root, signed, anchored, then published. What the anchor does not confirm is not signed; no size is signed twice.

import { equal } from '#crypto/bytes.ts';
import { signCheckpoint } from '#crypto/tlog/checkpoint.ts';
import { writeEntry } from '#crypto/tlog/entry.ts';
import { treeHash } from '#crypto/tlog/merkle.ts';
import type { WorkerContext } from '../context.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import * as anchor from './anchor.ts';
import { reader } from './tree.ts';

/** The database and the anchor tell different stories of the log, or the database is behind: nothing is signed until someone looks. */
export class LogSplit extends Error {
	override name = 'LogSplit';
	/** `behind`: the anchor is ahead, as after a restore. `fork`: they contradict each other. */
	readonly kind: 'behind' | 'fork';
	constructor(kind: LogSplit['kind'], message: string) {
		super(message);
		this.kind = kind;
	}
}

export interface Published {
	readonly size: number;
	readonly root: Uint8Array;
	readonly note: string;
}

const stretch = 10_000;
export const verifierOf = (ctx: WorkerContext) => ({ name: ctx.signing.log.name, key: ctx.signing.log.publicKey });

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
async function confirm(ctx: WorkerContext, anchored: anchor.Anchored | null, size: number): Promise<void> {
	if (!anchored) return;
	if (anchored.size > size) throw new LogSplit('behind', `the anchor has ${anchored.size} entries, the database ${size}`);
	if (!equal(await rootAt(ctx, anchored.size), anchored.root)) throw new LogSplit('fork', `the tree of ${anchored.size} entries is not the anchored one`);
}

/**
 * Signs, anchors and publishes the tree as it stands; null when that is done already.
 * Throws LogSplit, or the object store's error when the anchor cannot be read or written: then nothing is signed or published.
 */
export async function publish(ctx: WorkerContext): Promise<Published | null> {
	const { size, published } = await sizes(ctx);
	if (size === published) return null;
	const anchored = await anchor.latest(ctx.objects, verifierOf(ctx));
	if (anchored && anchored.size > size && anchored.size <= (await sizes(ctx)).size) return null; // another worker was faster
	await confirm(ctx, anchored, size);
	if ((anchored?.size ?? 0) < published) throw new LogSplit('fork', `the anchor lacks the published checkpoint of ${published} entries`);
	const root = await rootAt(ctx, size);
	for (let from = anchored?.size ?? 0; from < size; from += stretch) {
		const to = Math.min(from + stretch, size);
		if (!(await anchor.putEntries(ctx.objects, from, to, await entriesOf(ctx, from, to)))) throw new LogSplit('fork', `other entries from ${from} to ${to} are anchored`);
	}
	const note = anchored?.size === size ? anchored.note : await sign(ctx, size, root); // anchored by one that was killed before it published
	if (!(await anchor.putCheckpoint(ctx.objects, size, note))) throw new LogSplit('fork', `another checkpoint of ${size} entries is anchored`);
	await ctx.tx(async (tx) => {
		await tx`insert into checkpoint (size, root, note) values (${size}, ${root}, ${note}) on conflict (size) do nothing`;
		await tx`select pg_notify('log', ${String(size)})`;
	});
	return { size, root, note };
}

const sign = (ctx: WorkerContext, size: number, root: Uint8Array): Promise<string> =>
	signCheckpoint(nodePrimitives, { origin: ctx.signing.log.name, size, root }, verifierOf(ctx), ctx.signing.log.signer);
