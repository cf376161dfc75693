import { expect, test } from 'vitest';
import { inView } from './reached.ts';

const rect = (height: number) => ({ height }) as DOMRectReadOnly;
const entry = (isIntersecting: boolean, intersectionRatio: number, height: number, window: number | null = 800) => ({ isIntersecting, intersectionRatio, intersectionRect: rect(height), rootBounds: window === null ? null : rect(window) });

test('SIGN-4 a page is in view when half of it is, or when it fills half of the window', () => {
	expect(inView(entry(true, 0.5, 200))).toBe(true);
	expect(inView(entry(true, 0.1, 400))).toBe(true); // zoomed: a small part of the page, all of the window
	expect(inView(entry(true, 0.49, 399))).toBe(false);
	expect(inView(entry(true, 0.1, 400, null))).toBe(false);
	expect(inView(entry(false, 1, 800))).toBe(false); // beside the edge
});
