// The object format: a header, then AES-256-GCM chunks under a key used for this object alone. Truncation, reordering, exchange and another object's bytes all fail to open.
// header = "PROBANT1" ‖ chunk size (32 bits); chunk i = seal(nonce = i, aad = header ‖ ids ‖ i ‖ final?). An empty object has one empty final chunk.

import { concat, equal, latin1, lengthPrefixed, uint32, uint64, utf8, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Sealing } from '../primitives.ts';

/** What the bytes are bound to: swapping two objects, or naming another key, is caught. */
export interface ObjectIds {
	readonly safe: string;
	readonly object: string;
	readonly version: string;
	readonly key: string;
}

type Aead = Pick<Sealing, 'aesGcmSeal' | 'aesGcmOpen'>;

/** Plaintext bytes of every chunk but the last. */
export const chunkSize = 1 << 20;
const tagSize = 16;
const header: Bytes = concat(latin1('PROBANT1'), uint32(chunkSize));

const nonce = (chunk: number): Bytes => concat(new Uint8Array(4), uint64(chunk));
const aad = (ids: ObjectIds, chunk: number, final: boolean): Bytes =>
	lengthPrefixed(header, utf8(ids.safe), utf8(ids.object), utf8(ids.version), utf8(ids.key), uint64(chunk), Uint8Array.of(final ? 1 : 0));

/** Stored bytes of an object of so many plaintext bytes. */
export const sealedSize = (size: number): number => header.length + size + Math.max(1, Math.ceil(size / chunkSize)) * tagSize;

/** The same first bytes, with room for more. */
function grown(from: Uint8Array, length: number, room: number): Uint8Array<ArrayBuffer> {
	const to = new Uint8Array(room);
	to.set(from.subarray(0, length));
	return to;
}

/** Chunks of exactly `size` bytes, the last one shorter or, when nothing is left, empty only for an empty source. Each is valid until the next is asked for. */
async function* cut(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<{ bytes: Uint8Array; final: boolean }> {
	let chunk = new Uint8Array(Math.min(size, 1 << 16)); // most objects are small
	let length = 0;
	for await (const part of source) {
		for (let at = 0; at < part.length; ) {
			if (length === size) {
				yield { bytes: chunk, final: false }; // more is here: not the last
				length = 0;
			}
			const taken = part.subarray(at, at + size - length);
			if (length + taken.length > chunk.length) chunk = grown(chunk, length, Math.min(size, 2 * (length + taken.length)));
			chunk.set(taken, length);
			at += taken.length;
			length += taken.length;
		}
	}
	yield { bytes: chunk.subarray(0, length), final: true };
}

/** Seals a stream. The key (32 bytes) must never seal anything else. */
export async function* sealObject(p: Aead, key: Uint8Array, ids: ObjectIds, plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	yield header;
	let chunk = 0;
	for await (const { bytes, final } of cut(plain, chunkSize)) {
		yield await p.aesGcmSeal(key, nonce(chunk), aad(ids, chunk, final), bytes);
		chunk++;
	}
}

async function* withoutHeader(sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let head: Uint8Array = new Uint8Array();
	let passed = false;
	for await (const part of sealed) {
		if (passed) {
			yield part;
			continue;
		}
		head = concat(head, part);
		if (head.length < header.length) continue;
		if (!equal(head.subarray(0, header.length), header)) throw new CryptoError('unsupported', 'seal-format', 'not an object of this format');
		passed = true;
		yield head.subarray(header.length);
	}
	if (!passed) throw new CryptoError('malformed', 'seal-truncated', 'cut off in its header');
}

/** Opens a whole object. Throws CryptoError `mismatch` / `tag` at the first chunk that is not what was sealed there; what was yielded before was. */
export async function* openObject(p: Aead, key: Uint8Array, ids: ObjectIds, sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let chunk = 0;
	for await (const { bytes, final } of cut(withoutHeader(sealed), chunkSize + tagSize)) {
		yield await p.aesGcmOpen(key, nonce(chunk), aad(ids, chunk, final), bytes);
		chunk++;
	}
}

/** The stored bytes [start, end) that hold plaintext bytes [start, end) of an object of `size`, and the chunk they begin with. */
export function sealedRange(size: number, start: number, end: number): { start: number; end: number; firstChunk: number } {
	if (!(0 <= start && start < end && end <= size)) throw new CryptoError('misuse', 'range', `${start}–${end} of ${size}`);
	const firstChunk = Math.floor(start / chunkSize);
	const lastChunk = Math.floor((end - 1) / chunkSize);
	const at = (chunk: number) => header.length + chunk * (chunkSize + tagSize);
	return { firstChunk, start: at(firstChunk), end: Math.min(at(lastChunk + 1), sealedSize(size)) };
}

/** Opens plaintext bytes [start, end) from the stored bytes `sealedRange` names. CryptoError `mismatch` / `tag` for other bytes, `malformed` / `seal-truncated` for too few. */
export async function* openRange(p: Aead, key: Uint8Array, ids: ObjectIds, size: number, start: number, end: number, sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	const last = Math.ceil(size / chunkSize) - 1;
	let chunk = sealedRange(size, start, end).firstChunk;
	for await (const { bytes } of cut(sealed, chunkSize + tagSize)) {
		const plain = await p.aesGcmOpen(key, nonce(chunk), aad(ids, chunk, chunk === last), bytes);
		const offset = chunk * chunkSize;
		yield plain.subarray(Math.max(0, start - offset), Math.max(0, end - offset));
		chunk++;
	}
	if (chunk * chunkSize < end) throw new CryptoError('malformed', 'seal-truncated', 'the stored bytes end before the range does');
}
