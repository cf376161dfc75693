// Characters of a zone: each grey cell compared with every character of OCR-B, at small shifts, by normalised correlation.

import { cells, columns, rows } from './ocr-b.ts';
import { sample, type Raster } from './raster.ts';
import type { Line } from './zone-lines.ts';

export interface Glyph {
	readonly character: string;
	/** Correlation with it, at most 1. */
	readonly score: number;
	/** How far the next character is behind. */
	readonly lead: number;
}

/** To mean 0 and length 1; null without contrast. */
function normalised(values: Float32Array): Float32Array | null {
	let [sum, squares] = [0, 0];
	for (const v of values) sum += v;
	const mean = sum / values.length;
	for (const v of values) squares += (v - mean) ** 2;
	return squares < 1600 ? null : values.map((v) => (v - mean) / Math.sqrt(squares));
}

/** Every value the mean of itself and its neighbours, `times` over: what an image out of focus does. */
function softened(values: Float32Array, times: number): Float32Array {
	if (times === 0) return values;
	const at = (x: number, y: number) => (x < 0 || y < 0 || x >= columns || y >= rows ? 0 : values[y * columns + x]!);
	const once = values.map((_, i) => {
		const [x, y] = [i % columns, Math.floor(i / columns)];
		return [-1, 0, 1].reduce((sum, dy) => sum + at(x - 1, y + dy) + at(x, y + dy) + at(x + 1, y + dy), 0) / 9;
	});
	return softened(once, times - 1);
}

const drawn = Object.entries(cells).map(([character, hex]) => ({ character, values: Float32Array.from(hex, (digit) => parseInt(digit, 16) * 17) }));
/** The characters sharp, and ever softer. */
const alphabets = [0, 1, 3, 6].map((times) => drawn.map(({ character, values }) => ({ character, values: normalised(softened(values, times))! })));
type Alphabet = (typeof alphabets)[number];

const across = [-0.08, 0, 0.08];
const down = [-0.16, -0.08, 0, 0.08, 0.16];

/** The ink of a cell around a point, `pitch` wide and 1.25 · `tall` high. */
function cell(raster: Raster, x: number, y: number, pitch: number, tall: number): Float32Array | null {
	const values = new Float32Array(columns * rows);
	const [w, h] = [pitch / columns, (1.25 * tall) / rows];
	for (let row = 0; row < rows; row++) {
		for (let column = 0; column < columns; column++) {
			const [u, v] = [x + (column + 0.5 - columns / 2) * w, y + (row + 0.5 - rows / 2) * h];
			values[row * columns + column] = 255 - (sample(raster, u - w / 4, v - h / 4) + sample(raster, u + w / 4, v + h / 4)) / 2;
		}
	}
	return normalised(values);
}

/** The likest character; null where there is no ink. */
function glyph(raster: Raster, x: number, y: number, pitch: number, tall: number, alphabet: Alphabet, across: readonly number[]): Glyph | null {
	const best = new Float32Array(alphabet.length).fill(-1);
	for (const dx of across) {
		for (const dy of down) {
			const seen = cell(raster, x + dx * pitch, y + dy * tall, pitch, tall);
			if (!seen) continue;
			for (let t = 0; t < alphabet.length; t++) {
				const template = alphabet[t]!.values;
				let sum = 0;
				for (let i = 0; i < seen.length; i++) sum += seen[i]! * template[i]!;
				if (sum > best[t]!) best[t] = sum;
			}
		}
	}
	const order = [...best.keys()].sort((a, b) => best[b]! - best[a]!);
	const [first, second] = [order[0]!, order[1]!];
	return best[first]! < 0 ? null : { character: alphabet[first]!.character, score: best[first]!, lead: best[first]! - best[second]! };
}

const line = (raster: Raster, { first, pitch, count, middle, fall }: Line, tall: number, alphabet: Alphabet, step = 1, dx = across): (Glyph | null)[] =>
	Array.from({ length: Math.ceil(count / step) }, (_, i) => first + i * step * pitch).map((x) => glyph(raster, x, middle + fall * x, pitch, tall * pitch, alphabet, dx));

/** What is less like OCR-B on the whole is something else. */
const least = 0.6;

/**
 * The characters of each line, from left to right; null where there is no ink, and all of them where the lines are no OCR-B.
 * Capitals are about as high as the pitch is wide (ICAO 9303-3 §4.3); how high here, and how soft, is what suits every fourth character best.
 */
export function characters(raster: Raster, lines: readonly Line[]): (Glyph | null)[][] {
	const suits = (tall: number, alphabet: Alphabet) => lines.flatMap((each) => line(raster, each, tall, alphabet, 4, [0])).reduce((sum, seen, _, all) => sum + (seen?.score ?? 0) / all.length, 0);
	const best = <T>(ways: readonly T[], worth: (way: T) => number): T => ways.map((way) => ({ way, worth: worth(way) })).reduce((a, b) => (b.worth > a.worth ? b : a)).way;
	const tall = best([0.88, 0.94, 1, 1.06], (each) => suits(each, alphabets[1]!));
	const alphabet = best(alphabets, (each) => suits(tall, each));
	if (suits(tall, alphabet) < least) return lines.map(({ count }) => Array.from({ length: count }, () => null));
	return lines.map((each) => line(raster, each, tall, alphabet));
}
