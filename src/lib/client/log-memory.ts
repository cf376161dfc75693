// The browser remembers the last checkpoint it saw of the log, and at the next visit demands proof that the log of now goes on from it.
// Everything is recomputed here from signed heads and public hash tiles. What it cannot show is who was served another log from the first visit on.

import { fromUtf8 } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import type { Primitives } from '#crypto/primitives.ts';
import { openCheckpoint, type Checkpoint } from '#crypto/tlog/checkpoint.ts';
import { consistencyProof, verifyConsistency } from '#crypto/tlog/merkle.ts';
import { parseVerifier } from '#crypto/tlog/note.ts';
import { keysOf, readSuccessions } from '#crypto/tlog/succession.ts';
import { tilePath, tileReader, tileWidth } from '#crypto/tlog/tile.ts';

/** What is kept between visits. */
export interface Kept {
	/** C2SP signed note. */
	readonly note: string;
	/** Verifier line of the key it opens under. */
	readonly verifier: string;
}

export type LogVerdict =
	| { readonly kind: 'first' | 'goes-on'; readonly size: number }
	/** The log's name is another: a new one was begun. The old checkpoint proves nothing of it. */
	| { readonly kind: 'replaced'; readonly kept: Kept; readonly now: string }
	/** What was served does not show that the log goes on from what this browser saw. Two signed heads are evidence; `now` is null when none was served. */
	| { readonly kind: 'unproven'; readonly kept: Kept; readonly now: string | null; readonly why: 'absent' | 'malformed' | 'key' | 'shorter' | 'history' }
	/** The server cannot be reached: nothing is known, nothing is forgotten. */
	| { readonly kind: 'unknown' };

export interface Memory {
	getItem(key: string): string | null;
	setItem(key: string, value: string): void;
}

/** The server cannot be reached, or not now. */
export class LogUnreachable extends Error {
	override name = 'LogUnreachable';
}

/** Answers the body of a path below `/log/`; null when the server says that there is none. Throws LogUnreachable. */
export type FetchLog = (path: string) => Promise<Uint8Array | null>;

const place = 'probant-log';

interface Now extends Kept {
	readonly checkpoint: Checkpoint;
	/** Every key of the log that is shown to lead here, the newest last. */
	readonly keys: readonly string[];
}

function parsed(bytes: Uint8Array): Record<string, unknown> {
	try {
		return Object(JSON.parse(fromUtf8(bytes))) as Record<string, unknown>;
	} catch (cause) {
		throw new CryptoError('malformed', 'log-keys', 'not JSON', { cause });
	}
}

/** The head of now; null when there is none. CryptoError when what is served is no signed head. */
async function served(p: Primitives, fetchLog: FetchLog): Promise<Now | null> {
	const bytes = await fetchLog('keys');
	if (!bytes) return null;
	const { checkpoint: note, verifier, keys: shown } = parsed(bytes);
	if (typeof note !== 'string' || typeof verifier !== 'string') throw new CryptoError('malformed', 'log-keys');
	const checkpoint = await openCheckpoint(p, note, parseVerifier(p, verifier));
	const keys = await keysOf(p, readSuccessions(shown), checkpoint);
	if (keys.length && keys.at(-1) !== verifier) throw new CryptoError('mismatch', 'log-keys', 'the keys lead to another than the one that signs');
	return { note, verifier, checkpoint, keys: keys.length ? keys : [verifier] };
}

/** Whether the tree of now begins with the one that was kept, as tiles show. */
async function goesOn(p: Primitives, fetchLog: FetchLog, then: Checkpoint, now: Checkpoint): Promise<boolean> {
	const tiles = new Map<string, Promise<Uint8Array | null>>();
	const read = tileReader(p, async (level, first, count) => {
		const index = Math.floor(first / tileWidth);
		const width = Math.min(tileWidth, Math.floor(now.size / tileWidth ** level) - index * tileWidth);
		const path = tilePath({ level, index, width });
		if (!tiles.has(path)) tiles.set(path, fetchLog(path));
		const bytes = await tiles.get(path)!;
		if (bytes?.length !== 32 * width) return [];
		const at = first - index * tileWidth;
		return Array.from({ length: count }, (_, i) => bytes.subarray(32 * (at + i), 32 * (at + i + 1)));
	});
	const proof = await consistencyProof(p, read, then.size, now.size);
	return verifyConsistency(p, then.size, now.size, proof, then.root, now.root);
}

async function compare(p: Primitives, fetchLog: FetchLog, kept: Kept, now: Now): Promise<LogVerdict> {
	const then = await openCheckpoint(p, kept.note, parseVerifier(p, kept.verifier));
	const unproven = (why: 'key' | 'shorter' | 'history') => ({ kind: 'unproven', kept, now: now.note, why }) as const;
	if (now.checkpoint.origin !== then.origin) return { kind: 'replaced', kept, now: now.note };
	if (!now.keys.includes(kept.verifier)) return unproven('key');
	if (then.size > now.checkpoint.size) return unproven('shorter');
	if (!(await goesOn(p, fetchLog, then, now.checkpoint).catch(malformed))) return unproven('history');
	return { kind: 'goes-on', size: now.checkpoint.size };
}

function malformed(error: unknown): null {
	if (error instanceof CryptoError) return null;
	throw error;
}

/** Compares the log of now with what this browser kept. The newer head is kept only if it goes on from the older one: a contradiction is met again at every visit. */
export async function checkLog(p: Primitives, fetchLog: FetchLog, memory: Memory): Promise<LogVerdict> {
	const text = memory.getItem(place);
	const kept = text === null ? null : (JSON.parse(text) as Kept);
	const keep = ({ note, verifier }: Kept) => memory.setItem(place, JSON.stringify({ note, verifier }));
	try {
		const now = await served(p, fetchLog);
		if (!now) return kept ? { kind: 'unproven', kept, now: null, why: 'absent' } : { kind: 'unknown' };
		const verdict: LogVerdict = kept ? await compare(p, fetchLog, kept, now) : { kind: 'first', size: now.checkpoint.size };
		if (verdict.kind === 'first' || verdict.kind === 'goes-on') keep(now);
		return verdict;
	} catch (error) {
		if (error instanceof LogUnreachable) return { kind: 'unknown' };
		if (error instanceof CryptoError && kept) return { kind: 'unproven', kept, now: null, why: 'malformed' };
		throw error;
	}
}
