// The log's tree as the database holds it: leaves, and every eighth level above them. What lies between is computed.

import type { NodeReader } from '#crypto/tlog/merkle.ts';
import { tileReader, tileWidth } from '#crypto/tlog/tile.ts';
import type { Tx } from '../db/pool.ts';
import { nodePrimitives } from '../keys/primitives.ts';

/** Hashes of complete subtrees, in order: `level` 0 are leaves, 8 subtrees of 256 leaves, and so on. */
async function hashes(tx: Tx, level: number, first: number, count: number): Promise<Uint8Array[]> {
	const rows = await tx<{ hash: Uint8Array }[]>`select hash from app.log_hashes(${level}, ${first}, ${count})`;
	return rows.map((row) => row.hash);
}

/** Asks for each thing once. */
function remembering<T>(read: (level: number, index: number) => Promise<T>): typeof read {
	const known = new Map<string, Promise<T>>();
	return (level, index) => {
		const key = `${level}/${index}`;
		const asked = known.get(key) ?? read(level, index);
		known.set(key, asked);
		return asked;
	};
}

/** Reads any complete subtree's hash of the tree as it was when a tile was first asked for: a tile is read in one statement, and once. CryptoError when the tree does not have it: rows are missing. */
export function reader(tx: Tx): NodeReader {
	const tile = remembering((level, index) => hashes(tx, level * 8, index * tileWidth, tileWidth));
	return remembering(tileReader(nodePrimitives, async (level, first, count) => (await tile(level, Math.floor(first / tileWidth))).slice(first % tileWidth, (first % tileWidth) + count)));
}
