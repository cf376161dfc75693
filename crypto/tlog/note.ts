// Signed notes: a text and Ed25519 signatures over it. C2SP signed-note v1.0; signature type 0x01 only (0x04 is cosignature.ts).

import { base64, compare, concat, equal, fromBase64, hex, utf8, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { digest, type Primitives, type Signer } from '../primitives.ts';

/** A public key by its name; `key` is the raw 32-byte Ed25519 public key. */
export interface NoteVerifier {
	readonly name: string;
	readonly key: Uint8Array;
}

/** A note taken apart. `text` ends with a newline. */
export interface Note {
	readonly text: string;
	readonly signatures: readonly { readonly name: string; readonly id: Bytes; readonly signature: Bytes }[];
}

/** Signature types of Ed25519 keys: over the text, or over the text and a time (C2SP tlog-cosignature). */
export type KeyType = 1 | 4;
const SPKI = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00); // RFC 8410 §4
const MAX_BYTES = 1 << 20;
const MAX_SIGNATURES = 64;

function checkName(name: string): void {
	if (!name || /[\s+]/u.test(name)) throw new CryptoError('malformed', 'note-key-name');
}

/** The 4-byte key id: SHA-256(name ‖ 0x0A ‖ type ‖ key), first four. */
export function keyId(p: Pick<Primitives, 'hash'>, { name, key }: NoteVerifier, type: KeyType = 1): Bytes {
	return digest(p as Primitives, 'SHA-256', utf8(name), Uint8Array.of(0x0a, type), key).slice(0, 4);
}

/** `name+hexid+base64(type ‖ key)`: the verifier key as witnesses and command lines take it. */
export function formatVerifier(p: Pick<Primitives, 'hash'>, verifier: NoteVerifier, type: KeyType = 1): string {
	checkName(verifier.name);
	return `${verifier.name}+${hex(keyId(p, verifier, type))}+${base64(concat(Uint8Array.of(type), verifier.key))}`;
}

/** The verifier of its text; CryptoError when it is not of this type or its id is another key's. */
export function parseVerifier(p: Pick<Primitives, 'hash'>, text: string, type: KeyType = 1): NoteVerifier {
	const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
	if (!name || !id || !encoded) throw new CryptoError('malformed', 'note-verifier');
	checkName(name);
	const bytes = fromBase64(encoded);
	if (bytes.length !== 33 || bytes[0] !== type) throw new CryptoError('unsupported', 'note-key-type');
	const verifier = { name, key: bytes.slice(1) };
	if (hex(keyId(p, verifier, type)) !== id) throw new CryptoError('mismatch', 'note-key-id');
	return verifier;
}

/** Takes a note apart, checking no signature. CryptoError `malformed` or `limit`. */
export function parseNote(note: string): Note {
	if (note.length > MAX_BYTES) throw new CryptoError('limit', 'note-size');
	 
	if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) throw new CryptoError('malformed', 'note-control-character');
	if (!note.isWellFormed()) throw new CryptoError('malformed', 'note-character', 'half a character'); // encoded it would be U+FFFD: two texts under one signature
	const cut = note.lastIndexOf('\n\n');
	if (cut < 0 || !note.endsWith('\n')) throw new CryptoError('malformed', 'note');
	const lines = note.slice(cut + 2, -1).split('\n');
	if (lines.length > MAX_SIGNATURES) throw new CryptoError('limit', 'note-signatures');
	const signatures = lines.map((line) => {
		const [, name, encoded] = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
		if (!name || !encoded) throw new CryptoError('malformed', 'note-signature-line');
		checkName(name);
		const bytes = fromBase64(encoded);
		if (bytes.length < 5) throw new CryptoError('malformed', 'note-signature-line');
		return { name, id: bytes.slice(0, 4), signature: bytes.slice(4) };
	});
	return { text: note.slice(0, cut + 1), signatures };
}

async function signatureLine(p: Pick<Primitives, 'hash'>, text: string, verifier: NoteVerifier, signer: Signer): Promise<string> {
	checkName(verifier.name);
	if (signer.algorithm.scheme !== 'ed25519') throw new CryptoError('misuse', 'note-key-type');
	const signature = await signer.sign(utf8(text));
	return `\u2014 ${verifier.name} ${base64(concat(keyId(p, verifier), signature))}\n`;
}

/** The note of `text` (ending with a newline, with no control character) with one signature. */
export async function signNote(p: Pick<Primitives, 'hash'>, text: string, verifier: NoteVerifier, signer: Signer): Promise<string> {
	if (!text.endsWith('\n')) throw new CryptoError('misuse', 'note-text');
	const note = `${text}\n${await signatureLine(p, text, verifier, signer)}`;
	parseNote(note); // nobody would open what this refuses
	return note;
}

/** The note with one signature more, below the others. */
export async function cosignNote(p: Pick<Primitives, 'hash'>, note: string, verifier: NoteVerifier, signer: Signer): Promise<string> {
	return `${note}${await signatureLine(p, parseNote(note).text, verifier, signer)}`;
}

/** Those of `verifiers` with a signature under this note, good or not. */
export function signersOf(p: Pick<Primitives, 'hash'>, note: string, verifiers: readonly NoteVerifier[]): NoteVerifier[] {
	const { signatures } = parseNote(note);
	return verifiers.filter((verifier) => signatures.some((s) => s.name === verifier.name && equal(s.id, keyId(p, verifier))));
}

/** Whether an Ed25519 signature over a message is this key's. */
export const verifyEd25519 = (p: Pick<Primitives, 'verify'>, key: Uint8Array, message: string, signature: Uint8Array): Promise<boolean> => p.verify({ scheme: 'ed25519' }, concat(SPKI, key), utf8(message), signature);

/**
 * The text, once a signature of each of `verifiers` over it is found good. Signatures of others are ignored.
 * CryptoError `mismatch`: `note-unsigned` when one of them has not signed, `note-signature` when its signature is wrong.
 */
export async function openNote(p: Pick<Primitives, 'hash' | 'verify'>, note: string, verifiers: readonly NoteVerifier[]): Promise<string> {
	if (!verifiers.length) throw new CryptoError('misuse', 'note-verifier');
	const { text, signatures } = parseNote(note);
	for (const verifier of verifiers) {
		const id = keyId(p, verifier);
		const own = signatures.filter((s) => s.name === verifier.name && equal(s.id, id));
		if (!own.length) throw new CryptoError('mismatch', 'note-unsigned', `no signature of ${verifier.name}`);
		if (own.some((s) => compare(s.signature, own[0]!.signature))) throw new CryptoError('malformed', 'note-signature-twice');
		if (!(await verifyEd25519(p, verifier.key, text, own[0]!.signature))) {
			throw new CryptoError('mismatch', 'note-signature', `wrong signature of ${verifier.name}`);
		}
	}
	return text;
}
