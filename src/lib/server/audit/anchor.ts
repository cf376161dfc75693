// The anchor: what was signed, kept where the database's keeper cannot rewrite it. One key per size, never replaced.
// Beside each checkpoint, the entries since the one before, from which a restored database is brought up to date.
// Keys count downwards, logs and sizes, so that the first of all is the latest checkpoint of the latest log.

import { base64, concat, fromBase64, fromUtf8, utf8 } from '#crypto/bytes.ts';
import { openCheckpointOfAny, type Checkpoint } from '#crypto/tlog/checkpoint.ts';
import type { NoteVerifier } from '#crypto/tlog/note.ts';
import { readBundle, writeBundle } from '#crypto/tlog/tile.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import { ObjectStoreError, type ObjectStore } from '../objects/store.ts';

/** Where one log is anchored; logs of an instance count from 1. */
export interface Anchor {
	readonly store: ObjectStore;
	readonly log: number;
}

export interface Anchored extends Checkpoint {
	readonly note: string;
}

/** The database and the anchor tell different stories of the log, or the database is behind: nothing is signed until someone looks. */
export class LogSplit extends Error {
	override name = 'LogSplit';
	/** `behind`: the anchor is ahead, as after a restore. `fork`: they contradict each other. */
	readonly kind: 'behind' | 'fork';
	constructor(kind: LogSplit['kind'], message: string, options?: { cause?: unknown }) {
		super(message, options);
		this.kind = kind;
	}
}

const top = 8_999_999_999_999_999;
const inverse = (size: number) => String(top - size).padStart(16, '0');
const logs = 9999;
const folder = (log: number, kind: 'checkpoint' | 'entries' | 'keys' | 'token') => `anchor/${String(logs - log).padStart(4, '0')}/${kind}/`;

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

/** Throws LogSplit for a key that is none of ours: it could hide what comes after it. */
function logOf(key: string): number {
	const [, down] = /^anchor\/(\d{4})\/(?:checkpoint|entries|keys|token)\/./.exec(key) ?? [];
	if (!down) throw new LogSplit('fork', `the anchor holds ${key}, which no log has put there`);
	return logs - Number(down);
}

/** The latest log that has anything anchored; 0 when nothing is. */
export async function newestLog(store: ObjectStore): Promise<number> {
	for await (const { key } of store.list('anchor/')) return logOf(key);
	return 0;
}

/**
 * The greatest checkpoint of this log in the anchor, signed by one of its keys. Null for a log that begins.
 * Throws when the anchor cannot be read; LogSplit when it has a later log; CryptoError for what no key of this log has signed.
 */
export async function latest({ store, log }: Anchor, keys: readonly NoteVerifier[]): Promise<Anchored | null> {
	for await (const { key } of store.list('anchor/')) {
		const there = logOf(key);
		if (there > log) throw new LogSplit('behind', `the anchor has log ${there}, the database log ${log}`);
		if (!key.startsWith(folder(log, 'checkpoint'))) return null;
		const note = fromUtf8(await readAll(store, key));
		const checkpoint = await openCheckpointOfAny(nodePrimitives, note, keys);
		if (key !== folder(log, 'checkpoint') + inverse(checkpoint.size)) throw new LogSplit('fork', `the anchor holds a checkpoint of ${checkpoint.size} under ${key}`);
		return { ...checkpoint, note };
	}
	return null;
}

/** Anchors a checkpoint. False when another of that size is there already: this tree must not be signed. */
export const putCheckpoint = ({ store, log }: Anchor, size: number, note: string): Promise<boolean> => putOnce(store, folder(log, 'checkpoint') + inverse(size), utf8(note));

/** Anchors the entries [from, to), as C2SP tlog-tiles writes a bundle: each behind its length as 16 bits. False when others are there. */
export const putEntries = ({ store, log }: Anchor, from: number, to: number, entries: readonly Uint8Array[]): Promise<boolean> =>
	putOnce(store, `${folder(log, 'entries')}${inverse(to)}-${from}`, writeBundle(entries));

/** What an entry `log.key` opens to, which a restored database would lack. */
export interface KeyOpening {
	readonly note: string;
	/** 32 bytes. */
	readonly opening: Uint8Array;
}

/** Anchors what the entry at `index` opens to. False when something else is there. */
export const putKey = ({ store, log }: Anchor, index: number, { note, opening }: KeyOpening): Promise<boolean> =>
	putOnce(store, folder(log, 'keys') + index, utf8(JSON.stringify({ note, opening: base64(opening) })));

export async function readKey({ store, log }: Anchor, index: number): Promise<KeyOpening> {
	const { note, opening } = JSON.parse(fromUtf8(await readAll(store, folder(log, 'keys') + index))) as { note: string; opening: string };
	return { note, opening: fromBase64(opening) };
}

/** Anchors the token over the checkpoint of a size. Answers the one that is there: ours, or one from before. */
export async function putToken({ store, log }: Anchor, size: number, token: Uint8Array): Promise<Uint8Array> {
	const key = folder(log, 'token') + inverse(size);
	return (await putOnce(store, key, token)) ? token : readAll(store, key);
}

export interface Stretch {
	readonly start: number;
	readonly end: number;
	/** CryptoError when it is no bundle. */
	entries(): Promise<readonly Uint8Array[]>;
}

/** What is anchored of the entries, stretch by stretch, the latest first. */
export async function* stretches({ store, log }: Anchor): AsyncGenerator<Stretch> {
	for await (const { key } of store.list(folder(log, 'entries'))) {
		const [, down, start] = /(\d{16})-(\d+)$/.exec(key) ?? [];
		yield { start: Number(start), end: top - Number(down), entries: async () => readBundle(await readAll(store, key)) };
	}
}

/** The anchored entries [from, to) in order. LogSplit when a stretch is missing. */
export async function readEntries(anchor: Anchor, from: number, to: number): Promise<Uint8Array[]> {
	const known: Stretch[] = [];
	for await (const stretch of stretches(anchor)) {
		if (stretch.end <= from) break;
		if (stretch.end <= to) known.push(stretch);
	}
	const entries: Uint8Array[] = [];
	for (let at = from; at < to; ) {
		const stretch = known.find((s) => s.start <= at && s.end > at);
		if (!stretch) throw new LogSplit('behind', `the anchor lacks the entries from ${at} on`);
		entries.push(...(await stretch.entries()).slice(at - stretch.start));
		if (entries.length !== stretch.end - from) throw new LogSplit('fork', `the anchored entries up to ${stretch.end} are not as many as they should be`);
		at = stretch.end;
	}
	return entries;
}
