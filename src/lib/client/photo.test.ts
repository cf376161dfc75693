import { expect, test } from 'vitest';
import { judge, saturated, sharpness, type Pixels } from './photo.ts';

function image(width: number, height: number, at: (x: number, y: number) => number): Pixels {
	const data = new Uint8ClampedArray(4 * width * height);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++) {
			const value = at(x, y);
			data.set([value, value, value, 255], 4 * (y * width + x));
		}
	return { data, width, height };
}
/** Lines of text as a camera sees them: dark strokes on a page, edges spread over `soft` pixels. */
const page = (soft: number, light = 1) => image(320, 200, (x, y) => {
	const stroke = Math.abs(((x % 16) - 8) / soft);
	return light * (y % 20 < 10 ? 40 + 170 * Math.min(1, stroke / 4) : 210);
});
const withGlare = (share: number) => image(320, 200, (x, y) => (y < 200 * share ? 255 : x % 16 < 4 && y % 20 < 10 ? 40 : 210));

test('SIGN-3 a blurred, dark or glaring photograph is told from a good one, by itself alone', () => {
	expect(judge(page(0.5))).toBe('good');
	expect(sharpness(page(0.5))).toBeGreaterThan(sharpness(page(2)));
	expect(judge(image(320, 200, (x, y) => 128 + 60 * Math.sin(x / 40) * Math.cos(y / 30)))).toBe('blurred');
	expect(judge(page(0.5, 0.2))).toBe('dark');
	expect(saturated(withGlare(0.1))).toBeCloseTo(0.1, 2);
	expect(judge(withGlare(0.1))).toBe('glare');
	expect(judge(withGlare(0.01))).toBe('good');
});
