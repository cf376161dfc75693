// The ByteRange of a signature dictionary against the file (ISO 32000-1 §12.8.1; stricter than usual readers, ARCHITECTURE §6).

import { isArray, isNumber, isString, type Dict } from './objects.ts';
import type { PdfDocument } from './document.ts';

export type ByteRangeProblem =
	| 'missing' // no ByteRange, or not four non-negative integers
	| 'not-from-start'
	| 'gap' // what is left out is not exactly the /Contents string with its delimiters
	| 'overlap' // the second range begins before the gap ends, or runs past the file
	| 'not-a-revision'; // its end is no revision's end: the revision goes on after it

export interface ByteRangeFacts {
	readonly problems: readonly ByteRangeProblem[];
	/** The two covered ranges, [start, end). Null when there is no usable ByteRange. */
	readonly ranges: readonly [readonly [number, number], readonly [number, number]] | null;
	/** 1-based number of the revision the ranges cover to the end; 0: none. */
	readonly revision: number;
	/** The ranges reach the last byte of the file. */
	readonly wholeFile: boolean;
	/** Contents of /Contents with its padding; null when it is no hexadecimal string in the file. */
	readonly contents: Uint8Array | null;
}

/** `signature`: the dictionary as read from its own place in the file (its strings know where they stand). */
export function readByteRange(document: PdfDocument, signature: Dict): ByteRangeFacts {
	const contents = signature.map.get('Contents');
	const raw = isString(contents) && contents.hex && contents.start >= 0 ? contents : null;
	const none = { ranges: null, revision: 0, wholeFile: false, contents: raw?.bytes ?? null };
	const value = signature.map.get('ByteRange');
	const four = isArray(value) ? value.items.map((n) => (isNumber(n) && Number.isSafeInteger(n.value) && n.value >= 0 ? n.value : -1)) : [];
	if (four.length !== 4 || four.includes(-1)) return { ...none, problems: ['missing'] };
	const [a, b, c, d] = four as [number, number, number, number];
	const end = c + d;
	const problems: ByteRangeProblem[] = [];
	if (a !== 0) problems.push('not-from-start');
	if (c < a + b || end > document.bytes.length) problems.push('overlap');
	if (!raw || a + b !== raw.start || c !== raw.end) problems.push('gap');
	const revision = document.revisions.find((r) => r.end === end || r.eof === end)?.number ?? 0;
	if (!revision) problems.push('not-a-revision');
	return { problems, ranges: [[a, a + b], [c, end]], revision, wholeFile: end === document.bytes.length, contents: raw?.bytes ?? null };
}
