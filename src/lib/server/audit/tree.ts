// The log's tree as the database holds it: leaves, and every eighth level above them. What lies between is computed.

import type { NodeReader } from '#crypto/tlog/merkle.ts';
import { tileReader } from '#crypto/tlog/tile.ts';
import type { Tx } from '../db/pool.ts';
import { nodePrimitives } from '../keys/primitives.ts';

/** Hashes of complete subtrees, in order: `level` 0 are leaves, 8 subtrees of 256 leaves, and so on. */
async function hashes(tx: Tx, level: number, first: number, count: number): Promise<Uint8Array[]> {
	const rows = await tx<{ hash: Uint8Array }[]>`select hash from app.log_hashes(${level}, ${first}, ${count})`;
	return rows.map((row) => row.hash);
}

/** Reads any complete subtree's hash. CryptoError when the tree does not have it: rows are missing. */
export const reader = (tx: Tx): NodeReader => tileReader(nodePrimitives, (level, first, count) => hashes(tx, level * 8, first, count));
