// The primitive types as JavaScript values: INTEGER, BOOLEAN, OBJECT IDENTIFIER, times and character strings (X.690 §8, RFC 5280 §4.1.2.5).

import { fromLatin1, fromUtf8 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { expect, tag, type Node } from './der.ts';

const malformed = (what: string): CryptoError => new CryptoError('malformed', 'der', what);

/** INTEGER (or ENUMERATED, or an IMPLICIT tag given in `as`), two's complement, minimal. */
export function integer(node: Node, as: number = tag.integer): bigint {
	const { content } = expect(node, as, 'INTEGER');
	const [first, second] = content;
	if (first === undefined) throw malformed('INTEGER: empty');
	if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) throw malformed('INTEGER: not minimal');
	let value = first >= 0x80 ? -1n : 0n;
	for (const byte of content) value = (value << 8n) | BigInt(byte);
	return value;
}

/** An INTEGER that must be a safe, non-negative number. */
export function smallInteger(node: Node, as: number = tag.integer): number {
	const value = integer(node, as);
	if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed('INTEGER: out of range');
	return Number(value);
}

export function boolean(node: Node, as: number = tag.boolean): boolean {
	const { content } = expect(node, as, 'BOOLEAN');
	if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw malformed('BOOLEAN');
	return content[0] === 0xff;
}

/** OBJECT IDENTIFIER in dotted decimal. */
export function oid(node: Node, as: number = tag.oid): string {
	const { content } = expect(node, as, 'OBJECT IDENTIFIER');
	if (!content.length || content.length > 64 || content.at(-1)! >= 0x80) throw malformed('OBJECT IDENTIFIER');
	const arcs: bigint[] = [];
	let arc = 0n;
	let fresh = true;
	for (const byte of content) {
		if (fresh && byte === 0x80) throw malformed('OBJECT IDENTIFIER: padded');
		arc = (arc << 7n) | BigInt(byte & 0x7f);
		fresh = byte < 0x80;
		if (fresh) {
			arcs.push(arc);
			arc = 0n;
		}
	}
	const first = arcs[0]!;
	const root = first < 40n ? 0n : first < 80n ? 1n : 2n;
	return [root, first - root * 40n, ...arcs.slice(1)].join('.');
}

/** UTCTime or GeneralizedTime in Z, as milliseconds since 1970. Two-digit years: RFC 5280 §4.1.2.5.1. Fractions (RFC 3161 §2.4.2) keep milliseconds. */
export function time(node: Node): number {
	const text = fromLatin1(node.content);
	const utc = node.tag === tag.utcTime ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text) : null;
	const general = node.tag === tag.generalizedTime ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d*[1-9]))?Z$/.exec(text) : null;
	const parts = utc ?? general;
	if (!parts) throw malformed(`time: ${JSON.stringify(text.slice(0, 40))}`);
	const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [number, number, number, number, number, number];
	const full = utc ? (year < 50 ? 2000 + year : 1900 + year) : year;
	const at = new Date(0);
	at.setUTCFullYear(full, month - 1, day);
	at.setUTCHours(hour, minute, second, Math.floor(Number(`0.${general?.[7] ?? '0'}`) * 1000));
	if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) throw malformed('time: no such time');
	return at.getTime();
}

/** A character string of any of the directory's types. */
export function string(node: Node): string {
	const { content } = node;
	switch (node.tag) {
		case tag.utf8String:
			return fromUtf8(content);
		case tag.printableString:
		case tag.numericString:
		case tag.ia5String:
		case tag.visibleString:
		case tag.teletexString: // in practice ISO 8859-1
			return fromLatin1(content);
		case tag.bmpString: {
			if (content.length % 2) throw malformed('BMPString');
			let out = '';
			for (let i = 0; i < content.length; i += 2) out += String.fromCharCode((content[i]! << 8) | content[i + 1]!);
			return out;
		}
		case tag.universalString: {
			if (content.length % 4) throw malformed('UniversalString');
			let out = '';
			for (let i = 0; i < content.length; i += 4) {
				const point = new DataView(content.buffer, content.byteOffset + i).getUint32(0);
				if (point > 0x10ffff) throw malformed('UniversalString');
				out += String.fromCodePoint(point);
			}
			return out;
		}
		default:
			throw malformed(`string: tag 0x${node.tag.toString(16)}`);
	}
}
