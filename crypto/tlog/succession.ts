// One key of a log following another: an entry `log.key` commits to a note that names both and that both have signed.
// Who trusts the older key, and finds that entry in the tree of a checkpoint, may take the checkpoint from the newer one.

import { base64, concat, fromBase64, fromHex, fromUtf8, hex, utf8 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Primitives, Signer } from '../primitives.ts';
import { type Checkpoint } from './checkpoint.ts';
import { opens, readEntry } from './entry.ts';
import { leafHash, verifyInclusion } from './merkle.ts';
import { cosignNote, formatVerifier, openNote, parseNote, parseVerifier, signNote, type NoteVerifier } from './note.ts';

const statement = 'probant/log-key/v1';

/** The name under which the entry commits to the note. */
export const noteCommitment = 'note';

export interface LogKey {
	readonly verifier: NoteVerifier;
	readonly signer: Signer;
}

/** Shows one succession in the tree of a checkpoint. */
export interface Succession {
	/** Statement, older and newer verifier line, with both signatures (C2SP signed note). */
	readonly note: string;
	/** Key of the entry's commitment to the note, 32 bytes. */
	readonly opening: Uint8Array;
	readonly entry: Uint8Array;
	readonly index: number;
	readonly inclusion: readonly Uint8Array[];
}

/** The note by which `to` follows `from`, two keys of one log. */
export async function signSuccession(p: Pick<Primitives, 'hash'>, from: LogKey, to: LogKey): Promise<string> {
	const text = `${statement}\n${formatVerifier(p, from.verifier)}\n${formatVerifier(p, to.verifier)}\n`;
	return cosignNote(p, await signNote(p, text, from.verifier, from.signer), to.verifier, to.signer);
}

/** Who follows whom. CryptoError `malformed`, or `mismatch` unless each has signed. */
export async function openSuccession(p: Pick<Primitives, 'hash' | 'verify'>, note: string): Promise<{ from: NoteVerifier; to: NoteVerifier }> {
	const [kind, older, newer, ...rest] = parseNote(note).text.split('\n');
	if (kind !== statement || !older || !newer || rest.length !== 1 || rest[0] !== '') throw new CryptoError('malformed', 'succession');
	const [from, to] = [parseVerifier(p, older), parseVerifier(p, newer)];
	if (older === newer || from.name !== to.name) throw new CryptoError('malformed', 'succession-keys', 'not two keys of one log');
	await openNote(p, note, [from, to]);
	return { from, to };
}

/**
 * The keys a log has had, oldest first, as verifier lines: each succession signed by both its keys, committed to by its entry, in this tree,
 * and going on where the one before ended. CryptoError `mismatch` or `malformed` at the first that is not. None for no succession.
 */
export async function keysOf(p: Pick<Primitives, 'hash' | 'hmacSha256' | 'verify'>, successions: readonly Succession[], { origin, size, root }: Checkpoint): Promise<string[]> {
	const keys: string[] = [];
	let before = -1;
	for (const { note, opening, entry, index, inclusion } of successions) {
		const { from, to } = await openSuccession(p, note);
		if (from.name !== origin) throw new CryptoError('mismatch', 'succession-origin', `a key of ${from.name}`);
		const { body } = readEntry(entry);
		if (body.op !== 'log.key' || body.res !== 'ok' || !opens(p, body, { name: noteCommitment, key: opening, value: note })) throw new CryptoError('mismatch', 'succession-entry', 'the entry is of something else');
		if (!verifyInclusion(p, leafHash(p, entry), index, size, inclusion, root)) throw new CryptoError('mismatch', 'succession-inclusion', 'the entry is not in the tree');
		if (keys.length > 0 && (index <= before || keys.at(-1) !== formatVerifier(p, from))) throw new CryptoError('mismatch', 'succession-order', 'one does not go on from the other');
		if (!keys.length) keys.push(formatVerifier(p, from));
		keys.push(formatVerifier(p, to));
		before = index;
	}
	return keys;
}

/** Successions as JSON carries them: by the index of their entries. */
export function writeSuccessions(successions: readonly Succession[]): Record<string, Record<string, string>> {
	return Object.fromEntries(successions.map(({ note, opening, entry, index, inclusion }) => [String(index), { note, opening: hex(opening), entry: fromUtf8(entry), inclusion: base64(concat(...inclusion)) }]));
}

/** Reads what writeSuccessions wrote, oldest first. CryptoError `malformed`. */
export function readSuccessions(value: unknown): Succession[] {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new CryptoError('malformed', 'succession');
	return Object.entries(value).map(([at, shown]) => {
		const { note, opening, entry, inclusion, ...rest } = (shown ?? {}) as Record<string, unknown>;
		const index = Number(at);
		if (String(index) !== at || !Number.isSafeInteger(index) || index < 0) throw new CryptoError('malformed', 'succession');
		if (typeof note !== 'string' || typeof opening !== 'string' || typeof entry !== 'string' || typeof inclusion !== 'string' || Object.keys(rest).length) throw new CryptoError('malformed', 'succession');
		return { note, opening: fromHex(opening), entry: utf8(entry), index, inclusion: hashes(fromBase64(inclusion)) };
	}).sort((a, b) => a.index - b.index);
}

/** 32 bytes each. CryptoError `malformed` for another length. */
export function hashes(bytes: Uint8Array): Uint8Array[] {
	if (bytes.length % 32) throw new CryptoError('malformed', 'inclusion');
	return Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(32 * i, 32 * i + 32));
}
