// Tiles: 256 hashes of one level, or the entries below them, each at one path. C2SP tlog-tiles v1.0.

import { concat, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Primitives } from '../primitives.ts';
import { nodeHash, type NodeReader } from './merkle.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const tileWidth = 256;

/** `width` hashes (1 to 256) from `index` × 256 on, of subtrees of 256^level leaves. */
export interface Tile {
	readonly level: number;
	readonly index: number;
	readonly width: number;
}

/** Leaves of the tree that must be there for the tile to exist. */
export const leavesNeeded = ({ level, index, width }: Tile): number => (index * tileWidth + width) * tileWidth ** level;

/** `001`, `x001/x234/067`: groups of three digits, all but the last marked with an x. */
function groups(index: number): string {
	const last = String(index % 1000).padStart(3, '0');
	return index < 1000 ? last : `${groups(Math.floor(index / 1000)).replace(/\d{3}$/, 'x$&')}/${last}`;
}

/** `tile/<L>/<N>[.p/<W>]`. */
export function tilePath({ level, index, width }: Tile): string {
	return `tile/${level}/${groups(index)}${width === tileWidth ? '' : `.p/${width}`}`;
}

/** The tile of its path; null for what `tilePath` would not write, and for a tile no tree of safe size has. */
export function parseTile(path: string): Tile | null {
	const [, level, index, width] = /^tile\/(\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
	if (level === undefined || index === undefined) return null;
	const tile = { level: Number(level), index: Number(index.replaceAll(/[x/]/g, '')), width: width === undefined ? tileWidth : Number(width) };
	const possible = tile.width >= 1 && Number.isSafeInteger(leavesNeeded(tile));
	return possible && tilePath(tile) === path ? tile : null;
}

/**
 * Reads any complete subtree's hash from those that tiles hold.
 * @param row `count` hashes from `first` on, of the subtrees of 256^level leaves; they lie in one tile
 */
export function tileReader(p: Pick<Primitives, 'hash'>, row: (level: number, first: number, count: number) => Promise<readonly Uint8Array[]>): NodeReader {
	return async (level, index) => {
		const count = 2 ** (level % 8);
		let hashes = await row(Math.floor(level / 8), index * count, count);
		if (hashes.length !== count) throw new CryptoError('malformed', 'tile', `the log lacks hashes of tile level ${Math.floor(level / 8)} from ${index * count} on`);
		while (hashes.length > 1) hashes = Array.from({ length: hashes.length / 2 }, (_, i) => nodeHash(p, hashes[2 * i]!, hashes[2 * i + 1]!));
		return hashes[0]!;
	};
}

/** The entries of a bundle, each behind its length as 16 bits, big-endian. CryptoError `limit` for an entry over 65,535 bytes. */
export function writeBundle(entries: readonly Uint8Array[]): Bytes {
	if (entries.some((entry) => entry.length > 0xffff)) throw new CryptoError('limit', 'entry-size');
	return concat(...entries.flatMap((entry) => [Uint8Array.of(entry.length >> 8, entry.length & 255), entry]));
}

/** The entries of a bundle. CryptoError `malformed` when it is cut short. */
export function readBundle(bundle: Uint8Array): Uint8Array[] {
	const entries: Uint8Array[] = [];
	for (let at = 0; at < bundle.length; ) {
		const end = at + 2 + ((bundle[at]! << 8) | (bundle[at + 1] ?? 0));
		if (end > bundle.length) throw new CryptoError('malformed', 'bundle', 'cut short');
		entries.push(bundle.slice(at + 2, end));
		at = end;
	}
	return entries;
}
