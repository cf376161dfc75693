import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import fontkit from '@pdf-lib/fontkit';
import fc from 'fast-check';
import { PDFDocument, rgb } from 'pdf-lib';
import { expect, test } from 'vitest';
import { made, run } from '../../../../test/support/openssl.ts';
import { authorMark } from './author.ts';
import { soundFontkit } from './fontkit.ts';
import { anyRuns, drawLine, embedFonts, readFont, visualRuns, widthOf, wrap } from './text.ts';

const devanagari = '/usr/share/fonts/truetype/lohit-devanagari/Lohit-Devanagari.ttf';
const han = '/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf';
const more = [devanagari, han];
const there = more.every((file) => existsSync(file));
const dejavu = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const fonts = await embedFonts(await PDFDocument.create(), [dejavu], '');
const seen = (line: string, direction?: 'ltr' | 'rtl') => visualRuns(line, fonts, direction).map((r) => r.text);

test('SIGN-5 a line of several directions is drawn in the order it is seen (UAX #9)', () => {
	expect(seen('Zoë Müller, Зоя Ωmega')).toEqual(['Zoë Müller, Зоя Ωmega']);
	expect(seen('signé par محمد الأمين (Paris 75)', 'ltr')).toEqual(['signé par ', 'محمد الأمين', ' (Paris 75)']);
	expect(seen('محمد (ابن 75) علي')).toEqual(['( علي', '75', 'محمد )ابن ']); // drawn from left to right, brackets mirrored, each Arabic run turned by its font
	expect(seen('שלום')).toEqual(['שלום']);
	expect(seen('12 / א', 'rtl').join('')).toContain('12');
});

test('SIGN-5 what no font can draw is named by its code point, never an empty box; what draws nothing is left out', () => {
	expect(seen('山 Zoë')).toEqual(['[U+5C71] Zoë']);
	expect(seen('a\u{e0101}b')).toEqual(['ab']);
	expect(seen('e\u0301')).toEqual(['é']);
});

test('SIGN-5 a plain line, which takes a shorter way, comes out as any other', () => {
	const letters = [...'abz AZ09 .,;:!?()[]«»“”’–…€éèÀœŒßñůẽ\u00a0\u2019ỹ%&/@', 'e\u0301', 'א', '山', '\u00ad', '\u200d'];
	fc.assert(
		fc.property(fc.array(fc.constantFrom(...letters), { maxLength: 30 }), fc.constantFrom(undefined, 'ltr', 'rtl'), (line, direction) => {
			expect(visualRuns(line.join(''), fonts, direction)).toEqual(anyRuns(line.join(''), fonts, direction));
		}),
		{ numRuns: 2000 }
	);
});

test('SIGN-5 a line put together of words that are remembered is the line as its font lays it out', async () => {
	const file = await readFont(dejavu);
	const whole = fontkit.create(file);
	const pieces = [...'abzAVTo fi ffl 09 .,;:!?()«»“”’–…€éèÀœŒßñůẽ\u00a0\u2019ỹ%&/@ ', 'Avo', 'fi', 'To,', ' '];
	const shown = ({ glyphs, positions }: ReturnType<typeof whole.layout>) => glyphs.map(({ id, codePoints, advanceWidth }, i) => [id, codePoints, advanceWidth, { ...positions[i] }]);
	fc.assert(
		fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (line) => {
			expect(shown(soundFontkit.create(file).layout(line.join('')))).toEqual(shown(whole.layout(line.join(''))));
		}),
		{ numRuns: 1000 }
	);
});

test('lines are no wider than they may be, words that are wider by themselves are cut', () => {
	const lines = wrap('Un texte assez long pour plusieurs lignes, et un motdémesurémentlongquinetientpassurunelignealuiseul.', fonts, 10, 120);
	expect(lines.length).toBeGreaterThan(3);
	for (const line of lines) expect(widthOf(line, fonts, 10)).toBeLessThanOrEqual(120);
	expect(lines.join('').replace(/\s/g, '')).toBe('Untexteassezlongpourplusieurslignes,etunmotdémesurémentlongquinetientpassurunelignealuiseul.');
});

/** The dark pixels that a reader draws, `scale` to a point: [x, y]. */
function dark(pdf: Uint8Array, scale = 1): (readonly [number, number])[] {
	const pgm = Buffer.from(made('out.pgm', 'mutool', ['draw', '-q', '-c', 'gray', '-r', String(72 * scale), '-o', 'out.pgm', 'a.pdf'], { 'a.pdf': pdf }));
	const [header, width] = /^P5\s(\d+) \d+\s255\s/.exec(pgm.toString('latin1', 0, 40))!;
	return [...pgm.subarray(header.length)].flatMap((v, i) => (v < 128 ? [[i % Number(width), Math.floor(i / Number(width))] as const] : []));
}

