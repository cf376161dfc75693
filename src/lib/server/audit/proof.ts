// The proofs that events are in the log: their entries, their places, and the ways up to one checkpoint that covers them.

import { writeEntry } from '#crypto/tlog/entry.ts';
import { inclusionProof } from '#crypto/tlog/merkle.ts';
import type { Context } from '../context.ts';
import type { Succession } from '#crypto/tlog/succession.ts';
import type { Tx } from '../db/pool.ts';
import { together } from '../db/together.ts';
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

interface Logged {
	readonly id: string;
	readonly body: Uint8Array;
	readonly index: string;
	readonly seq: string;
	readonly prev: Uint8Array | null;
}

/** All under the latest checkpoint, or that of `at` leaves. Null for an event that it does not cover, and for each before a checkpoint is published. */
export async function proofsOf(ctx: Context, events: readonly string[], at: number | null = null): Promise<(EventProof | null)[]> {
	return ctx.tx(async (tx) => {
		const [checkpoint] = await tx<{ size: string; note: string }[]>`select size, note from checkpoint where size = coalesce(${at}, size) order by size desc limit 1`;
		if (!checkpoint) return events.map(() => null);
		const size = Number(checkpoint.size);
		const [logged, openings, { keys }] = await together([
			tx<Logged[]>`select e.id, e.body, l.index, l.seq, l.prev from event e join log_leaf l on l.event = e.id where e.id = any(${events as string[]}) and l.index < ${size}`,
			tx<{ event: string; name: string; key: Uint8Array; value: string }[]>`select event, name, key, value from event_opening where event = any(${events as string[]})`,
			knownKeys(tx)
		]);
		const shared = { checkpoint: checkpoint.note, verifier: keyAt(keys, size).line, keys: await successions(tx, keys, size, (of) => entryOf(tx, of)) };
		const opened = Map.groupBy(openings, ({ event }) => event);
		const read = reader(tx);
		const proofs = new Map<string, EventProof>();
		for (const { id, body, index, seq, prev } of logged) {
			proofs.set(id, {
				...shared,
				entry: writeEntry(body, { seq: Number(seq), prev }),
				index: Number(index),
				inclusion: await inclusionProof(nodePrimitives, read, Number(index), size),
				openings: Object.fromEntries((opened.get(id) ?? []).map(({ name, key, value }) => [name, { key, value }]))
			});
		}
		return events.map((id) => proofs.get(id) ?? null);
	});
}

/** Of one event. */
export const proofOf = async (ctx: Context, event: string, at: number | null = null): Promise<EventProof | null> => (await proofsOf(ctx, [event], at))[0]!;
