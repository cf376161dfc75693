// The zone drawn from the very characters it is compared with, and what is no zone.

import { describe, expect, test, vi } from 'vitest';
import { agrees } from './mrz.ts';
import { cells, columns, rows } from './ocr-b.ts';
import { qualityOf } from './quality.ts';
import { parsePgm, scaled, turned, type Raster } from './raster.ts';
import { zoneOf } from './zone.ts';

vi.setConfig({ testTimeout: 120_000 }); // on two busy cores

const today = '2026-11-24';
const td3 = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'];

function blank(width: number, height: number, grey = 220): Raster {
	return { width, height, pixels: new Uint8Array(width * height).fill(grey) };
}

/** Lines of characters on paper, each cell twice as large as its template. */
function written(lines: readonly string[]): Raster {
	const raster = blank(1500, 700);
	lines.forEach((line, l) =>
		[...line].forEach((c, i) => {
			for (let y = 0; y < rows * 2; y++) for (let x = 0; x < columns * 2; x++) raster.pixels[(500 + 66 * l + y) * 1500 + 80 + i * columns * 2 + x] = 220 - 12 * parseInt(cells[c]![Math.floor(y / 2) * columns + Math.floor(x / 2)]!, 16);
		})
	);
	return raster;
}

/** Numbers that are the same at every run (a linear congruence). */
function noise(width: number, height: number): Raster {
	let seed = 1;
	return { width, height, pixels: Uint8Array.from({ length: width * height }, () => (seed = (Math.imul(seed, 1664525) + 1013904223) | 0) >>> 24) };
}

describe('SIGN-3 a zone', () => {
	test.each([0, 3, -15, 15, 90, 174, 270])('is found and read when turned by %d°', (degrees) => {
		const mrz = zoneOf(turned(written(td3), degrees), today);
		expect(mrz).toMatchObject({ surname: 'ERIKSSON', givenNames: 'ANNA MARIA', documentNumber: 'L898902C3' });
		expect(agrees(mrz!)).toBe(true);
	});

	test('is read at half the size', () => expect(zoneOf(scaled(written(td3), 0.5), today)).toMatchObject({ surname: 'ERIKSSON' }));

	test('of which one character stands between two is none, even where no check digit would tell', () => {
		const issuer = (share: number) => {
			const mixed = written(td3);
			for (let y = 0; y < rows * 2; y++)
				for (let x = 0; x < columns * 2; x++) {
					const i = Math.floor(y / 2) * columns + Math.floor(x / 2);
					mixed.pixels[(500 + y) * 1500 + 80 + 4 * columns * 2 + x] = 220 - 12 * (parseInt(cells.O![i]!, 16) * (1 - share) + parseInt(cells.D![i]!, 16) * share);
				}
			return zoneOf(mixed, today)?.issuer ?? null;
		};
		expect([issuer(0), issuer(1)]).toEqual(['UTO', 'UTD']);
		let [low, high, seen] = [0, 1, 'UTO' as string | null];
		for (let i = 0; i < 8 && seen !== null; i++) {
			const middle = (low + high) / 2;
			seen = issuer(middle);
			if (seen === 'UTO') low = middle;
			else high = middle;
		}
		expect(seen).toBeNull();
	});

	test('of which a part is hidden is none', () => {
		const hidden = written(td3);
		for (let y = 480; y < 640; y++) hidden.pixels.fill(255, y * 1500 + 600, y * 1500 + 680);
		expect(zoneOf(hidden, today)).toBeNull();
	});
});

test('SIGN-3 what is no zone is none, and is no error', () => {
	const dots = blank(1500, 700);
	for (let line = 0; line < 20; line++) for (let i = 0; i < 44; i++) for (let y = 0; y < 20; y++) dots.pixels.fill(0, (30 * line + y) * 1500 + 80 + i * 28, (30 * line + y) * 1500 + 96 + i * 28);
	for (const raster of [blank(1, 1), blank(3, 900), blank(900, 3), blank(640, 480), noise(400, 300), dots]) expect(zoneOf(raster, today)).toBeNull();
});

test('SIGN-3 an image is judged: sharp, dark, small, with glare, and a scan on white paper is not glare', () => {
	expect(qualityOf(written(td3))).toMatchObject({ ok: true, reason: null, glare: 0 });
	expect(qualityOf(scaled(written(td3), 0.3))).toMatchObject({ reason: 'small' });
	expect(qualityOf({ ...written(td3), pixels: written(td3).pixels.map((v) => v / 4) })).toMatchObject({ reason: 'dark' });
	expect(qualityOf(scaled(scaled(written(td3), 0.05), 20))).toMatchObject({ reason: 'blurred' });
	const lit = written(td3);
	for (let y = 100; y < 220; y++) lit.pixels.fill(255, y * 1500 + 700, y * 1500 + 820);
	expect(qualityOf(lit)).toMatchObject({ ok: false, reason: 'glare' });
	expect(qualityOf({ ...lit, pixels: lit.pixels.map((v) => (v >= 220 ? 255 : v)) })).toMatchObject({ reason: null });
	expect(qualityOf(blank(1, 1))).toMatchObject({ ok: false });
});

test('SIGN-3 an image that gm did not write whole is none', () => {
	expect(parsePgm(Buffer.from('P5\n2 2\n255\nabcd'))).toMatchObject({ width: 2, height: 2, pixels: Buffer.from('abcd') });
	for (const text of ['', 'P5\n2 2\n255\nabc', 'P5\n2 2\n255\nabcde', 'P6\n2 2\n255\nabcd', 'P5\n2 2\n65535\nabcd', 'P5\n0 2\n255\n', 'P5\n999999 2\n255\nabcd']) expect(parsePgm(Buffer.from(text))).toBeNull();
});
