// The anchor: what was signed, kept where the database's keeper cannot rewrite it. One key per size, never replaced.
// Beside each checkpoint, the entries since the one before, from which a restored database is brought up to date.
// Keys count downwards, so that the first of a listing is the latest.

import { concat } from '#crypto/bytes.ts';
import type { NoteVerifier } from '#crypto/tlog/note.ts';
import { readBundle, writeBundle } from '#crypto/tlog/tile.ts';
import { openCheckpoint, type Checkpoint } from '#crypto/tlog/checkpoint.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import { ObjectStoreError, type ObjectStore } from '../objects/store.ts';

const top = 8_999_999_999_999_999;
const inverse = (size: number) => String(top - size).padStart(16, '0');
const checkpoints = 'anchor/checkpoint/';
const bundles = 'anchor/entries/';

export interface Anchored extends Checkpoint {
	readonly note: string;
}

async function readAll(store: ObjectStore, key: string): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	for await (const part of store.get(key)) parts.push(part);
	return concat(...parts);
}

/** Stores bytes under a key for good; true when they are there, ours or the same from before; false when others are. */
async function putOnce(store: ObjectStore, key: string, bytes: Uint8Array): Promise<boolean> {
	try {
		await store.put(key, once(bytes), { size: bytes.length, ifAbsent: true });
		return true;
	} catch (error) {
		if (!(error instanceof ObjectStoreError && error.code === 'exists')) throw error;
		return Buffer.compare(await readAll(store, key), bytes) === 0;
	}
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}

/** The greatest checkpoint of this log in the anchor, its signature verified. Null for a log that begins. Throws when the anchor cannot be read. */
export async function latest(store: ObjectStore, verifier: NoteVerifier): Promise<Anchored | null> {
	for await (const { key } of store.list(checkpoints)) {
		const note = new TextDecoder('utf-8', { fatal: true }).decode(await readAll(store, key));
		const checkpoint = await openCheckpoint(nodePrimitives, note, verifier);
		if (key !== checkpoints + inverse(checkpoint.size)) throw new Error(`the anchor holds a checkpoint of ${checkpoint.size} under ${key}`);
		return { ...checkpoint, note };
	}
	return null;
}

/** Anchors a checkpoint. False when another of that size is there already: this tree must not be signed. */
export const putCheckpoint = (store: ObjectStore, size: number, note: string): Promise<boolean> =>
	putOnce(store, checkpoints + inverse(size), new TextEncoder().encode(note));

/** Anchors the entries [from, to), as C2SP tlog-tiles writes a bundle: each behind its length as 16 bits. False when others are there. */
export function putEntries(store: ObjectStore, from: number, to: number, entries: readonly Uint8Array[]): Promise<boolean> {
	return putOnce(store, `${bundles}${inverse(to)}-${from}`, writeBundle(entries));
}

/** The anchored entries [from, to) in order. Throws when a stretch is missing. */
export async function readEntries(store: ObjectStore, from: number, to: number): Promise<Uint8Array[]> {
	const stretches: { start: number; end: number; key: string }[] = [];
	for await (const { key } of store.list(bundles)) {
		const [, down, start] = /(\d{16})-(\d+)$/.exec(key) ?? [];
		const end = top - Number(down);
		if (end <= from) break;
		if (end <= to) stretches.push({ start: Number(start), end, key });
	}
	const entries: Uint8Array[] = [];
	for (let at = from; at < to; ) {
		const stretch = stretches.find((s) => s.start <= at && s.end > at);
		if (!stretch) throw new Error(`the anchor lacks the entries from ${at} on`);
		entries.push(...readBundle(await readAll(store, stretch.key)).slice(at - stretch.start));
		at = stretch.end;
	}
	return entries;
}
