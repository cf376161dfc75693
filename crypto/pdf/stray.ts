// Bodies of catalogs and pages wherever they are in the bytes, as a reader that repairs would find them: cross-references are not asked.

import { latin1 } from '../bytes.ts';

const white = new Set([0, 9, 10, 11, 12, 13, 32]);
const isDigit = (b: number | undefined): boolean => b !== undefined && b >= 48 && b <= 57;
const isWord = (b: number | undefined): boolean => b !== undefined && (isDigit(b) || (b >= 65 && b <= 90) || b === 95 || (b >= 97 && b <= 122));

const [obj, open, endobj, type] = ['obj', '<<', 'endobj', '/Type'].map(latin1) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const kinds = ['/Catalog', '/Pages', '/Page'].map(latin1);
/** How far into a dictionary its /Type is looked for. */
const reach = 400;

function isAt(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
	for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false;
	return true;
}

function skipWhite(bytes: Uint8Array, at: number): number {
	while (white.has(bytes[at]!)) at++;
	return at;
}

/** Where a number of at most so many digits begins, whose end white space may part from `end`; −1: there is none. */
function numberBefore(bytes: Uint8Array, end: number, most: number): number {
	let at = end;
	while (white.has(bytes[at - 1]!)) at--;
	let start = at;
	while (isDigit(bytes[start - 1])) start--;
	return start === at || at - start > most ? -1 : start;
}

function leadsToPages(bytes: Uint8Array, at: number): boolean {
	const dictionary = skipWhite(bytes, at);
	if (!isAt(bytes, dictionary, open)) return false;
	for (let i = dictionary; i <= dictionary + open.length + reach; i++) {
		if (isAt(bytes, i, endobj)) return false;
		if (!isAt(bytes, i, type)) continue;
		const value = skipWhite(bytes, i + type.length);
		if (kinds.some((kind) => isAt(bytes, value, kind) && !isWord(bytes[value + kind.length]))) return true;
	}
	return false;
}

/** Offsets of the first digit of each `N G obj` whose dictionary says early that it is a catalog, a page or a tree of pages. Takes no copy of the bytes. */
export function* pageBodies(bytes: Uint8Array): Generator<number> {
	for (let at = bytes.indexOf(obj[0]!); at >= 0; at = bytes.indexOf(obj[0]!, at + 1)) {
		if (!isAt(bytes, at, obj)) continue;
		const number = numberBefore(bytes, numberBefore(bytes, at, 5), 10);
		if (number < 0 || (number > 0 && !white.has(bytes[number - 1]!))) continue;
		if (leadsToPages(bytes, at + obj.length)) yield number;
	}
}
