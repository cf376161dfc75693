// A ByteRange against a file of two revisions, of 100 and 200 bytes: every deviation has its own word.

import { expect, test } from 'vitest';
import { readByteRange } from './byte-range.ts';
import type { PdfDocument } from './document.ts';
import { array, dict, name, number, type PdfObject, type PdfString } from './objects.ts';

const document = { bytes: new Uint8Array(200), revisions: [{ number: 1, end: 100, eof: 99 }, { number: 2, end: 200, eof: 200 }] } as unknown as PdfDocument;
const contents: PdfString = { kind: 'string', bytes: new Uint8Array(4), hex: true, start: 20, end: 30 };
const facts = (range: PdfObject, of: PdfObject = contents) => readByteRange(document, dict({ ByteRange: range, Contents: of }));
const problems = (...four: number[]) => facts(array(...four.map(number))).problems;

test('ISO 32000-1 §12.8.1: from the first byte, without exactly /Contents, to the end of a revision', () => {
	expect(facts(array(...[0, 20, 30, 170].map(number)))).toEqual({ problems: [], ranges: [[0, 20], [30, 200]], revision: 2, wholeFile: true, contents: contents.bytes });
	expect(facts(array(...[0, 20, 30, 70].map(number)))).toMatchObject({ problems: [], revision: 1, wholeFile: false });
	expect(facts(array(...[0, 20, 30, 69].map(number)))).toMatchObject({ problems: [], revision: 1 });
	expect(problems(0, 20, 30, 60)).toEqual(['not-a-revision']);
	expect(problems(1, 19, 30, 170)).toEqual(['not-from-start']);
});

test('what is left out is the hexadecimal string, where it stands in the file', () => {
	for (const four of [[0, 19, 30, 170], [0, 21, 30, 170], [0, 20, 29, 171], [0, 20, 31, 169]]) expect(problems(...four)).toEqual(['gap']);
	for (const other of [{ ...contents, hex: false }, { ...contents, start: -1 }, number(5)]) expect(facts(array(...[0, 20, 30, 170].map(number)), other)).toMatchObject({ problems: ['gap'], contents: null });
	expect(facts(array(...[0, 0, 30, 170].map(number)), { ...contents, start: 0 })).toMatchObject({ problems: [], contents: contents.bytes });
});

test('ranges neither meet in the wrong order nor run past the file', () => {
	expect(problems(0, 40, 30, 170)).toEqual(['overlap', 'gap']);
	expect(problems(10, 20, 25, 175)).toEqual(['not-from-start', 'overlap', 'gap']);
	expect(problems(0, 30, 30, 170)).toEqual(['gap']);
	expect(problems(0, 20, 30, 171)).toEqual(['overlap', 'not-a-revision']);
});

test('anything but four integers from 0 up is none', () => {
	const none = { problems: ['missing'], ranges: null, revision: 0, wholeFile: false, contents: contents.bytes };
	const four = [0, 20, 30, 170].map(number);
	for (const range of [null, number(5), array(), array(...four.slice(1)), array(...four, number(0)), array(number(0), number(20), number(30.5), number(170)), array(number(-5), ...four.slice(1)), array(name('x'), ...four.slice(1)), array(...four.slice(0, 3), number(2 ** 53))]) expect(facts(range)).toEqual(none);
});
