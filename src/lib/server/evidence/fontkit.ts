// fontkit as pdf-lib takes it, its subsets put right: they halve the offsets of small fonts (loca, short form), which glyphs of odd length do not bear.

import fontkit from '@pdf-lib/fontkit';
import 'regenerator-runtime/runtime.js'; // its layout of Indic scripts wants this global

interface Subset {
	readonly loca: { version?: 0 | 1 };
	/** Of TrueType outlines only. */
	_addGlyph?(glyph: number): number;
}

export const soundFontkit: typeof fontkit = {
	create(data, name) {
		const font = fontkit.create(data, name);
		const createSubset = font.createSubset.bind(font) as unknown as () => Subset;
		font.createSubset = (() => {
			const subset = createSubset();
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
};
