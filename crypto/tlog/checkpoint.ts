// Checkpoints: origin, size and root of a log as a signed note. C2SP tlog-checkpoint v1.0.

import { base64, fromBase64, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Primitives, Signer } from '../primitives.ts';
import { openNote, signersOf, signNote, type NoteVerifier } from './note.ts';

export interface Checkpoint {
	/** The log's name; also its key's. */
	readonly origin: string;
	readonly size: number;
	/** 32 bytes. */
	readonly root: Uint8Array;
}

/** The note's text: three lines. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
	if (!origin || origin.includes('\n') || !Number.isSafeInteger(size) || size < 0 || root.length !== 32) throw new CryptoError('misuse', 'checkpoint');
	return `${origin}\n${size}\n${base64(root)}\n`;
}

/** The checkpoint of a note's text. Extension lines are not ours: CryptoError `malformed`. */
export function parseCheckpoint(text: string): Checkpoint {
	const [origin, size, root, ...rest] = text.split('\n');
	if (!origin || !size || !root || rest.length !== 1 || rest[0] !== '') throw new CryptoError('malformed', 'checkpoint');
	if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) throw new CryptoError('malformed', 'checkpoint-size');
	const bytes: Bytes = fromBase64(root);
	if (bytes.length !== 32) throw new CryptoError('malformed', 'checkpoint-root');
	return { origin, size: Number(size), root: bytes };
}

/** The signed note of a checkpoint. */
export function signCheckpoint(p: Pick<Primitives, 'hash'>, checkpoint: Checkpoint, verifier: NoteVerifier, signer: Signer): Promise<string> {
	return signNote(p, formatCheckpoint(checkpoint), verifier, signer);
}

/** The checkpoint of a note signed by this log (origin and key name agree). CryptoError `mismatch` when it is another's or altered. */
export async function openCheckpoint(p: Pick<Primitives, 'hash' | 'verify'>, note: string, log: NoteVerifier): Promise<Checkpoint> {
	const checkpoint = parseCheckpoint(await openNote(p, note, [log]));
	if (checkpoint.origin !== log.name) throw new CryptoError('mismatch', 'checkpoint-origin', `a checkpoint of ${checkpoint.origin}`);
	return checkpoint;
}

/** The checkpoint of a note signed by at least one of these keys of a log, and wrongly by none: CryptoError `mismatch`. */
export async function openCheckpointOfAny(p: Pick<Primitives, 'hash' | 'verify'>, note: string, keys: readonly NoteVerifier[]): Promise<Checkpoint> {
	const [first, ...more] = signersOf(p, note, keys);
	if (!first) throw new CryptoError('mismatch', 'note-unsigned', 'no signature of a known log key');
	for (const key of more) await openCheckpoint(p, note, key);
	return openCheckpoint(p, note, first);
}
