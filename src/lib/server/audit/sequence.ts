// The sequencer: gives each event its leaf. The assignment commits first; checkpoints, tiles and bundles are functions of its rows.
// Any number may run: the compare-and-set on the tree's size lets one of them win, the advisory lock only spares the others the work.

import { append as appendNodes, leafHash } from '#crypto/tlog/merkle.ts';
import { writeEntry } from '#crypto/tlog/entry.ts';
import type { WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import { reader } from './tree.ts';

const batch = 1000;
const lock = 7_269_870_362; // any constant

/** An event about to become a leaf. */
export interface Waiting {
	readonly event: string;
	readonly body: Uint8Array;
	readonly safe: string | null;
}

interface Link {
	readonly seq: number;
	readonly leaf: Uint8Array;
}

/** Gives leaves to what waits, at most 1,000 at a time. Returns how many; 0 also when another sequencer was faster. */
export async function assign(ctx: WorkerContext): Promise<number> {
	return ctx.tx(async (tx) => {
		const [locked] = await tx<[{ got: boolean }]>`select pg_try_advisory_xact_lock(${lock}) as got`;
		if (!locked.got) return 0;
		const waiting = await tx<Waiting[]>`
			select w.event, e.body, e.safe from event_waiting w join event e on e.id = w.event order by w.event limit ${batch}`;
		if (!waiting.length) return 0;
		const [head] = await tx<[{ size: string }]>`select size from log_head`;
		return (await addLeaves(tx, Number(head.size), waiting)) ? waiting.length : 0;
	});
}

/** Makes leaves of events, in this order, on a tree of `size`. False when the tree has grown since: nothing was changed. */
export async function addLeaves(tx: Tx, size: number, waiting: readonly Waiting[]): Promise<boolean> {
	const moved = await tx`update log_head set size = ${size + waiting.length} where size = ${size}`;
	if (!moved.count) return false;
	const chains = await lastLinks(tx, waiting);
	const leaves = waiting.map(({ event, body, safe }, i) => {
		const before = chains.get(safe);
		const seq = (before?.seq ?? 0) + 1;
		const leaf = leafHash(nodePrimitives, writeEntry(body, { seq, prev: before?.leaf ?? null }));
		chains.set(safe, { seq, leaf });
		return { index: size + i, event, safe, seq, prev: before?.leaf ?? null, leaf };
	});
	await storeLeaves(tx, size, leaves);
	return true;
}

/** A leaf as its row has it. */
export interface Leaf extends Link {
	readonly index: number;
	readonly event: string;
	readonly safe: string | null;
	readonly prev: Uint8Array | null;
}

/** Stores leaves [size, size + n) with the nodes above them; their events wait no longer. */
export async function storeLeaves(tx: Tx, size: number, leaves: readonly Leaf[]): Promise<void> {
	const nodes = await appendNodes(nodePrimitives, reader(tx), size, leaves.map(({ leaf }) => leaf));
	const stored = nodes.filter(({ level }) => level > 0 && level % 8 === 0);
	for (let at = 0; at < leaves.length; at += batch) await tx`insert into log_leaf ${tx(leaves.slice(at, at + batch), 'index', 'event', 'safe', 'seq', 'prev', 'leaf')}`;
	for (let at = 0; at < stored.length; at += batch) await tx`insert into log_node ${tx(stored.slice(at, at + batch), 'level', 'index', 'hash')}`;
	await tx`delete from event_waiting where event = any (${leaves.map(({ event }) => event)}::bigint[])`;
}

/** The last link of each chain the events belong to, by safe (null: the chain of no safe). */
async function lastLinks(tx: Tx, waiting: readonly Waiting[]): Promise<Map<string | null, Link>> {
	const rows = await tx<{ safe: string | null; seq: string; leaf: Uint8Array }[]>`
		select s.safe, l.seq, l.leaf from unnest(${[...new Set(waiting.map(({ safe }) => safe))]}::uuid[]) s (safe)
		cross join lateral (
			select seq, leaf from log_leaf
			where coalesce(safe, '00000000-0000-0000-0000-000000000000') = coalesce(s.safe, '00000000-0000-0000-0000-000000000000')
			order by seq desc limit 1
		) l`;
	return new Map(rows.map(({ safe, seq, leaf }) => [safe, { seq: Number(seq), leaf }]));
}

/** Queues again every event without a leaf: what the queue should hold already, whoever emptied it. */
export async function requeue(ctx: WorkerContext): Promise<number> {
	const { count } = await ctx.tx(
		(tx) => tx`insert into event_waiting (event) select id from event e where not exists (select from log_leaf l where l.event = e.id) on conflict do nothing`
	);
	return count;
}
