// The object types of ISO 32000-1 §7.3, as immutable values; and how each is written.

import { concat, concatAll, fromLatin1, hexBytes, latin1, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';

export interface Name {
	readonly kind: 'name';
	/** Decoded (#xx resolved), one code unit per byte. */
	readonly name: string;
}
export interface Ref {
	readonly kind: 'ref';
	readonly num: number;
	readonly gen: number;
}
export interface PdfString {
	readonly kind: 'string';
	readonly bytes: Uint8Array;
	/** Written as hexadecimal. */
	readonly hex: boolean;
	/** Of the delimiters in the file; −1 when made here. */
	readonly start: number;
	readonly end: number;
}
export interface Dict {
	readonly kind: 'dict';
	readonly map: ReadonlyMap<string, PdfObject>;
}
export interface Stream {
	readonly kind: 'stream';
	readonly dict: Dict;
	/** As stored: encoded. */
	readonly raw: Uint8Array;
}
/** Integers and reals, with the text they were written as. */
export interface PdfNumber {
	readonly kind: 'number';
	readonly value: number;
	readonly text: string;
}
export interface PdfArray {
	readonly kind: 'array';
	readonly items: readonly PdfObject[];
}
export type PdfObject = Name | Ref | PdfString | Dict | Stream | PdfNumber | PdfArray | boolean | null;

export const name = (text: string): Name => ({ kind: 'name', name: text });
export const ref = (num: number, gen = 0): Ref => ({ kind: 'ref', num, gen });
export const array = (...items: readonly PdfObject[]): PdfArray => ({ kind: 'array', items });
export const dict = (entries: Readonly<Record<string, PdfObject>>): Dict => ({ kind: 'dict', map: new Map(Object.entries(entries)) });
export const stream = (entries: Readonly<Record<string, PdfObject>>, raw: Uint8Array): Stream => ({ kind: 'stream', dict: dict({ ...entries, Length: number(raw.length) }), raw });
export const hexString = (bytes: Uint8Array): PdfString => ({ kind: 'string', bytes, hex: true, start: -1, end: -1 });

/** A number, written with at most four decimals and no exponent. */
export function number(value: number): PdfNumber {
	if (!Number.isFinite(value)) throw new CryptoError('misuse', 'pdf-number', String(value));
	return { kind: 'number', value, text: Number.isInteger(value) ? String(value) : value.toFixed(4).replace(/\.?0+$/, '') };
}

/** A text string (§7.9.2.2): ASCII as it is, the rest in UTF-16BE with its mark. */
export function textString(text: string): PdfString {
	 
	if (/^[\x20-\x7e]*$/.test(text)) return { kind: 'string', bytes: latin1(text), hex: false, start: -1, end: -1 };
	const bytes = new Uint8Array(2 + text.length * 2);
	bytes.set([0xfe, 0xff]);
	for (let i = 0; i < text.length; i++) bytes.set([text.charCodeAt(i) >> 8, text.charCodeAt(i) & 255], 2 + 2 * i);
	return hexString(bytes);
}

/** The text of a text string: UTF-16BE or UTF-8 by its mark, else bytes as ISO 8859-1 (PDFDocEncoding's printable part). */
export function textOf(string: PdfString): string {
	const { bytes } = string;
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes.subarray(2));
	if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return new TextDecoder().decode(bytes.subarray(3));
	return fromLatin1(bytes);
}

export const isName = (o: PdfObject | undefined, text?: string): o is Name => typeof o === 'object' && o?.kind === 'name' && (text === undefined || o.name === text);
export const isDict = (o: PdfObject | undefined): o is Dict => typeof o === 'object' && o?.kind === 'dict';
export const isStream = (o: PdfObject | undefined): o is Stream => typeof o === 'object' && o?.kind === 'stream';
export const isArray = (o: PdfObject | undefined): o is PdfArray => typeof o === 'object' && o?.kind === 'array';
export const isRef = (o: PdfObject | undefined): o is Ref => typeof o === 'object' && o?.kind === 'ref';
export const isString = (o: PdfObject | undefined): o is PdfString => typeof o === 'object' && o?.kind === 'string';
export const isNumber = (o: PdfObject | undefined): o is PdfNumber => typeof o === 'object' && o?.kind === 'number';

/** The dictionary of a dictionary or stream. */
export const dictOf = (o: PdfObject | undefined): Dict | null => (isDict(o) ? o : isStream(o) ? o.dict : null);

/** A copy of a dictionary with some entries set; null removes one. */
export function withEntries(d: Dict, entries: Readonly<Record<string, PdfObject>>): Dict {
	const map = new Map(d.map);
	for (const [key, value] of Object.entries(entries)) value === null ? map.delete(key) : map.set(key, value);
	return { kind: 'dict', map };
}

const writeName = (text: string) => `/${text.replace(/[^!-~]|[#()<>[\]{}/%]/g, (c) => `#${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}`;

/** The object as file bytes; a stream with its dictionary's /Length as it stands. */
export function writeObject(o: PdfObject): Bytes {
	if (o === null) return latin1('null');
	if (typeof o === 'boolean') return latin1(String(o));
	switch (o.kind) {
		case 'name':
			return latin1(writeName(o.name));
		case 'ref':
			return latin1(`${o.num} ${o.gen} R`);
		case 'number':
			return latin1(o.text);
		case 'string':
			return o.hex ? concat(latin1('<'), hexBytes(o.bytes), latin1('>')) : concat(latin1('('), escape(o.bytes), latin1(')'));
		case 'array':
			return concat(latin1('['), concatAll(o.items.flatMap((item, i) => [latin1(i ? ' ' : ''), writeObject(item)])), latin1(']'));
		case 'dict':
			return concat(latin1('<<'), concatAll([...o.map].flatMap(([key, value]) => [latin1(`${writeName(key)} `), writeObject(value), latin1('\n')])), latin1('>>'));
		case 'stream':
			return concat(writeObject(o.dict), latin1('\nstream\n'), o.raw, latin1('\nendstream'));
	}
}

function escape(bytes: Uint8Array): Bytes {
	const out: number[] = [];
	for (const b of bytes) {
		if (b === 0x28 || b === 0x29 || b === 0x5c) out.push(0x5c, b);
		else if (b === 0x0d) out.push(0x5c, 0x72);
		else out.push(b);
	}
	return Uint8Array.from(out);
}
