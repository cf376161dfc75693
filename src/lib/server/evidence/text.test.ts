import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PDFDocument } from 'pdf-lib';
import { expect, test } from 'vitest';
import { made, run } from '../../../../test/support/openssl.ts';
import { authorMark } from './author.ts';
import { embedFonts, visualRuns, widthOf, wrap } from './text.ts';

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

test('lines are no wider than they may be, words that are wider by themselves are cut', () => {
	const lines = wrap('Un texte assez long pour plusieurs lignes, et un motdémesurémentlongquinetientpassurunelignealuiseul.', fonts, 10, 120);
	expect(lines.length).toBeGreaterThan(3);
	for (const line of lines) expect(widthOf(line, fonts, 10)).toBeLessThanOrEqual(120);
	expect(lines.join('').replace(/\s/g, '')).toBe('Untexteassezlongpourplusieurslignes,etunmotdémesurémentlongquinetientpassurunelignealuiseul.');
});

/** How many dark pixels a reader draws where the name stands. */
function ink(pdf: Uint8Array): number {
	const pgm = Buffer.from(made('out.pgm', 'mutool', ['draw', '-q', '-c', 'gray', '-r', '72', '-o', 'out.pgm', 'a.pdf'], { 'a.pdf': pdf }));
	const [header, width] = /^P5\s(\d+) \d+\s255\s/.exec(pgm.toString('latin1', 0, 40))!;
	return [...pgm.subarray(header.length)].filter((v, i) => v < 128 && i % Number(width) > 3 && i % Number(width) < 196 && i / Number(width) > 8 && i / Number(width) < 34).length;
}

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
