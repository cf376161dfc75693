// The log computed anew from its events: every leaf, chain, stored hash and checkpoint, and what the anchor keeps of them.

import { createHash } from 'node:crypto';
import { equal } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { openCheckpoint } from '#crypto/tlog/checkpoint.ts';
import { readBody, writeEntry } from '#crypto/tlog/entry.ts';
import { Frontier } from '#crypto/tlog/frontier.ts';
import { leafHash } from '#crypto/tlog/merkle.ts';
import * as anchor from '../audit/anchor.ts';
import { anchored as lastAnchored } from '../audit/checkpoint.ts';
import { keyAt, lineage, type KnownKey } from '../audit/log-keys.ts';
import type { WorkerContext } from '../context.ts';
import { found, type Finding } from './finding.ts';

export interface LogCounts {
	events: number;
	checkpoints: number;
	/** Events without a leaf yet. */
	eventsPending: number;
}

interface Row {
	readonly index: string;
	readonly event: string;
	readonly seq: string;
	readonly prev: Uint8Array | null;
	readonly leaf: Uint8Array;
	readonly safe: string | null;
	readonly body: Uint8Array;
	readonly digest: Uint8Array;
	readonly eventSafe: string | null;
}

const page = 1000;
type Chains = Map<string | null, { readonly seq: number; readonly leaf: Uint8Array }>;

/** Null for what does not parse or verify; anything else is no finding. */
function malformed(error: unknown): null {
	if (error instanceof CryptoError) return null;
	throw error;
}

function split(error: unknown): anchor.LogSplit {
	if (error instanceof anchor.LogSplit) return error;
	throw error;
}

/** The leaf as its event and place make it; null when the body is no entry. */
function computed(ctx: WorkerContext, row: Row): Uint8Array | null {
	try {
		if (readBody(row.body).safe !== row.safe || row.eventSafe !== row.safe) return null;
		return leafHash(ctx.primitives, writeEntry(row.body, { seq: Number(row.seq), prev: row.prev }));
	} catch (error) {
		return malformed(error);
	}
}

function* judge(ctx: WorkerContext, row: Row, index: number, chains: Chains): Generator<Finding> {
	if (Number(row.index) !== index) yield found('leaf-missing', index);
	if (!createHash('sha256').update(row.body).digest().equals(row.digest)) yield found('event-altered', row.event);
	const leaf = computed(ctx, row);
	if (!leaf || !equal(leaf, row.leaf)) yield found('leaf-differs', row.index, `event ${row.event}`);
	const before = chains.get(row.safe);
	const follows = Number(row.seq) === (before?.seq ?? 0) + 1 && (before ? row.prev !== null && equal(row.prev, before.leaf) : row.prev === null);
	if (!follows) yield found('chain-broken', row.index, `${row.safe ?? 'no safe'}, seq ${row.seq}`);
	chains.set(row.safe, { seq: Number(row.seq), leaf: row.leaf });
}

/** Stored hashes of subtrees that are not what the leaves make. */
async function* nodes(ctx: WorkerContext, from: number, to: number, made: ReadonlyMap<string, Uint8Array>): AsyncGenerator<Finding> {
	const stored = await ctx.tx((tx) => tx<{ level: number; index: string; hash: Uint8Array }[]>`select level, index, hash from log_node where (index + 1) * 2 ^ level > ${from} and (index + 1) * 2 ^ level <= ${to}`);
	const right = stored.filter(({ level, index, hash }) => made.has(`${level}/${index}`) && equal(made.get(`${level}/${index}`)!, hash));
	if (right.length !== made.size || stored.length !== made.size) yield found('node-differs', `${from}-${to}`, `${right.length} of ${made.size} as computed, ${stored.length} stored`);
}

interface Signed {
	readonly size: string;
	readonly root: Uint8Array;
	readonly note: string;
}

const signedBetween = (ctx: WorkerContext, from: number, to: number): Promise<Signed[]> =>
	ctx.tx((tx) => tx<Signed[]>`select size, root, note from checkpoint where size > ${from} and size <= ${to} order by size`);

/** `root` is what the leaves make. */
async function holds(ctx: WorkerContext, keys: readonly KnownKey[], signed: Signed, root: Uint8Array | undefined): Promise<boolean> {
	const said = await openCheckpoint(ctx.primitives, signed.note, keyAt(keys, Number(signed.size)).verifier).catch(malformed);
	return said !== null && root !== undefined && said.size === Number(signed.size) && equal(said.root, signed.root) && equal(said.root, root);
}

