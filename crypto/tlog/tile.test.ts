import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat } from '../bytes.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { nodeHash } from './merkle.ts';
import { leavesNeeded, parseTile, readBundle, tilePath, tileReader, writeBundle } from './tile.ts';

describe('LOG-2 tiles', () => {
	test.each([
		['tile/0/000', { level: 0, index: 0, width: 256 }],
		['tile/0/999', { level: 0, index: 999, width: 256 }],
		['tile/1/x001/000', { level: 1, index: 1000, width: 256 }],
		['tile/0/x001/x234/067', { level: 0, index: 1234067, width: 256 }],
		['tile/0/x273/112.p/17', { level: 0, index: 273112, width: 17 }]
	])('%s is a tile, written the same', (path, tile) => {
		expect(parseTile(path)).toEqual(tile);
		expect(tilePath(tile)).toBe(path);
	});

	test.each(['tile/0/0', 'tile/0/1000', 'tile/0/x000/001', 'tile/00/001', 'tile/0/x001', 'tile/0/001/', 'tile/0/001.p/0', 'tile/0/001.p/256', 'tile/0/001.p/01', 'tile/0/-01', 'tile/7/000', 'tile/0/x999/x999/x999/x999/x999/999', `tile/0/${'x999/'.repeat(90)}999`, 'tile/entries/000', 'checkpoint', ''])('%j is none', (path) => {
		expect(parseTile(path)).toBeNull();
	});

	test('every tile has one path', () => {
		fc.assert(
			fc.property(fc.nat(4), fc.nat(2 ** 20), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
				const tile = { level, index, width };
				const possible = Number.isSafeInteger(leavesNeeded(tile));
				expect(parseTile(tilePath(tile))).toEqual(possible ? tile : null);
			})
		);
	});

	test('leaves needed: the last leaf below the last hash', () => {
		expect(leavesNeeded({ level: 0, index: 0, width: 1 })).toBe(1);
		expect(leavesNeeded({ level: 1, index: 1, width: 2 })).toBe(258 * 256);
	});
});

test('LOG-2 the hash of any complete subtree is made of those that tiles hold, and of no fewer or more', async () => {
	const hashes = Array.from({ length: 8 }, (_, i) => new Uint8Array(32).fill(i));
	const asked: number[][] = [];
	const read = tileReader(p, async (...row) => (asked.push(row), hashes.slice(0, row[2])));
	const pair = (a: Uint8Array, b: Uint8Array) => nodeHash(p, a, b);
	const [a, b, c, d] = hashes as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
	expect(await read(0, 5)).toEqual(a);
	expect(await read(1, 5)).toEqual(pair(a, b));
	expect(await read(2, 5)).toEqual(pair(pair(a, b), pair(c, d)));
	expect(await read(8, 3)).toEqual(a);
	expect(await read(9, 3)).toEqual(pair(a, b));
	expect(asked).toEqual([[0, 5, 1], [0, 10, 2], [0, 20, 4], [1, 3, 1], [1, 6, 2]]);
	for (const count of [0, 1, 3, 4]) await expect(tileReader(p, async () => hashes.slice(0, count))(1, 0)).rejects.toThrow('the log lacks hashes of tile level 0 from 0 on');
});

test('LOG-2 a bundle gives back its entries, empty and long ones too, and is not read when cut', () => {
	const entries = [Uint8Array.of(1, 2, 3), new Uint8Array(), new Uint8Array(65_535).fill(9)];
	const bundle = writeBundle(entries);
	expect(bundle.slice(0, 9)).toEqual(Uint8Array.of(0, 3, 1, 2, 3, 0, 0, 255, 255));
	expect(readBundle(bundle)).toEqual(entries);
	expect(readBundle(new Uint8Array())).toEqual([]);
	expect(() => readBundle(bundle.subarray(0, -1))).toThrow(expect.objectContaining({ code: 'malformed' }));
	expect(() => readBundle(concat(bundle, Uint8Array.of(0)))).toThrow(expect.objectContaining({ code: 'malformed' }));
	expect(() => writeBundle([new Uint8Array(1), new Uint8Array(65_536)])).toThrow(expect.objectContaining({ code: 'limit' }));
});
