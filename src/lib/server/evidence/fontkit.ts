// fontkit as pdf-lib takes it: a file's tables are read once in the life of the process, its glyphs anew in each document (they carry the letters they were first drawn for);
// and its subsets are put right: they halve the offsets of small fonts (loca, short form), which glyphs of odd length do not bear.

import fontkit, { type Font } from '@pdf-lib/fontkit';
import 'regenerator-runtime/runtime.js'; // its layout of Indic scripts wants this global

interface Subset {
	readonly loca: { version?: 0 | 1 };
	/** Of TrueType outlines only. */
	_addGlyph?(glyph: number): number;
}

/** The tables of a file, and a font over them that only measures. */
interface Opened {
	readonly tables: Font;
	readonly measure: (text: string) => number;
}

const files = new WeakMap<Uint8Array, Opened>();
const measures = new WeakMap<Font, Opened['measure']>();

/** Texts whose width a font remembers: sheets say the same words again and again. */
const remembered = 4000;

/** A font with glyphs and a layout of its own over tables that others read too. */
function over(tables: Font): Font {
	const font = Object.create(tables, { _glyphs: { value: {} } }) as Font;
	const layouts = new Map<string, ReturnType<Font['layout']>>(); // a run is laid out to be placed, and once more by pdf-lib to be written
	font.layout = ((text: string, features?: never) => {
		if (features) return tables.layout.call(font, text, features);
		let layout = layouts.get(text);
		if (!layout) layouts.set(text, (layout = tables.layout.call(font, text)));
		return layout;
	}) as never;
	const createSubset = tables.createSubset as unknown as (this: Font) => Subset;
	font.createSubset = (() => {
		const subset = createSubset.call(font);
		const add = subset._addGlyph?.bind(subset);
		if (add)
			subset._addGlyph = (glyph) => {
				subset.loca.version = 1;
				return add(glyph);
			};
		return subset;
	}) as never;
	return font;
}

function open(data: Uint8Array, name?: string): Opened {
	const tables = fontkit.create(data, name);
	void tables.characterSet; // read here once, and not in every document
	const font = over(tables);
	const widths = new Map<string, number>();
	return {
		tables,
		measure(text) {
			let width = widths.get(text);
			if (width === undefined) {
				if (widths.size >= remembered) widths.clear();
				widths.set(text, (width = font.layout(text).positions.reduce((sum, at) => sum + at.xAdvance, 0) / tables.unitsPerEm));
			}
			return width;
		}
	};
}

/** Its width in ems. */
export const measure = (font: Font, text: string): number => measures.get(font)!(text);

export const soundFontkit: typeof fontkit = {
	create(data, name) {
		let opened = files.get(data);
		if (!opened) files.set(data, (opened = open(data, name)));
		const font = over(opened.tables);
		measures.set(font, opened.measure);
		return font;
	}
};
