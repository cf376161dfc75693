import { expect, test } from 'vitest';
import { nudged, snapped, within } from './placing.ts';

const box = { x: 100, y: 100, width: 50, height: 20 };
const key = (key: string, more = {}) => ({ key, shiftKey: false, altKey: false, ...more });

test('SIGN-5 a field stays on its page, whatever is asked', () => {
	const page = { width: 595.276, height: 841.89 };
	for (const wild of [{ x: -5, y: 900 }, { x: 9000, y: -1 }, { width: 2000, height: 3000 }, { width: 1, height: -4 }]) {
		const b = within({ ...box, ...wild }, page);
		expect(b.x).toBeGreaterThanOrEqual(0);
		expect(b.y).toBeGreaterThanOrEqual(0);
		expect(b.x + b.width).toBeLessThanOrEqual(page.width + 0.01);
		expect(b.y + b.height).toBeLessThanOrEqual(page.height + 0.01);
		expect(Math.min(b.width, b.height)).toBeGreaterThanOrEqual(8);
	}
	expect(within(box, page)).toEqual(box);
});

test('SIGN-5 arrows move by 1 point, by 10 with Shift, and size with Alt; a field near the line of another falls into it', () => {
	expect(nudged(box, key('ArrowLeft'))).toMatchObject({ x: 99, y: 100 });
	expect(nudged(box, key('ArrowDown', { shiftKey: true }))).toMatchObject({ x: 100, y: 110 });
	expect(nudged(box, key('ArrowRight', { altKey: true }))).toMatchObject({ x: 100, width: 51 });
	expect(nudged(box, key('a'))).toBeNull();
	expect(snapped(box, [{ ...box, x: 103, y: 300 }])).toMatchObject({ x: 103, y: 100 });
	expect(snapped(box, [{ ...box, x: 110, y: 300 }])).toEqual(box);
});
