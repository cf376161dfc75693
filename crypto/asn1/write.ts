// DER writer (ITU-T X.690 §10–11). Every function returns the whole TLV.

import { compare, concat, concatAll, latin1, utf8, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { context, octetString as joined, tag, type Node } from './der.ts';

/** Identifier, minimal length, content. */
export function tlv(identifier: number, ...content: readonly Uint8Array[]): Bytes {
	const length = content.reduce((n, c) => n + c.length, 0);
	const octets: number[] = [];
	if (length < 0x80) octets.push(length);
	else {
		for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
		octets.unshift(0x80 | octets.length);
	}
	return concat(Uint8Array.of(identifier, ...octets), ...content);
}

export const sequence = (...parts: readonly Uint8Array[]): Bytes => tlv(tag.sequence, ...parts);

/** SET OF: the encodings in ascending order (X.690 §11.6). */
export const setOf = (...parts: readonly Uint8Array[]): Bytes => setOfAll(parts);

/** The same of a list that may be longer than a call takes arguments. */
export const setOfAll = (parts: readonly Uint8Array[]): Bytes => tlv(tag.set, concatAll([...parts].sort(compare)));

/** [n] EXPLICIT. */
export const explicit = (n: number, ...parts: readonly Uint8Array[]): Bytes => tlv(context(n), ...parts);

/** A value under another tag: [n] IMPLICIT keeps the constructed bit. */
export function implicit(n: number, value: Uint8Array): Bytes {
	return concat(Uint8Array.of(context(n, (value[0]! & 0x20) !== 0)), value.subarray(1));
}

/** DER of a value that was read as BER: definite lengths, OCTET STRINGs in one piece, SETs in order (X.690 §10, §11.6). */
export function toDer(node: Node): Bytes {
	if (node.tag === (tag.octetString | 0x20)) return octetString(joined(node));
	if ((node.tag & 0x20) === 0) return tlv(node.tag, node.content);
	const parts = node.children.map(toDer);
	return node.tag === tag.set ? setOfAll(parts) : tlv(node.tag, concatAll(parts));
}

/** INTEGER of a bigint, a number, or the big-endian bytes of a non-negative one. */
export function integer(value: bigint | number | Uint8Array, as: number = tag.integer): Bytes {
	if (value instanceof Uint8Array) {
		let start = 0;
		while (start < value.length - 1 && value[start] === 0) start++;
		const body = value.length ? value.subarray(start) : Uint8Array.of(0);
		return tlv(as, body[0]! >= 0x80 ? Uint8Array.of(0) : new Uint8Array(), body);
	}
	const bytes: number[] = [];
	for (let rest = BigInt(value); ; rest >>= 8n) {
		const byte = Number(rest & 0xffn);
		bytes.unshift(byte);
		if ((rest >> 8n === 0n && byte < 0x80) || (rest >> 8n === -1n && byte >= 0x80)) break;
	}
	return tlv(as, Uint8Array.from(bytes));
}

export const boolean = (value: boolean, as: number = tag.boolean): Bytes => tlv(as, Uint8Array.of(value ? 0xff : 0));
export const nul = (): Bytes => tlv(tag.null);
export const octetString = (...parts: readonly Uint8Array[]): Bytes => tlv(tag.octetString, ...parts);
export const bitString = (bytes: Uint8Array): Bytes => tlv(tag.bitString, Uint8Array.of(0), bytes);
export const utf8String = (text: string): Bytes => tlv(tag.utf8String, utf8(text));
export const ia5String = (text: string, as: number = tag.ia5String): Bytes => tlv(as, latin1(text));

/** PrintableString; throws CryptoError `misuse` on a character it lacks (X.680 §41.4). */
export function printableString(text: string): Bytes {
	if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) throw new CryptoError('misuse', 'printable-string', `not printable: ${text}`);
	return tlv(tag.printableString, latin1(text));
}

/** Named bits, bit 0 first, trailing zeros dropped (X.690 §11.2.2). */
export function namedBits(set: readonly number[]): Bytes {
	const last = Math.max(-1, ...set);
	const bytes = new Uint8Array(Math.floor(last / 8) + 1);
	for (const bit of set) bytes[bit >> 3]! |= 0x80 >> (bit & 7);
	return tlv(tag.bitString, Uint8Array.of(last < 0 ? 0 : 7 - (last & 7)), bytes);
}

/** OBJECT IDENTIFIER from dotted decimal. */
export function oid(dotted: string, as: number = tag.oid): Bytes {
	const [a, b, ...rest] = dotted.split('.').map((arc) => BigInt(arc));
	if (a === undefined || b === undefined) throw new CryptoError('misuse', 'oid', dotted);
	const bytes: number[] = [];
	for (const arc of [a * 40n + b, ...rest]) {
		const groups = [Number(arc & 0x7fn)];
		for (let left = arc >> 7n; left > 0n; left >>= 7n) groups.unshift(Number(left & 0x7fn) | 0x80);
		bytes.push(...groups);
	}
	return tlv(as, Uint8Array.from(bytes));
}

const digits = (at: number) => new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14);

/** GeneralizedTime in Z of milliseconds since 1970; milliseconds as a fraction without trailing zeros. */
export function generalizedTime(at: number, as: number = tag.generalizedTime): Bytes {
	const fraction = String(((at % 1000) + 1000) % 1000).padStart(3, '0').replace(/0+$/, '');
	return tlv(as, latin1(`${digits(at)}${fraction ? `.${fraction}` : ''}Z`));
}

/** Time of a certificate or CRL: UTCTime through 2049, GeneralizedTime after; whole seconds (RFC 5280 §4.1.2.5). */
export function time(at: number): Bytes {
	const whole = Math.floor(at / 1000) * 1000;
	const year = new Date(whole).getUTCFullYear();
	return year >= 1950 && year < 2050 ? tlv(tag.utcTime, latin1(`${digits(whole).slice(2)}Z`)) : generalizedTime(whole);
}
