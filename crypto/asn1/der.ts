// DER reader (ITU-T X.690), with BER's looser lengths where the caller allows them (CMS made by others). Bounded in depth, count and size.

import type { Bytes } from '../bytes.ts';
import { concatAll } from '../bytes.ts';
import { CryptoError } from '../errors.ts';

/** Identifier octets of the universal types used here; constructed bit included. */
export const tag = {
	boolean: 0x01,
	integer: 0x02,
	bitString: 0x03,
	octetString: 0x04,
	null: 0x05,
	oid: 0x06,
	enumerated: 0x0a,
	utf8String: 0x0c,
	sequence: 0x30,
	set: 0x31,
	numericString: 0x12,
	printableString: 0x13,
	teletexString: 0x14,
	ia5String: 0x16,
	utcTime: 0x17,
	generalizedTime: 0x18,
	visibleString: 0x1a,
	universalString: 0x1c,
	bmpString: 0x1e
} as const;

/** Identifier octet of [n], constructed (EXPLICIT, or IMPLICIT of a constructed type) or primitive. */
export const context = (n: number, constructed = true): number => 0x80 | (constructed ? 0x20 : 0) | n;

/** One decoded value. All arrays are views of the input. */
export interface Node {
	/** Identifier octet: class, constructed bit, number (high tag numbers are not supported). */
	readonly tag: number;
	/** Identifier, length and content. */
	readonly raw: Uint8Array;
	readonly content: Uint8Array;
	/** Empty for primitive values. */
	readonly children: readonly Node[];
}

export interface ReadOptions {
	/** Accept BER: indefinite and non-minimal lengths, constructed strings. Default: DER only. */
	readonly ber?: boolean;
	/** Accept bytes after the value; `read` then ignores them. Default: refused. */
	readonly trailing?: boolean;
}

const maximumDepth = 40;
const maximumNodes = 200_000;

/** Reads one value. Throws CryptoError `malformed` or `limit`. */
export function read(bytes: Uint8Array, options: ReadOptions = {}): Node {
	const ber = options.ber ?? false;
	let nodes = 0;
	const fail = (reason: string, at: number): never => {
		throw new CryptoError('malformed', 'der', `${reason} at byte ${at}`);
	};

	/** The value at `start`, which must end by `limit`; its end. */
	function value(start: number, limit: number, depth: number): { node: Node; end: number } {
		if (depth > maximumDepth || ++nodes > maximumNodes) throw new CryptoError('limit', 'der-limit', 'too deep or too many values');
		if (start + 2 > limit) fail('cut off', start);
		const identifier = bytes[start]!;
		if ((identifier & 0x1f) === 0x1f) throw new CryptoError('unsupported', 'der-high-tag', `high tag number at byte ${start}`);
		const constructed = (identifier & 0x20) !== 0;
		if (!ber && constructed && identifier < 0x40 && identifier !== tag.sequence && identifier !== tag.set) fail('constructed string', start); // X.690 §10.2
		const first = bytes[start + 1]!;
		let content = start + 2;
		if (first === 0x80) {
			if (!ber || !constructed) fail('indefinite length', start);
			const children: Node[] = [];
			let at = content;
			while (!(bytes[at] === 0 && bytes[at + 1] === 0)) {
				const child = value(at, limit, depth + 1);
				children.push(child.node);
				at = child.end;
			}
			if (at + 2 > limit) fail('cut off', at);
			return { node: { tag: identifier, raw: bytes.subarray(start, at + 2), content: bytes.subarray(content, at), children }, end: at + 2 };
		}
		let length = first;
		if (first > 0x80) {
			const count = first & 0x7f;
			if (count > 4 && !ber) fail('length of length', start);
			if (count > 8 || content + count > limit) fail('length of length', start);
			length = 0;
			for (let i = 0; i < count; i++) length = length * 256 + bytes[content + i]!;
			if (!ber && (length < 0x80 || bytes[content] === 0)) fail('length not minimal', start);
			content += count;
		}
		const end = content + length;
		if (end > limit) fail('longer than its container', start);
		const children: Node[] = [];
		if (constructed) {
			for (let at = content; at < end; ) {
				const child = value(at, end, depth + 1);
				children.push(child.node);
				at = child.end;
			}
		}
		return { node: { tag: identifier, raw: bytes.subarray(start, end), content: bytes.subarray(content, end), children }, end };
	}

	const { node, end } = value(0, bytes.length, 0);
	if (end !== bytes.length && !options.trailing) fail('trailing bytes', end);
	return node;
}

/** The children of a constructed value, taken in order. */
export class Fields {
	private readonly children: readonly Node[];
	private at = 0;
	private readonly what: string;
	constructor(node: Node, expected: number, what: string) {
		expect(node, expected, what);
		this.children = node.children;
		this.what = what;
	}
	/** The next child, which must have this tag when one is given. */
	next(expected?: number): Node {
		const node = this.children[this.at++];
		if (!node) throw new CryptoError('malformed', 'der', `${this.what}: a field is missing`);
		return expected === undefined ? node : expect(node, expected, this.what);
	}
	/** The next child if it has one of these tags. */
	optional(...tags: number[]): Node | null {
		const node = this.children[this.at];
		if (!node || !tags.includes(node.tag)) return null;
		this.at++;
		return node;
	}
	/** What is left, taken. */
	rest(): readonly Node[] {
		const left = this.children.slice(this.at);
		this.at = this.children.length;
		return left;
	}
	/** Nothing may be left. */
	end(): void {
		if (this.at !== this.children.length) throw new CryptoError('malformed', 'der', `${this.what}: a field too many`);
	}
}

/** The node itself when it has this tag. Throws CryptoError `malformed`. */
export function expect(node: Node | undefined, expected: number, what: string): Node {
	if (node?.tag !== expected) {
		throw new CryptoError('malformed', 'der', `${what}: tag 0x${expected.toString(16)} expected, found ${node ? `0x${node.tag.toString(16)}` : 'nothing'}`);
	}
	return node;
}

/** The only child of an EXPLICIT tag. */
export function only(node: Node, what: string): Node {
	const [child] = node.children;
	if (!child || node.children.length !== 1) throw new CryptoError('malformed', 'der', `${what}: exactly one value expected`);
	return child;
}

/** Content of an OCTET STRING; BER's constructed form is joined. `as`: the tag under IMPLICIT tagging. */
export function octetString(node: Node, as: number = tag.octetString): Uint8Array {
	if (node.tag === (as | 0x20)) return concatAll(node.children.map((c) => octetString(c)));
	return expect(node, as, 'OCTET STRING').content;
}

/** Content of a BIT STRING of whole octets (keys, signatures). */
export function bitString(node: Node): Uint8Array {
	const { content } = expect(node, tag.bitString, 'BIT STRING');
	if (content[0] !== 0) throw new CryptoError('malformed', 'der', 'BIT STRING: unused bits');
	return content.subarray(1);
}

/** Named bits of a BIT STRING: bit 0 is the first. */
export function namedBits(node: Node, as: number = tag.bitString): boolean[] {
	const { content } = expect(node, as, 'BIT STRING');
	const unused = content[0] ?? 8;
	if (unused > 7 || (content.length === 1 && unused > 0)) throw new CryptoError('malformed', 'der', 'BIT STRING: unused bits');
	return Array.from({ length: (content.length - 1) * 8 - unused }, (_, i) => ((content[1 + (i >> 3)]! >> (7 - (i & 7))) & 1) === 1);
}

/** A new copy of the bytes, for what must outlive the input. */
export const copy = (bytes: Uint8Array): Bytes => new Uint8Array(bytes);
