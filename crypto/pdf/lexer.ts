// Reading PDF objects from bytes (ISO 32000-1 §7.2–7.3), under limits. Strict where readers disagree: what is not an object is malformed.

import { fromLatin1 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { PdfObject } from './objects.ts';

const maximumDepth = 64;
const maximumItems = 1_000_000;

/** White space (§7.2.2, table 1). */
export const white: ReadonlySet<number> = new Set([0, 9, 10, 12, 13, 32]);
const delimiter = new Set([...'()<>[]{}/%'].map((c) => c.charCodeAt(0)));
const isRegular = (b: number | undefined): b is number => b !== undefined && !white.has(b) && !delimiter.has(b);
const digit = (b: number) => (b >= 48 && b <= 57 ? b - 48 : b >= 65 && b <= 70 ? b - 55 : b >= 97 && b <= 102 ? b - 87 : -1);

/** A cursor over bytes that reads one object after the other. */
export class Lexer {
	readonly bytes: Uint8Array;
	at: number;
	readonly end: number;
	private items = 0;

	constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
		this.bytes = bytes;
		this.at = at;
		this.end = end;
	}

	private fail(reason: string): never {
		throw new CryptoError('malformed', 'pdf-syntax', `${reason} at byte ${this.at}`);
	}
	private peek(ahead = 0): number | undefined {
		return this.at + ahead < this.end ? this.bytes[this.at + ahead] : undefined;
	}

	/** Past white space and comments. */
	skip(): void {
		for (let b = this.peek(); b !== undefined && (white.has(b) || b === 0x25); b = this.peek()) {
			if (b === 0x25) while (this.at < this.end && this.bytes[this.at] !== 10 && this.bytes[this.at] !== 13) this.at++;
			else this.at++;
		}
	}

	/** Takes a keyword if it is next. */
	keyword(word: string): boolean {
		this.skip();
		for (let i = 0; i < word.length; i++) if (this.peek(i) !== word.charCodeAt(i)) return false;
		if (isRegular(this.peek(word.length)) && isRegular(word.charCodeAt(word.length - 1))) return false;
		this.at += word.length;
		return true;
	}

	/** Takes a keyword that must be next. */
	demand(word: string): void {
		if (!this.keyword(word)) this.fail(`'${word}' expected`);
	}

	/** A run of regular characters; empty when a delimiter comes. */
	private word(): string {
		const start = this.at;
		while (isRegular(this.peek())) this.at++;
		return fromLatin1(this.bytes.subarray(start, this.at));
	}

	/** An unsigned integer that must be next. */
	integer(): number {
		this.skip();
		const text = this.word();
		if (!/^\d{1,15}$/.test(text)) this.fail('integer expected');
		return Number(text);
	}

	/** The object at the cursor. Streams are not read here: the caller sees `stream` after a dictionary. */
	object(depth = 0): PdfObject {
		if (depth > maximumDepth || ++this.items > maximumItems) throw new CryptoError('limit', 'pdf-object-limit', 'too deep or too many objects');
		this.skip();
		const b = this.peek();
		if (b === undefined) this.fail('end of data');
		switch (b) {
			case 0x2f:
				return { kind: 'name', name: this.name() };
			case 0x28:
				return this.literalString();
			case 0x5b:
				return this.array(depth);
			case 0x3c:
				return this.peek(1) === 0x3c ? this.dictionary(depth) : this.hexString();
		}
		return this.wordObject();
	}

	private name(): string {
		this.at++;
		let out = '';
		for (let b = this.peek(); isRegular(b); b = this.peek()) {
			this.at++;
			if (b !== 0x23) {
				out += String.fromCharCode(b);
				continue;
			}
			const [high, low] = [digit(this.peek() ?? 0), digit(this.peek(1) ?? 0)];
			if (high < 0 || low < 0) this.fail('# in a name');
			out += String.fromCharCode(high * 16 + low);
			this.at += 2;
		}
		return out;
	}

	private literalString(): PdfObject {
		const start = this.at++;
		const out: number[] = [];
		for (let depth = 1; ; ) {
			let b = this.peek();
			if (b === undefined) this.fail('string without end');
			this.at++;
			if (b === 0x29 && --depth === 0) break;
			if (b === 0x28) depth++;
			if (b === 13) {
				if (this.peek() === 10) this.at++;
				b = 10;
			}
			if (b === 0x5c) this.escape(out);
			else out.push(b);
		}
		return { kind: 'string', bytes: Uint8Array.from(out), hex: false, start, end: this.at };
	}

	/** After a backslash (§7.3.4.2, table 3). */
	private escape(out: number[]): void {
		const b = this.peek();
		if (b === undefined) this.fail('string without end');
		this.at++;
		const plain = { n: 10, r: 13, t: 9, b: 8, f: 12 }[String.fromCharCode(b)];
		if (plain !== undefined) out.push(plain);
		else if (b === 13) {
			if (this.peek() === 10) this.at++;
		} else if (b >= 48 && b <= 55) {
			let value = b - 48;
			for (let i = 0; i < 2 && this.peek()! >= 48 && this.peek()! <= 55; i++) value = value * 8 + this.bytes[this.at++]! - 48;
			out.push(value & 255);
		} else if (b !== 10) out.push(b);
	}

	private hexString(): PdfObject {
		const start = this.at++;
		const close = this.bytes.indexOf(0x3e, this.at);
		if (close < 0 || close >= this.end) this.fail('string without end');
		const source = this.bytes;
		const bytes = new Uint8Array((close - this.at + 1) >> 1);
		let read = 0;
		for (let at = this.at; at < close; at++) {
			const value = digit(source[at]!);
			if (value >= 0) bytes[read >> 1]! |= value << (read++ % 2 ? 0 : 4);
			else if (!white.has(source[at]!)) {
				this.at = at;
				this.fail('not a hexadecimal digit');
			}
		}
		this.at = close + 1;
		return { kind: 'string', bytes: bytes.subarray(0, (read + 1) >> 1), hex: true, start, end: this.at };
	}

	private array(depth: number): PdfObject {
		this.at++;
		const items: PdfObject[] = [];
		for (this.skip(); this.peek() !== 0x5d; this.skip()) items.push(this.object(depth + 1));
		this.at++;
		return { kind: 'array', items };
	}

	private dictionary(depth: number): PdfObject {
		this.at += 2;
		const map = new Map<string, PdfObject>();
		for (this.skip(); !(this.peek() === 0x3e && this.peek(1) === 0x3e); this.skip()) {
			if (this.peek() !== 0x2f) this.fail('key expected');
			const key = this.name();
			if (map.has(key)) throw new CryptoError('malformed', 'pdf-duplicate-key', `/${key} twice at byte ${this.at}`); // readers disagree on which counts
			map.set(key, this.object(depth + 1));
		}
		this.at += 2;
		return { kind: 'dict', map };
	}

	private wordObject(): PdfObject {
		const start = this.at;
		const word = this.word();
		if (word === 'true' || word === 'false') return word === 'true';
		if (word === 'null') return null;
		if (/^\d{1,10}$/.test(word)) {
			const after = this.at;
			const reference = this.reference(Number(word));
			if (reference) return reference;
			this.at = after;
		}
		if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) {
			this.at = start;
			this.fail('object expected');
		}
		return { kind: 'number', value: Number(word), text: word };
	}

	/** `gen R` after a number, or null. */
	private reference(num: number): PdfObject | null {
		this.skip();
		const word = this.word();
		return /^\d{1,5}$/.test(word) && this.keyword('R') ? { kind: 'ref', num, gen: Number(word) } : null;
	}
}
