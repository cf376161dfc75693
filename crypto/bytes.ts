// Small operations on byte strings. Nothing here knows what the bytes mean.

import { CryptoError } from './errors.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 encoding of a string. */
export function utf8(text: string): Bytes {
	return encoder.encode(text);
}

/** Strict UTF-8 decoding; malformed input is a CryptoError. */
export function fromUtf8(bytes: Uint8Array): string {
	try {
		return strict.decode(bytes);
	} catch (cause) {
		throw new CryptoError('malformed', 'utf-8', 'not UTF-8', { cause });
	}
}

/** One code unit per byte (ISO 8859-1); code units above 255 are a CryptoError. */
export function latin1(text: string): Bytes {
	const out = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) {
		const c = text.charCodeAt(i);
		if (c > 255) throw new CryptoError('misuse', 'latin-1', 'character above U+00FF');
		out[i] = c;
	}
	return out;
}

/** Each byte as the code unit of the same number (ISO 8859-1). */
export function fromLatin1(bytes: Uint8Array): string {
	let out = '';
	for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode.apply(null, bytes.subarray(i, i + 8192) as unknown as number[]); // spreading them is six times slower
	return out;
}

/** The byte strings one after the other, in a new array. */
export const concat = (...parts: readonly Uint8Array[]): Bytes => concatAll(parts);

/** The same of a list that may be longer than a call takes arguments. */
export function concatAll(parts: readonly Uint8Array[]): Bytes {
	const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
	let at = 0;
	for (const p of parts) {
		out.set(p, at);
		at += p.length;
	}
	return out;
}

/** Nothing but zeros, or nothing at all. */
export function isZero(bytes: Uint8Array): boolean {
	for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return false; // a callback for each takes ten times as long
	return true;
}

/** Same length and same bytes. Not constant-time: for public values. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
}

/** Same bytes, in a time that depends on the length alone: for secrets and MACs. */
export function equalConstantTime(a: Uint8Array, b: Uint8Array): boolean {
	let diff = a.length ^ b.length;
	for (let i = 0; i < a.length; i++) diff |= a[i]! ^ (b[i] ?? 0);
	return diff === 0;
}

/** Lexicographic order of unsigned bytes, a prefix first: negative, zero or positive. */
export function compare(a: Uint8Array, b: Uint8Array): number {
	const n = Math.min(a.length, b.length);
	for (let i = 0; i < n; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
	return a.length - b.length;
}

const digits = latin1('0123456789abcdef');

/** Lower-case hexadecimal, in ASCII. */
export function hexBytes(bytes: Uint8Array): Bytes {
	const out = new Uint8Array(2 * bytes.length);
	for (let i = 0; i < bytes.length; i++) {
		out[2 * i] = digits[bytes[i]! >> 4]!;
		out[2 * i + 1] = digits[bytes[i]! & 15]!;
	}
	return out;
}

/** Lower-case hexadecimal. */
export const hex = (bytes: Uint8Array): string => fromLatin1(hexBytes(bytes));

/** Bytes of an even-length hexadecimal string, either case. */
export function fromHex(text: string): Bytes {
	if (text.length % 2 || !/^[0-9a-fA-F]*$/.test(text)) throw new CryptoError('malformed', 'hex', 'not hexadecimal');
	const out = new Uint8Array(text.length / 2);
	for (let i = 0; i < out.length; i++) out[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
	return out;
}

/** Base64 of RFC 4648 §4, padded. */
export function base64(bytes: Uint8Array): string {
	return btoa(fromLatin1(bytes));
}

/** Bytes of canonical padded base64 (RFC 4648 §4); any other spelling is a CryptoError. */
export function fromBase64(text: string): Bytes {
	let bytes: Bytes;
	try {
		bytes = latin1(atob(text));
	} catch (cause) {
		throw new CryptoError('malformed', 'base64', 'not base64', { cause });
	}
	if (base64(bytes) !== text) throw new CryptoError('malformed', 'base64', 'not canonical base64');
	return bytes;
}

/** Base64url of RFC 4648 §5 without padding. */
export function base64url(bytes: Uint8Array): string {
	return base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Bytes of unpadded base64url (RFC 4648 §5). */
export function fromBase64url(text: string): Bytes {
	if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new CryptoError('malformed', 'base64url', 'not base64url');
	return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/') + '='.repeat((4 - (text.length % 4)) % 4));
}

/** Unsigned 32-bit big-endian. */
export function uint32(n: number): Bytes {
	if (!Number.isInteger(n) || n < 0 || n > 0xffffffff) throw new CryptoError('misuse', 'uint32', 'not a 32-bit number');
	return Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n);
}

/** Unsigned 64-bit big-endian of a safe integer or bigint. */
export function uint64(n: number | bigint): Bytes {
	const out = new Uint8Array(8);
	new DataView(out.buffer).setBigUint64(0, BigInt(n));
	return out;
}

/** The byte string behind its length as 32 bits: an injective encoding of a tuple when each part has one. */
export function lengthPrefixed(...parts: readonly Uint8Array[]): Bytes {
	return concat(...parts.flatMap((p) => [uint32(p.length), p]));
}
