// fontkit as pdf-lib takes it: a file's tables are read once in the life of the process, its glyphs anew in each document (they carry the letters they were first drawn for);
// and its subsets are put right: they halve the offsets of small fonts (loca, short form), which glyphs of odd length do not bear.

import fontkit, { type Font } from '@pdf-lib/fontkit';
import 'regenerator-runtime/runtime.js'; // its layout of Indic scripts wants this global
import { plain } from './plain.ts';

/** Of TrueType outlines, while it is written. */
interface Subset {
	readonly loca: { version?: 0 | 1; readonly offsets: number[] };
	readonly glyf: Uint8Array[];
	readonly hmtx: { readonly metrics: object[] };
	offset: number;
	_addGlyph?(glyph: number): number;
}

/** A glyph as each subset has it. Those made of others name them by their places in the subset, and are not remembered. */
interface Outline {
	readonly bytes: Uint8Array;
	readonly metrics: object;
}
const isComposed = (bytes: Uint8Array) => bytes.length > 0 && bytes[0]! > 127; // OpenType glyf: a negative number of contours

type Layout = ReturnType<Font['layout']>;

/** A word as it is laid out in every document: which glyphs, for which letters, and where. */
interface Word {
	readonly glyphs: readonly { readonly id: number; readonly codePoints: number[] }[];
	readonly positions: Layout['positions'];
}

/** What documents share of a file: its tables, what was read of them, and a font over them that only measures. */
interface Opened {
	readonly tables: Font;
	readonly outlines: Map<number, Outline>;
	readonly words: Map<string, Word>;
	readonly measure: (text: string) => number;
}

const files = new WeakMap<Uint8Array, Opened>();
const measures = new WeakMap<Font, Opened['measure']>();

/** Words, and texts whose width, that a font remembers: sheets and marks say the same again and again. */
const remembered = 4000;

/** A plain line, put together of its words: fonts do not lay out letters by what is beyond a space. */
function byWords(font: Font, text: string, words: Map<string, Word>, whole: (text: string) => Layout): Pick<Layout, 'glyphs' | 'positions'> {
	const pieces = (text.match(/ +|[^ ]+/g) ?? []).map((piece): Word => {
		let word = words.get(piece);
		if (!word) {
			const { glyphs, positions } = whole(piece);
			if (words.size >= remembered) words.clear();
			words.set(piece, (word = { glyphs: glyphs.map(({ id, codePoints }) => ({ id, codePoints })), positions }));
		}
		return word;
	});
	return { glyphs: pieces.flatMap(({ glyphs }) => glyphs.map(({ id, codePoints }) => font.getGlyph(id, codePoints))), positions: pieces.flatMap(({ positions }) => positions) };
}

/** A font with glyphs and a layout of its own over tables that others read too. */
function over({ tables, outlines, words }: Omit<Opened, 'measure'>): Font {
	const font = Object.create(tables, { _glyphs: { value: {} } }) as Font;
	const layouts = new Map<string, Pick<Layout, 'glyphs' | 'positions'>>(); // a run is laid out to be placed, and once more by pdf-lib to be written
	const whole = (text: string) => tables.layout.call(font, text);
	font.layout = ((text: string, features?: never) => {
		if (features) return tables.layout.call(font, text, features);
		let layout = layouts.get(text);
		if (!layout) layouts.set(text, (layout = plain.test(text) ? byWords(font, text, words, whole) : whole(text)));
		return layout;
	}) as never;
	const createSubset = tables.createSubset as unknown as (this: Font) => Subset;
	font.createSubset = (() => {
		const subset = createSubset.call(font);
		const add = subset._addGlyph?.bind(subset);
		if (add)
			subset._addGlyph = (glyph) => {
				subset.loca.version = 1;
				const known = outlines.get(glyph);
				if (!known) {
					const place = add(glyph);
					const bytes = subset.glyf[place]!;
					if (!isComposed(bytes)) outlines.set(glyph, { bytes, metrics: subset.hmtx.metrics[place]! });
					return place;
				}
				subset.loca.offsets.push(subset.offset);
				subset.hmtx.metrics.push(known.metrics);
				subset.offset += known.bytes.length;
				return subset.glyf.push(known.bytes) - 1;
			};
		return subset;
	}) as never;
	return font;
}

function open(data: Uint8Array, name?: string): Opened {
	const tables = fontkit.create(data, name);
	void tables.characterSet; // read here once, and not in every document
	const shared = { tables, outlines: new Map<number, Outline>(), words: new Map<string, Word>() };
	const font = over(shared);
	const widths = new Map<string, number>();
	return {
		...shared,
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
		const font = over(opened);
		measures.set(font, opened.measure);
		return font;
	}
};
