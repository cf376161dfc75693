// The proof that an event is in the log: its entry, its place, and the way up to the latest checkpoint that covers it.

import { writeEntry } from '#crypto/tlog/entry.ts';
import { inclusionProof } from '#crypto/tlog/merkle.ts';
import type { Context } from '../context.ts';
import type { Succession } from '#crypto/tlog/succession.ts';
import type { Tx } from '../db/pool.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import { keyAt, knownKeys, successions } from './log-keys.ts';
import { reader } from './tree.ts';

export interface EventProof {
	readonly entry: Uint8Array;
	readonly index: number;
	/** Signed note of the checkpoint. */
	readonly checkpoint: string;
	/** Verifier line of the key that signed it. */
	readonly verifier: string;
	/** How that key came to follow those before it. */
	readonly keys: readonly Succession[];
	readonly inclusion: readonly Uint8Array[];
	readonly openings: Readonly<Record<string, { readonly key: Uint8Array; readonly value: string }>>;
}

/** The entry of an event that has its leaf. */
export async function entryOf(tx: Tx, event: string): Promise<Uint8Array> {
	const [row] = await tx<[{ body: Uint8Array; seq: string; prev: Uint8Array | null }]>`select e.body, l.seq, l.prev from event e join log_leaf l on l.event = e.id where e.id = ${event}`;
	return writeEntry(row.body, { seq: Number(row.seq), prev: row.prev });
}

/** Under the latest checkpoint, or that of `at` leaves. Null until a published checkpoint covers the event. */
export async function proofOf(ctx: Context, event: string, at: number | null = null): Promise<EventProof | null> {
	return ctx.tx(async (tx) => {
		const [row] = await tx<{ index: string; size: string; note: string }[]>`
			select l.index, c.size, c.note from log_leaf l
			join lateral (select size, note from checkpoint where size > l.index and size = coalesce(${at}, size) order by size desc limit 1) c on true where l.event = ${event}`;
		if (!row) return null;
		const index = Number(row.index);
		const size = Number(row.size);
		const { keys } = await knownKeys(tx);
		const openings = await tx<{ name: string; key: Uint8Array; value: string }[]>`select name, key, value from event_opening where event = ${event}`;
		return {
			entry: await entryOf(tx, event),
			index,
			checkpoint: row.note,
			verifier: keyAt(keys, size).line,
			keys: await successions(tx, keys, size, (of) => entryOf(tx, of)),
			inclusion: await inclusionProof(nodePrimitives, reader(tx), index, size),
			openings: Object.fromEntries(openings.map(({ name, key, value }) => [name, { key, value }]))
		};
	});
}
