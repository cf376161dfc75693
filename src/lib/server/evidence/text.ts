// A line in any script as a PDF draws it: runs of one font each, in the order they are seen (Unicode UAX #9).

import { readFile } from 'node:fs/promises';
import bidiFactory from 'bidi-js';
import type { PDFDocument, PDFFont, PDFPage, RGB } from 'pdf-lib';
import { soundFontkit } from './fontkit.ts';

const bidi = bidiFactory();
const files = new Map<string, Promise<Buffer>>();
const covered = new WeakMap<PDFFont, ReadonlySet<number>>();

/** A font file, read once in the life of the process. */
export function readFont(file: string): Promise<Buffer> {
	let read = files.get(file);
	if (!read) files.set(file, (read = readFile(file)));
	return read;
}

function has(font: PDFFont, c: string): boolean {
	let set = covered.get(font);
	if (!set) covered.set(font, (set = new Set(font.getCharacterSet())));
	return set.has(c.codePointAt(0)!);
}

/** What draws nothing by itself: joiners, variation selectors. */
const silent = /^\p{Default_Ignorable_Code_Point}$/u;

/** The fonts that `text` needs of these files, in their order, as subsets of the document. The first is always there. */
export async function embedFonts(pdf: PDFDocument, files: readonly string[], text: string): Promise<PDFFont[]> {
	pdf.registerFontkit(soundFontkit);
	const fonts: PDFFont[] = [];
	for (const file of files) {
		if (fonts.length && [...text.normalize('NFC')].every((c) => fonts.some((f) => has(f, c)))) break;
		fonts.push(await pdf.embedFont(await readFont(file), { subset: true }));
	}
	return fonts;
}

export interface Run {
	readonly text: string;
	readonly font: PDFFont;
}

/** The text with what no font can draw named by its code point: never an empty box. */
const drawable = (text: string, fonts: readonly PDFFont[]): string =>
	[...text.normalize('NFC')].map((c) => (fonts.some((f) => has(f, c)) ? c : silent.test(c) ? '' : `[U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`)).join('');

/** The runs of a line from left to right. `direction`: of the paragraph; by its first strong letter when not told. */
export function visualRuns(line: string, fonts: readonly PDFFont[], direction?: 'ltr' | 'rtl'): Run[] {
	const text = drawable(line, fonts);
	const { levels } = bidi.getEmbeddingLevels(text, direction);
	const runs: { text: string; font: PDFFont; level: number }[] = [];
	for (let i = 0; i < text.length; ) {
		const c = String.fromCodePoint(text.codePointAt(i)!);
		const level = levels[i]!;
		const last = runs.at(-1);
		const font = last && !/[\p{L}\p{N}]/u.test(c) && has(last.font, c) ? last.font : fonts.find((f) => has(f, c))!;
		const seen = (level % 2 && bidi.getMirroredCharacter(c)) || c;
		if (last?.level === level && last.font === font) last.text += seen;
		else runs.push({ text: seen, font, level });
		i += c.length;
	}
	for (let level = Math.max(0, ...runs.map((r) => r.level)); level > 0; level--) reverseFrom(runs, level);
	return runs.map(({ text, font, level }) => ({ font, text: level % 2 && !rightToLeft.test(text) ? [...text].reverse().join('') : text }));
}

/** A run with such a letter is turned by the font's own layout. */
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Rule L2: every stretch of at least this level is seen the other way round. */
function reverseFrom(runs: { level: number }[], level: number): void {
	for (let from = 0; from < runs.length; from++) {
		if (runs[from]!.level < level) continue;
		let to = from;
		while (to < runs.length && runs[to]!.level >= level) to++;
		runs.splice(from, to - from, ...runs.slice(from, to).reverse());
		from = to;
	}
}

/** Its width in points. */
export const widthOf = (line: string, fonts: readonly PDFFont[], size: number): number => visualRuns(line, fonts).reduce((sum, { text, font }) => sum + font.widthOfTextAtSize(text, size), 0);

/** Draws a line whose left end is at x, its base at y. */
export function drawLine(page: PDFPage, line: string, fonts: readonly PDFFont[], place: { x: number; y: number; size: number; color: RGB; direction?: 'ltr' | 'rtl' }): void {
	const { x, y, size, color, direction } = place;
	let at = x;
	for (const { text, font } of visualRuns(line, fonts, direction)) {
		page.drawText(text, { x: at, y, size, font, color });
		at += font.widthOfTextAtSize(text, size);
	}
}

/** The text in lines no wider than `width`, broken at spaces, or inside a word that is wider by itself. */
export function wrap(text: string, fonts: readonly PDFFont[], size: number, width: number): string[] {
	const fits = (line: string) => widthOf(line, fonts, size) <= width;
	const lines: string[] = [];
	for (const word of text.split(/\s+/).flatMap((w) => (fits(w) ? [w] : chop(w, fits)))) {
		const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
		if (lines.length && fits(longer)) lines[lines.length - 1] = longer;
		else lines.push(word);
	}
	return lines;
}

function chop(word: string, fits: (line: string) => boolean): string[] {
	const out = [''];
	for (const c of word) {
		if (!fits(out.at(-1)! + c)) out.push('');
		out[out.length - 1] += c;
	}
	return out;
}
