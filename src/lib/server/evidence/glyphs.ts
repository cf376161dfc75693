// A run of text in one font as its glyphs, each where the font puts it (OpenType GSUB and GPOS): pdf-lib draws them one after the other, wherever their accents belong.

import type { Font } from '@pdf-lib/fontkit';
import { PDFHexString, beginText, endText, popGraphicsState, pushGraphicsState, setFillingRgbColor, setFontAndSize, setTextMatrix, showText, type PDFFont, type PDFPage, type RGB } from 'pdf-lib';
import { measure } from './fontkit.ts';

export interface Run {
	readonly text: string;
	readonly font: PDFFont;
}

/** fontkit's font under pdf-lib's, which does not show it. */
const shaping = (font: PDFFont): Font => (font as unknown as { embedder: { font: Font } }).embedder.font;

interface Placed {
	/** Its place among the glyphs of the run. */
	readonly index: number;
	readonly x: number;
	readonly y: number;
	/** What a reader moves on by after it. */
	readonly advance: number;
}

/** How wide it is, in ems. */
export const widthOfRun = ({ text, font }: Run): number => measure(shaping(font), text);

/** Its glyphs from left to right, and how wide it is. All in ems. */
function lineUp({ text, font }: Run): { glyphs: Placed[]; width: number } {
	const shaped = shaping(font);
	const { unitsPerEm } = shaped;
	const layout = shaped.layout(text);
	let pen = 0;
	const glyphs = layout.glyphs.map((glyph, index) => {
		const { xAdvance, xOffset, yOffset } = layout.positions[index]!;
		const placed = { index, x: (pen + xOffset) / unitsPerEm, y: yOffset / unitsPerEm, advance: glyph.advanceWidth / unitsPerEm };
		pen += xAdvance;
		return placed;
	});
	return { glyphs, width: pen / unitsPerEm };
}

/** Draws the run from x on its base y; its width in points. */
export function drawGlyphs(page: PDFPage, run: Run, { x, y, size, color }: { x: number; y: number; size: number; color: RGB }): number {
	const { glyphs, width } = lineUp(run);
	const codes = run.font.encodeText(run.text).asString(); // four digits a glyph, in the order of the layout
	const shown: { code: string; at: Placed; end: number }[] = [];
	for (const glyph of glyphs) {
		const code = codes.slice(4 * glyph.index, 4 * glyph.index + 4);
		const last = shown.at(-1);
		if (last && last.at.y === glyph.y && Math.abs(last.end - glyph.x) < 0.0005) {
			last.code += code;
			last.end += glyph.advance;
		} else shown.push({ code, at: glyph, end: glyph.x + glyph.advance });
	}
	const font = page.node.newFontDictionary(run.font.name, run.font.ref);
	const drawn = shown.flatMap(({ code, at }) => [setTextMatrix(1, 0, 0, 1, x + at.x * size, y + at.y * size), showText(PDFHexString.of(code))]);
	page.pushOperators(pushGraphicsState(), beginText(), setFillingRgbColor(color.red, color.green, color.blue), setFontAndSize(font, size), ...drawn, endText(), popGraphicsState());
	return width * size;
}