/** Entries in the anchor, back from its checkpoint: those of the rows, without a gap. */
async function* anchored(ctx: WorkerContext, at: anchor.Anchor, size: number): AsyncGenerator<Finding> {
	let lowest = size;
	for await (const { start, end, entries: read } of anchor.stretches(at)) {
		const entries = (await read().catch(malformed)) ?? [];
		const leaves = await ctx.tx((tx) => tx<{ leaf: Uint8Array }[]>`select leaf from log_leaf where index >= ${start} and index < ${end} order by index`);
		const same = entries.length === end - start && entries.every((entry, i) => leaves[i] && equal(leafHash(ctx.primitives, entry), leaves[i].leaf));
		if (!same) yield found('anchor-differs', `${start}-${end}`);
		if (end >= lowest) lowest = Math.min(lowest, start);
	}
	if (lowest > 0) yield found('anchor-missing', `0-${lowest}`, 'entries');
}

/** Read in this order so that a log that grows meanwhile is never found to be behind itself: published, anchored, head. */
async function ends(ctx: WorkerContext): Promise<{ published: number; latest: anchor.Anchored | null; at: anchor.Anchor; keys: readonly KnownKey[]; head: number }> {
	const [{ published }] = await ctx.tx((tx) => tx<[{ published: string | null }]>`select max(size) as published from checkpoint`);
	const { ordinal, keys } = await lineage(ctx);
	const latest = await lastAnchored(ctx).then((there) => there.latest, malformed); // one that does not verify is none
	const [{ head }] = await ctx.tx((tx) => tx<[{ head: string }]>`select size as head from log_head`);
	return { published: Number(published ?? 0), latest, at: { store: ctx.anchor, log: ordinal }, keys, head: Number(head) };
}

/** One page of leaves onto the tree, and what hangs on them. */
async function* extend(ctx: WorkerContext, keys: readonly KnownKey[], tree: Frontier, rows: readonly Row[], chains: Chains, latest: anchor.Anchored | null, counts: LogCounts): AsyncGenerator<Finding> {
	const from = tree.size;
	const signed = await signedBetween(ctx, from, from + rows.length);
	const wanted = new Set([...signed.map(({ size }) => Number(size)), latest?.size]);
	const made = new Map<string, Uint8Array>();
	const roots = new Map<number, Uint8Array>();
	for (const row of rows) {
		yield* judge(ctx, row, tree.size, chains);
		for (const { level, index, hash } of tree.push(computed(ctx, row) ?? row.leaf)) if (level % 8 === 0) made.set(`${level}/${index}`, hash);
		if (wanted.has(tree.size)) roots.set(tree.size, tree.root());
	}
	yield* nodes(ctx, from, tree.size, made);
	for (const s of signed) if (!(await holds(ctx, keys, s, roots.get(Number(s.size))))) yield found('checkpoint-differs', s.size);
	counts.checkpoints += signed.length;
	const root = latest && roots.get(latest.size);
	if (root && !equal(root, latest.root)) yield found('anchor-differs', latest.size, 'checkpoint');
}

/** The whole log, from its first leaf to its head as it is now. Of a log that the anchor has a later one of, only that. */
export async function* log(ctx: WorkerContext, counts: LogCounts): AsyncGenerator<Finding> {
	const known = await ends(ctx).catch(split);
	if (known instanceof anchor.LogSplit) return yield found(known.kind === 'behind' ? 'anchor-ahead' : 'anchor-differs', 'log', known.message);
	const { published, latest, at, keys, head } = known;
	const tree = new Frontier(ctx.primitives);
	const chains: Chains = new Map();
	for (let more = true; more && tree.size < head; ) {
		const [from, to] = [tree.size, Math.min(tree.size + page, head)];
		const rows = await ctx.tx(
			(tx) => tx<Row[]>`
				select l.index, l.event, l.seq, l.prev, l.leaf, l.safe, e.body, e.digest, e.safe as "eventSafe" from log_leaf l join event e on e.id = l.event
				where l.index >= ${from} and l.index < ${to} order by l.index`
		);
		more = rows.length === to - from;
		yield* extend(ctx, keys, tree, rows, chains, latest, counts);
	}
	counts.events = tree.size;
	if (tree.size < head) yield found('leaf-missing', tree.size, `head ${head}`);
	if ((latest?.size ?? 0) > head) yield found('anchor-ahead', latest!.size, `head ${head}: a restored database?`);
	if ((latest?.size ?? 0) < published) yield found('anchor-missing', published, 'checkpoint');
	if (latest && latest.size <= head) yield* anchored(ctx, at, latest.size);
	yield* withoutLeaf(ctx, counts);
}

async function* withoutLeaf(ctx: WorkerContext, counts: LogCounts): AsyncGenerator<Finding> {
	const rows = await ctx.tx(
		(tx) => tx<{ id: string; queued: boolean }[]>`
			select e.id, exists (select from event_waiting w where w.event = e.id) as queued from event e where not exists (select from log_leaf l where l.event = e.id)`
	);
	counts.eventsPending = rows.length;
	for (const { id, queued } of rows) if (!queued) yield found('event-unqueued', id);
}
