// zlib and DEFLATE decompression (RFC 1950, 1951), capped: a stream never becomes more than its caps allow. The Adler checksum is not demanded: readers do not.

import { CryptoError } from '../errors.ts';
import type { Bytes } from '../bytes.ts';

export interface InflateLimits {
	/** Bytes out. */
	readonly size: number;
	/** Bytes out for each byte in, beyond the first 64 KiB. */
	readonly ratio: number;
}

export const defaultLimits: InflateLimits = { size: 100 * 1024 * 1024, ratio: 200 };

const lengthBase = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBase = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const distanceExtra = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const malformed = (detail: string) => new CryptoError('malformed', 'inflate', detail);

/** A canonical Huffman code: how many codes of each length, and the symbols in order of code. */
interface Code {
	readonly counts: Uint16Array;
	readonly symbols: Uint16Array;
}

function codeOf(lengths: readonly number[]): Code {
	const counts = new Uint16Array(16);
	for (const l of lengths) counts[l]!++;
	counts[0] = 0;
	const offsets = new Uint16Array(16);
	for (let l = 1; l < 15; l++) offsets[l + 1] = offsets[l]! + counts[l]!;
	let left = 1;
	for (let l = 1; l < 16; l++) {
		left = left * 2 - counts[l]!;
		if (left < 0) throw malformed('over-subscribed code');
	}
	const symbols = new Uint16Array(lengths.length);
	lengths.forEach((l, symbol) => {
		if (l) symbols[offsets[l]!++] = symbol;
	});
	return { counts, symbols };
}

const fixedLiterals = codeOf(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)));
const fixedDistances = codeOf(Array.from({ length: 30 }, () => 5));

class Bits {
	private readonly bytes: Uint8Array;
	at: number;
	private buffer = 0;
	private count = 0;
	constructor(bytes: Uint8Array, at: number) {
		this.bytes = bytes;
		this.at = at;
	}
	take(n: number): number {
		while (this.count < n) {
			if (this.at >= this.bytes.length) throw malformed('cut off');
			this.buffer |= this.bytes[this.at++]! << this.count;
			this.count += 8;
		}
		const value = this.buffer & ((1 << n) - 1);
		this.buffer >>>= n;
		this.count -= n;
		return value;
	}
	align(): void {
		this.buffer = 0;
		this.count = 0;
	}
	symbol({ counts, symbols }: Code): number {
		let code = 0;
		let first = 0;
		let index = 0;
		for (let length = 1; length < 16; length++) {
			code |= this.take(1);
			const count = counts[length]!;
			if (code - count < first) return symbols[index + code - first]!;
			index += count;
			first = (first + count) << 1;
			code <<= 1;
		}
		throw malformed('no such code');
	}
}

/** The bytes of a zlib stream. Throws CryptoError `malformed` or `limit`. */
export function inflate(bytes: Uint8Array, limits: InflateLimits = defaultLimits): Bytes {
	const [cmf = 0, flg = 0] = bytes;
	if ((cmf & 15) !== 8 || ((cmf << 8) | flg) % 31 !== 0 || flg & 32) throw malformed('no zlib header');
	const cap = Math.min(limits.size, Math.max(65_536, bytes.length * limits.ratio));
	const bits = new Bits(bytes, 2);
	let out = new Uint8Array(Math.min(cap, Math.max(1024, bytes.length * 4)));
	let length = 0;
	const room = (n: number) => {
		if (length + n > cap) throw new CryptoError('limit', 'inflate-limit', `more than ${cap} bytes`);
		if (length + n <= out.length) return;
		const wider = new Uint8Array(Math.min(cap, Math.max(out.length * 2, length + n)));
		wider.set(out.subarray(0, length));
		out = wider;
	};

	function block(literals: Code, distances: Code): void {
		for (;;) {
			const symbol = bits.symbol(literals);
			if (symbol === 256) return;
			if (symbol < 256) {
				room(1);
				out[length++] = symbol;
				continue;
			}
			const base = lengthBase[symbol - 257];
			if (base === undefined) throw malformed('length code');
			const run = base + bits.take(lengthExtra[symbol - 257]!);
			const distanceSymbol = bits.symbol(distances);
			const far = distanceBase[distanceSymbol];
			if (far === undefined) throw malformed('distance code');
			const distance = far + bits.take(distanceExtra[distanceSymbol]!);
			if (distance > length) throw malformed('distance before the beginning');
			room(run);
			for (let i = 0; i < run; i++, length++) out[length] = out[length - distance]!;
		}
	}

	for (let last = 0; !last; ) {
		last = bits.take(1);
		const type = bits.take(2);
		if (type === 0) {
			bits.align();
			const [a, b, c, d] = bytes.subarray(bits.at, bits.at + 4);
			if (d === undefined || (a! | (b! << 8)) !== (~(c! | (d << 8)) & 0xffff)) throw malformed('stored block');
			const size = a! | (b! << 8);
			const from = bits.at + 4;
			if (from + size > bytes.length) throw malformed('cut off');
			room(size);
			out.set(bytes.subarray(from, from + size), length);
			length += size;
			bits.at = from + size;
		} else if (type === 1) block(fixedLiterals, fixedDistances);
		else if (type === 2) block(...dynamicCodes(bits));
		else throw malformed('block type');
	}
	return out.slice(0, length);
}

/** RFC 1951 §3.2.7. */
function dynamicCodes(bits: Bits): [Code, Code] {
	const literalCount = bits.take(5) + 257;
	const distanceCount = bits.take(5) + 1;
	const codeLengths = new Array<number>(19).fill(0);
	const used = bits.take(4) + 4;
	for (let i = 0; i < used; i++) codeLengths[codeOrder[i]!] = bits.take(3);
	const code = codeOf(codeLengths);
	const lengths: number[] = [];
	while (lengths.length < literalCount + distanceCount) {
		const symbol = bits.symbol(code);
		if (symbol < 16) lengths.push(symbol);
		else {
			if (symbol === 16 && !lengths.length) throw malformed('nothing to repeat');
			const value = symbol === 16 ? lengths.at(-1)! : 0;
			const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
			for (let i = 0; i < times; i++) lengths.push(value);
		}
	}
	if (lengths.length > literalCount + distanceCount) throw malformed('too many lengths');
	return [codeOf(lengths.slice(0, literalCount)), codeOf(lengths.slice(literalCount))];
}