/** How many of them where the name stands. */
const ink = (pdf: Uint8Array): number => dark(pdf).filter(([x, y]) => x > 3 && x < 196 && y > 8 && y < 34).length;

/** Pieces of text of 40 points, each where the one before ends. */
async function drawn(...pieces: readonly string[]): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	const fonts = await embedFonts(pdf, [dejavu, ...more.filter((file) => existsSync(file))], pieces.join(''));
	const page = pdf.addPage([400, 80]);
	let x = 10;
	for (const piece of pieces) {
		drawLine(page, piece, fonts, { x, y: 30, size: 40, color: rgb(0, 0, 0) });
		x += widthOf(piece, fonts, 40);
	}
	return pdf.save();
}

/** The middle of the dark pixels of some rows. */
function middle(pixels: readonly (readonly [number, number])[], from: number, to: number): number {
	const columns = pixels.filter(([, y]) => y >= from && y < to).map(([x]) => x);
	return (Math.min(...columns) + Math.max(...columns)) / 2;
}

test('SIGN-5 an accent stands over its letter, wide or narrow', async () => {
	for (const letter of ['m\u030a', 'm\u0303', 'q\u0303', 'x\u0302']) {
		const pixels = dark(await drawn(letter), 4);
		const rows = [...new Set(pixels.map(([, y]) => y))].sort((a, b) => a - b);
		const gap = rows.findIndex((y, i) => i > 0 && y > rows[i - 1]! + 1); // between the ring and the letter
		expect(gap, letter).toBeGreaterThan(0);
		expect(Math.abs(middle(pixels, 0, rows[gap]!) - middle(pixels, rows[gap]!, Infinity)), letter).toBeLessThan(4);
	}
});

test.skipIf(!there)(`SIGN-5 each Devanagari syllable keeps its own signs${there ? '' : ' (skipped: fonts-lohit-deva is not installed)'}`, async () => {
	for (const syllables of [['सि', 'द्धा', 'र्थ'], ['कि', 'र्क'], ['कि', 'र', 'ण ', 'र्क'], ['श', 'र्मा']]) expect(dark(await drawn(syllables.join('')), 2), syllables.join('')).toEqual(dark(await drawn(...syllables), 2));
	const all = await embedFonts(await PDFDocument.create(), [dejavu, devanagari], 'क्\u200dष');
	const width = (text: string) => widthOf(text, all, 10);
	expect(visualRuns('क्\u200dष', all)).toHaveLength(1);
	expect(width('क्\u200dष')).toBeLessThan(width('क') + width('ष')); // the joiner makes a half letter and takes no room
});

test.skipIf(!there)(`SIGN-5 names in any script are drawn and can be read out of the file, with fonts for those that DejaVu lacks${there ? '' : ' (skipped: fonts-lohit-deva or fonts-droid-fallback is not installed)'}`, async () => {
	for (const name of ['Zoë Müller', 'Зоя Ωmega', 'محمد الأمين', 'שלום כהן', 'राम कुमार', '山田太郎', '山田 Zoë (राम)']) {
		const pdf = await authorMark({ width: 200, height: 50, name, lines: ['Accepté'], drawing: null }, more);
		expect(ink(pdf), name).toBeGreaterThan(60);
		const text = run('pdftotext', ['a.pdf', '-'], { 'a.pdf': pdf }).text;
		expect(text).not.toContain('U+');
		if (!/[\u0590-\u06ff\u0900-\u097f]/.test(name)) expect(text).toContain(name); // shaped letters come out as their forms
		expect(pdf.length).toBeLessThan(40_000);
	}
	expect(ink(await authorMark({ width: 200, height: 50, name: '', lines: [], drawing: null }))).toBe(0);
});

test('SIGN-5 a drawn signature stands in the mark, in place of the name', async () => {
	const mark = { width: 200, height: 50, name: '', lines: [] };
	const line = await authorMark({ ...mark, drawing: [[[0, 500], [1000, 500]]] });
	expect(ink(line)).toBeGreaterThan(80);
	expect(ink(await authorMark({ ...mark, drawing: [[[0, 500], [500, 500]]] }))).toBeLessThan(0.7 * ink(line));
	expect(ink(await authorMark({ ...mark, drawing: [[[500, 500]]] }))).toBeLessThan(10); // a dot
	expect(run('pdftotext', ['a.pdf', '-'], { 'a.pdf': await authorMark({ ...mark, name: 'Zoë', drawing: [[[0, 500], [1000, 500]]] }) }).text).not.toContain('Zoë');
});
