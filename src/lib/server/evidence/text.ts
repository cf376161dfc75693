// A line in any script as a PDF draws it: runs of one font each, in the order they are seen (Unicode UAX #9).

import { readFile } from 'node:fs/promises';
import bidiFactory from 'bidi-js';
import type { PDFDocument, PDFFont, PDFPage, RGB } from 'pdf-lib';
import { soundFontkit } from './fontkit.ts';
import { drawGlyphs, widthOfRun, type Run } from './glyphs.ts';
import { plain } from './plain.ts';

const bidi = bidiFactory();
const files = new Map<string, Promise<Buffer>>();
const covered = new WeakMap<readonly number[], ReadonlySet<number>>();

/** A font file, read once in the life of the process. */
export function readFont(file: string): Promise<Buffer> {
	let read = files.get(file);
	if (!read) files.set(file, (read = readFile(file)));
	return read;
}

function has(font: PDFFont, c: string): boolean {
	const all = font.getCharacterSet(); // of the file: the same in each document
	let set = covered.get(all);
	if (!set) covered.set(all, (set = new Set(all)));
	return set.has(c.codePointAt(0)!);
}

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

/** What draws nothing by itself: joiners, variation selectors. */
const silent = /^\p{Default_Ignorable_Code_Point}$/u;

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Letters with their marks (UAX #29). Each in the first font that has all of it, or in pieces; what no font can draw is named by its code point: never an empty box. */
function letters(line: string, fonts: readonly PDFFont[]): Run[] {
	const fontOf = (letter: string) => fonts.find((f) => [...letter].every((c) => silent.test(c) || has(f, c)));
	const piece = (text: string): Run[] => {
		const font = fontOf(text);
		if (font) return [{ font, text: [...text].filter((c) => has(font, c)).join('') }];
		return [...text].length > 1 ? [...text].flatMap(piece) : [...`[U+${text.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`].map((c) => ({ font: fonts[0]!, text: c }));
	};
	return [...segmenter.segment(line.normalize('NFC'))].flatMap(({ segment }) => piece(segment)).filter(({ text }) => text);
}

/** Scripts whose letters are whole syllables (UAX #29 GB9c). Each is laid out by itself: among several, fontkit ties the signs of one to another. */
const syllabic = /[\p{Script=Bengali}\p{Script=Devanagari}\p{Script=Gujarati}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Telugu}]/u;

/** The runs of a line from left to right. `direction`: of the paragraph; by its first strong letter when not told. */
export function visualRuns(line: string, fonts: readonly PDFFont[], direction?: 'ltr' | 'rtl'): Run[] {
	const text = line.normalize('NFC');
	const [font] = fonts;
	if (font && direction !== 'rtl' && plain.test(text) && [...text].every((c) => has(font, c))) return text ? [{ text, font }] : [];
	return anyRuns(text, fonts, direction);
}

/** The same, whatever its letters are. */
export function anyRuns(line: string, fonts: readonly PDFFont[], direction?: 'ltr' | 'rtl'): Run[] {
	const all = letters(line, fonts);
	const { levels } = bidi.getEmbeddingLevels(all.map((l) => l.text).join(''), direction);
	const runs: { text: string; font: PDFFont; level: number }[] = [];
	let at = 0;
	for (const { text, font: own } of all) {
		const level = levels[at]!;
		at += text.length;
		const last = runs.at(-1);
		const font = last && !/[\p{L}\p{N}]/u.test(text) && [...text].every((c) => has(last.font, c)) ? last.font : own;
		const seen = (level % 2 && bidi.getMirroredCharacter(text)) || text;
		if (last?.level === level && last.font === font && !syllabic.test(text)) last.text += seen;
		else runs.push({ text: seen, font, level });
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
export const widthOf = (line: string, fonts: readonly PDFFont[], size: number): number => size * visualRuns(line, fonts).reduce((sum, run) => sum + widthOfRun(run), 0);

/** Draws a line whose left end is at x, its base at y. */
export function drawLine(page: PDFPage, line: string, fonts: readonly PDFFont[], place: { x: number; y: number; size: number; color: RGB; direction?: 'ltr' | 'rtl' }): void {
	let { x } = place;
	for (const run of visualRuns(line, fonts, place.direction)) x += drawGlyphs(page, run, { ...place, x });
}

/** The text in lines no wider than `width`, broken at spaces, or inside a word that is wider by itself. */
export function wrap(text: string, fonts: readonly PDFFont[], size: number, width: number): string[] {
	const fits = (line: string) => widthOf(line, fonts, size) <= width;
	const space = widthOf(' ', fonts, size);
	const lines: string[] = [];
	let filled = Infinity;
	for (const word of text.split(/\s+/).flatMap((w) => (fits(w) ? [w] : chop(w, fits)))) {
		const own = widthOf(word, fonts, size); // word by word: a line measured anew with each word would cost its square
		if (filled + space + own <= width) {
			lines[lines.length - 1] += ` ${word}`;
			filled += space + own;
		} else {
			lines.push(word);
			filled = own;
		}
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
