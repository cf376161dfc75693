// Cross-reference sections (ISO 32000-1 §7.5.4–7.5.8) and the revisions they make. Nothing is repaired: a wrong offset is malformed.

import { fromLatin1, latin1 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { decodeStream } from './filters.ts';
import { Lexer } from './lexer.ts';
import { isArray, isDict, isName, isNumber, type Dict, type PdfObject, type Stream } from './objects.ts';

export type Entry =
	| { readonly type: 'free' }
	| { readonly type: 'offset'; readonly offset: number; readonly gen: number }
	| { readonly type: 'compressed'; readonly stream: number; readonly index: number };

/** Bytes [start, end) of the file. */
export type Span = readonly [number, number];

/** One incremental update, or the first writing of the file. */
export interface Revision {
	/** 1 is the oldest. */
	readonly number: number;
	/** Offset named by `startxref`. */
	readonly xref: number;
	readonly kind: 'table' | 'stream';
	/** A table with /XRefStm: readers of PDF 1.4 see another document than later ones. */
	readonly hybrid: boolean;
	readonly trailer: Dict;
	readonly entries: ReadonlyMap<number, Entry>;
	/** Where its cross-reference sections stand, each to the %%EOF that closes it. */
	readonly sections: readonly Span[];
	/** Bytes [start, end) of the file that this revision added; `eof` is after its %%EOF, `end` after the line end that may follow. */
	readonly start: number;
	readonly eof: number;
	readonly end: number;
}

interface Section {
	readonly offset: number;
	readonly kind: 'table' | 'stream';
	readonly hybrid: boolean;
	readonly trailer: Dict;
	readonly entries: Map<number, Entry>;
	readonly previous: number | null;
	/** Where the bytes of the section end. */
	readonly after: number;
	/** The stream that /XRefStm names. */
	readonly beside: Span | null;
}

const maximumEntries = 2_000_000;
const maximumSections = 1000;
const malformed = (detail: string) => new CryptoError('malformed', 'damaged-xref', detail);

const unresolved = (o: PdfObject | undefined): PdfObject => o ?? null;

/** The number after the last `startxref` that an %%EOF follows; what comes after that is no part of the document. */
function lastStartxref(bytes: Uint8Array): number {
	const word = latin1('startxref');
	const tries = 100;
	for (let at = bytes.length, i = 0; i < tries; i++) {
		at = lastIndexOf(bytes, word, at - 1);
		if (at < 0) break;
		const found = /^startxref\s+(\d{1,12})\s+%%EOF/.exec(fromLatin1(bytes.subarray(at, at + 64)));
		if (found) return Number(found[1]);
	}
	throw malformed('no startxref with %%EOF');
}

/** The last place at or before `from` where `word` begins; −1: none. */
function lastIndexOf(bytes: Uint8Array, word: Uint8Array, from: number): number {
	for (let at = bytes.lastIndexOf(word[0]!, from); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(word[0]!, at - 1)) if (word.every((b, i) => bytes[at + i] === b)) return at;
	return -1;
}

function numberAt(d: Dict, key: string): number | null {
	const n = d.map.get(key);
	if (n === undefined) return null;
	if (!isNumber(n) || !Number.isSafeInteger(n.value) || n.value < 0) throw malformed(`/${key}`);
	return n.value;
}

function readTable(lexer: Lexer, offset: number): Section {
	const entries = new Map<number, Entry>();
	while (!lexer.keyword('trailer')) {
		const first = lexer.integer();
		const count = lexer.integer();
		if (entries.size + count > maximumEntries) throw new CryptoError('limit', 'pdf-xref-limit', 'too many entries');
		for (let i = 0; i < count; i++) {
			const at = lexer.integer();
			const gen = lexer.integer();
			if (entries.has(first + i)) throw malformed(`object ${first + i} twice in one section`);
			if (lexer.keyword('n')) entries.set(first + i, { type: 'offset', offset: at, gen });
			else if (lexer.keyword('f')) entries.set(first + i, { type: 'free' });
			else throw malformed(`entry of object ${first + i}`);
		}
	}
	const trailer = lexer.object();
	if (!isDict(trailer)) throw malformed('trailer');
	return { offset, kind: 'table', hybrid: trailer.map.has('XRefStm'), trailer, entries, previous: numberAt(trailer, 'Prev'), after: lexer.at, beside: null };
}

/** As it stands in the file. */
export interface Indirect {
	readonly object: PdfObject;
	/** From the first digit of its number to after `endobj`. */
	readonly start: number;
	readonly after: number;
}

/**
 * Reads `N G obj … endobj` at an offset, a stream by the length its dictionary gives through `length`.
 * @param expected its number and generation: looked at before the object is, so that a thousand entries for one large object cost no more than one
 */
export function readIndirect(bytes: Uint8Array, offset: number, end: number, length: (o: PdfObject | undefined) => PdfObject, expected?: { readonly num: number; readonly gen: number }): Indirect {
	if (offset >= end) throw malformed(`offset ${offset}`);
	const lexer = new Lexer(bytes, offset, end);
	lexer.skip();
	const start = lexer.at;
	const num = lexer.integer();
	const gen = lexer.integer();
	lexer.demand('obj');
	if (expected && (num !== expected.num || gen !== expected.gen)) throw malformed(`object ${expected.num} ${expected.gen} is not at byte ${offset}`);
	const object = lexer.object();
	if (!isDict(object) || !lexer.keyword('stream')) {
		lexer.demand('endobj');
		return { object, start, after: lexer.at };
	}
	// §7.3.8.1: the keyword is followed by CR LF or LF
	if (bytes[lexer.at] === 13 && bytes[lexer.at + 1] === 10) lexer.at += 2;
	else if (bytes[lexer.at] === 10) lexer.at += 1;
	else throw new CryptoError('malformed', 'pdf-stream', `line end after stream, object ${num}`);
	const size = length(object.map.get('Length'));
	if (!isNumber(size) || !Number.isSafeInteger(size.value) || size.value < 0 || lexer.at + size.value > end) throw new CryptoError('malformed', 'pdf-stream', `/Length of object ${num}`);
	const raw = bytes.subarray(lexer.at, lexer.at + size.value);
	lexer.at += size.value;
	lexer.demand('endstream');
	lexer.demand('endobj');
	return { object: { kind: 'stream', dict: object, raw }, start, after: lexer.at };
}

function readStream(bytes: Uint8Array, offset: number): Section {
	const { object, after } = readIndirect(bytes, offset, bytes.length, unresolved);
	const stream = object as Stream;
	if (typeof object !== 'object' || object?.kind !== 'stream' || !isName(stream.dict.map.get('Type'), 'XRef')) throw malformed('neither a table nor a stream');
	const { dict } = stream;
	const widths = integers(dict.map.get('W'));
	if (widths.length !== 3 || widths.some((w) => w > 8)) throw malformed('/W');
	const [w0, w1, w2] = widths as [number, number, number];
	const size = numberAt(dict, 'Size') ?? 0;
	const index = dict.map.has('Index') ? integers(dict.map.get('Index')) : [0, size];
	const data = decodeStream(stream, unresolved);
	const entries = new Map<number, Entry>();
	let at = 0;
	const take = (width: number, otherwise: number) => {
		let value = width ? 0 : otherwise;
		for (let i = 0; i < width; i++) value = value * 256 + data[at++]!;
		return value;
	};
	for (let i = 0; i + 1 < index.length; i += 2) {
		const [first, count] = [index[i]!, index[i + 1]!];
		if (entries.size + count > maximumEntries) throw new CryptoError('limit', 'pdf-xref-limit', 'too many entries');
		if (at + count * (w0 + w1 + w2) > data.length) throw malformed('cross-reference stream too short');
		for (let num = first; num < first + count; num++) {
			const [type, a, b] = [take(w0, 1), take(w1, 0), take(w2, 0)];
			if (entries.has(num)) throw malformed(`object ${num} twice in one section`);
			if (type === 0) entries.set(num, { type: 'free' });
			else if (type === 1) entries.set(num, { type: 'offset', offset: a, gen: b });
			else if (type === 2) entries.set(num, { type: 'compressed', stream: a, index: b });
		}
	}
	return { offset, kind: 'stream', hybrid: false, trailer: dict, entries, previous: numberAt(dict, 'Prev'), after, beside: null };
}

function integers(o: PdfObject | undefined): number[] {
	if (!isArray(o)) throw malformed('array of integers expected');
	return o.items.map((n) => {
		if (!isNumber(n) || !Number.isSafeInteger(n.value) || n.value < 0) throw malformed('array of integers expected');
		return n.value;
	});
}

/** §7.5.8.4: a table with /XRefStm; that stream has the objects which the table calls free or does not name. */
function withHidden(bytes: Uint8Array, section: Section): Section {
	const offset = numberAt(section.trailer, 'XRefStm');
	if (offset === null) return section;
	if (offset >= bytes.length) throw malformed(`/XRefStm ${offset}`);
	const stream = readStream(bytes, offset);
	const hidden = [...stream.entries].filter(([num, { type }]) => type !== 'free' && (section.entries.get(num)?.type ?? 'free') === 'free');
	return { ...section, entries: new Map([...section.entries, ...hidden]), beside: [offset, stream.after] };
}

function readSection(bytes: Uint8Array, offset: number): Section {
	if (offset >= bytes.length) throw malformed(`startxref ${offset}`);
	const lexer = new Lexer(bytes, offset);
	try {
		return lexer.keyword('xref') ? withHidden(bytes, readTable(lexer, offset)) : readStream(bytes, offset);
	} catch (cause) {
		if (cause instanceof CryptoError && cause.reason === 'pdf-syntax') throw new CryptoError('malformed', 'damaged-xref', cause.message, { cause });
		throw cause;
	}
}

/** The end of the %%EOF that closes the section ending at `after`: comments (§7.2.3), `startxref N %%EOF` and one line end. Null: none. */
function closing(bytes: Uint8Array, after: number): { eof: number; end: number } | null {
	const text = fromLatin1(bytes.subarray(after, after + 1024));
	const found = /^(?:\s|%(?!%EOF)[^\r\n]*[\r\n])*startxref\s+\d+\s+%%EOF(\r\n|\n|\r)?/.exec(text);
	if (!found) return null;
	const end = after + found[0].length;
	return { eof: end - (found[1]?.length ?? 0), end };
}

function endOf(bytes: Uint8Array, after: number): { eof: number; end: number } {
	const found = closing(bytes, after);
	if (!found) throw malformed(`no startxref and %%EOF after the section that ends at byte ${after}`);
	return found;
}

const sectionSpans = (bytes: Uint8Array, { offset, after, beside }: Section): Span[] => [[offset, closing(bytes, after)?.eof ?? after], ...(beside ? [beside] : [])];

/** Every revision, oldest first. Throws CryptoError `malformed` / `damaged-xref`. */
export function readRevisions(bytes: Uint8Array): Revision[] {
	const sections: Section[] = [];
	const seen = new Set<number>();
	for (let offset: number | null = lastStartxref(bytes); offset !== null; ) {
		if (seen.has(offset)) throw malformed('/Prev goes round in a circle');
		if (sections.length >= maximumSections) throw new CryptoError('limit', 'pdf-revision-limit', 'too many revisions');
		seen.add(offset);
		const section = readSection(bytes, offset);
		sections.push(section);
		offset = section.previous;
	}
	// A linearized file (annex F) opens with its first page's section, whose /Prev lies after it: the two are one revision.
	const groups: Section[][] = [];
	for (let i = 0; i < sections.length; i++) {
		const [section, next] = [sections[i]!, sections[i + 1]];
		if (next && next.offset > section.offset) {
			if (next.previous !== null) throw malformed('/Prev points forward');
			groups.push([section, next]);
			i++;
		} else groups.push([section]);
	}
	groups.reverse();
	let start = 0;
	return groups.map((group, i) => {
		const [main, rest] = group as [Section, Section | undefined];
		const { eof, end } = endOf(bytes, (rest ?? main).after);
		if (end <= start) throw malformed('revisions out of order');
		const revision: Revision = { number: i + 1, xref: main.offset, kind: main.kind, hybrid: group.some((s) => s.hybrid), trailer: main.trailer, entries: new Map([...(rest?.entries ?? []), ...main.entries]), sections: group.flatMap((s) => sectionSpans(bytes, s)), start, eof, end };
		start = end;
		return revision;
	});
}
