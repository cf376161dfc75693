// What a revision holds that its cross-reference does not account for: only a reader that repairs would see it (ISO 32000-1 §7.5.4, §7.5.7; ARCHITECTURE §6).

import { fromLatin1 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { PdfDocument, View } from './document.ts';
import { Lexer, white } from './lexer.ts';
import { isName, isStream } from './objects.ts';
import type { Indirect, Span } from './xref.ts';

export interface Hidden {
	/** 1-based number of the revision that brought it. */
	readonly revision: number;
	readonly detail: string;
}

interface Named extends Indirect {
	readonly num: number;
}

/**
 * Bytes of the file that are neither an object some cross-reference names, nor a section, nor white space and comments; object headers that nothing names,
 * wherever they stand; members of object streams that the cross-reference of their revision does not point to.
 */
export function hiddenObjects({ bytes, revisions, atRevision }: PdfDocument): Hidden[] {
	const views = revisions.map(({ number }) => atRevision(number));
	const named = views.map((view) => [...view.revision.entries.keys()].flatMap((num) => namedObject(view, num)));
	const spans = [...named.flat().map((n): Span => [n.start, n.after]), ...revisions.flatMap((r) => r.sections)].sort((a, b) => a[0] - b[0]);
	const end = revisions.at(-1)!.end;
	const unnamed = [...between(bytes, end, spans), ...headers(bytes, end, new Set(spans.map(([start]) => start)))];
	return [
		...unnamed.map(({ at, what }) => ({ revision: revisions.find((r) => at < r.end)!.number, detail: `byte ${at}: ${what}` })),
		...views.flatMap((view, i) => named[i]!.flatMap((n) => strays(view, n)).map((detail) => ({ revision: i + 1, detail })))
	];
}

/** The object where its entry says; none when it is not there. */
function namedObject(view: View, num: number): Named[] {
	const placed = view.placed(num);
	return placed ? [{ num, ...placed }] : [];
}

/** A comment with one of these is a part of the file to a reader that searches for words. */
const words = /obj|xref|trailer/;
const window = 65_536;

/** In pieces that overlap by a word: a comment may be as long as the file. */
function misleads(bytes: Uint8Array, from: number, to: number): boolean {
	for (let at = from; at < to; at += window) if (words.test(fromLatin1(bytes.subarray(at, Math.min(at + window + 8, to))))) return true;
	return false;
}

interface Unnamed {
	readonly at: number;
	readonly what: string;
}

function between(bytes: Uint8Array, end: number, spans: readonly Span[]): Unnamed[] {
	const out: Unnamed[] = [];
	let at = 0;
	for (const [from, to] of [...spans, [end, end] as const]) {
		if (from > at) {
			const lexer = new Lexer(bytes, at, from);
			lexer.skip();
			if (lexer.at < from) out.push({ at: lexer.at, what: 'nothing names this' });
			else if (misleads(bytes, at, from)) out.push({ at, what: 'a misleading comment' });
		}
		at = Math.max(at, to);
	}
	return out;
}

/** `N G obj` in a stream, a string or a comment: to a reader that searches for it, an object. */
function headers(bytes: Uint8Array, end: number, named: ReadonlySet<number>): Unnamed[] {
	const out: Unnamed[] = [];
	const isWhite = (b: number) => white.has(b);
	const isDigit = (b: number) => b >= 48 && b <= 57;
	for (let at = bytes.indexOf(0x6f); at >= 0 && at < end; at = bytes.indexOf(0x6f, at + 1)) {
		if (bytes[at + 1] !== 0x62 || bytes[at + 2] !== 0x6a) continue;
		let from = at;
		const back = (is: (b: number) => boolean): boolean => {
			const stop = from;
			while (from && is(bytes[from - 1]!)) from--;
			return from < stop;
		};
		if ([isWhite, isDigit, isWhite, isDigit].every(back) && !named.has(from)) out.push({ at: from, what: 'nothing names this object' });
	}
	return out;
}

/** §7.5.7: what an object stream holds, and the cross-reference of its revision puts elsewhere or nowhere. */
function strays({ revision, resolve, members }: View, { num, object }: Named): string[] {
	if (!isStream(object) || !isName(resolve(object.dict.map.get('Type')), 'ObjStm')) return [];
	try {
		const placed = (member: number, index: number) => {
			const entry = revision.entries.get(member);
			return entry?.type === 'compressed' && entry.stream === num && entry.index === index;
		};
		return members(num).flatMap((member, i) => (placed(member, i) ? [] : [`nothing names object ${member} in stream ${num}`]));
	} catch (error) {
		if (error instanceof CryptoError) return [`stream ${num}: ${error.message}`];
		throw error;
	}
}
