// A witness's cosignature: it saw this checkpoint go on from every one it has cosigned before, at that time. C2SP tlog-cosignature v1, Ed25519 (type 0x04).

import { base64, concat, equal } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Primitives } from '../primitives.ts';
import { keyId, parseNote, parseVerifier, verifyEd25519, type NoteVerifier } from './note.ts';

export interface Cosignature {
	/** When the witness signed, by its own clock: seconds since 1970. */
	readonly time: number;
	/** The signature line with its newline, to stand below a note's others. */
	readonly line: string;
}

/** A witness's key of its text, `name+hexid+base64(0x04 ‖ key)`. CryptoError when it is no such key. */
export const parseWitness = (p: Pick<Primitives, 'hash'>, text: string): NoteVerifier => parseVerifier(p, text, 4);

/** The 4-byte key id that a witness's cosignatures carry. */
export const witnessId = (p: Pick<Primitives, 'hash'>, witness: NoteVerifier): Uint8Array => keyId(p, witness, 4);

/**
 * The cosignature of a witness under this note, once it is found good; its other signatures are not looked at.
 * CryptoError `mismatch`: `note-unsigned` when the witness has not cosigned, `note-signature` when its cosignature is wrong; `malformed`.
 */
export async function openCosignature(p: Pick<Primitives, 'hash' | 'verify'>, note: string, witness: NoteVerifier): Promise<Cosignature> {
	const { text, signatures } = parseNote(note);
	const id = witnessId(p, witness);
	const [own, ...more] = signatures.filter((s) => s.name === witness.name && equal(s.id, id));
	if (!own) throw new CryptoError('mismatch', 'note-unsigned', `no cosignature of ${witness.name}`);
	if (more.length) throw new CryptoError('malformed', 'note-signature-twice');
	const bytes = own.signature;
	if (bytes.length !== 72) throw new CryptoError('malformed', 'cosignature');
	const time = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
	if (!Number.isSafeInteger(time)) throw new CryptoError('malformed', 'cosignature-time');
	if (!(await verifyEd25519(p, witness.key, `cosignature/v1\ntime ${time}\n${text}`, bytes.slice(8)))) throw new CryptoError('mismatch', 'note-signature', `wrong cosignature of ${witness.name}`);
	return { time, line: `\u2014 ${witness.name} ${base64(concat(id, bytes))}\n` };
}
