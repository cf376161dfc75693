declare module 'bidi-js' {
	interface Levels {
		/** Of each UTF-16 unit; odd: right to left. */
		readonly levels: Uint8Array;
	}
	interface Bidi {
		getEmbeddingLevels(text: string, direction?: 'ltr' | 'rtl'): Levels;
		/** Null for a character without a mirror image. */
		getMirroredCharacter(character: string): string | null;
	}
	export default function bidiFactory(): Bidi;
}
