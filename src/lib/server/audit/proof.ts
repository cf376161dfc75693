// The proof that an event is in the log: its entry, its place, and the way up to the latest checkpoint that covers it.

import { writeEntry } from '#crypto/tlog/entry.ts';
import { inclusionProof } from '#crypto/tlog/merkle.ts';
import type { WorkerContext } from '../context.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import { reader } from './tree.ts';

export interface EventProof {
	readonly entry: Uint8Array;
	readonly index: number;
	/** Signed note of the checkpoint. */
	readonly checkpoint: string;
	readonly inclusion: readonly Uint8Array[];
	readonly openings: Readonly<Record<string, { readonly key: Uint8Array; readonly value: string }>>;
}

/** Null until a published checkpoint covers the event. */
export async function proofOf(ctx: WorkerContext, event: string): Promise<EventProof | null> {
	return ctx.tx(async (tx) => {
		const [row] = await tx<{ body: Uint8Array; seq: string; prev: Uint8Array | null; index: string; size: string; note: string }[]>`
			select e.body, l.seq, l.prev, l.index, c.size, c.note from event e join log_leaf l on l.event = e.id
			join lateral (select size, note from checkpoint where size > l.index order by size desc limit 1) c on true where e.id = ${event}`;
		if (!row) return null;
		const index = Number(row.index);
		const openings = await tx<{ name: string; key: Uint8Array; value: string }[]>`select name, key, value from event_opening where event = ${event}`;
		return {
			entry: writeEntry(row.body, { seq: Number(row.seq), prev: row.prev }),
			index,
			checkpoint: row.note,
			inclusion: await inclusionProof(nodePrimitives, reader(tx), index, Number(row.size)),
			openings: Object.fromEntries(openings.map(({ name, key, value }) => [name, { key, value }]))
		};
	});
}
