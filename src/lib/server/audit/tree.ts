// The log's tree as the database holds it: leaves, and every eighth level above them. What lies between is computed.

import { nodeHash, type NodeReader } from '#crypto/tlog/merkle.ts';
import type { Tx } from '../db/pool.ts';
import { nodePrimitives } from '../keys/primitives.ts';

/** Hashes of complete subtrees, in order: `level` 0 are leaves, 8 subtrees of 256 leaves, and so on. */
export async function hashes(tx: Tx, level: number, first: number, count: number): Promise<Uint8Array[]> {
	const rows = await tx<{ hash: Uint8Array }[]>`select hash from app.log_hashes(${level}, ${first}, ${count})`;
	return rows.map((row) => row.hash);
}

/** Reads any complete subtree's hash. Throws when the tree does not have it: rows are missing. */
export function reader(tx: Tx): NodeReader {
	return async (level, index) => {
		const stored = level - (level % 8);
		const count = 2 ** (level - stored);
		let row = await hashes(tx, stored, index * count, count);
		if (row.length !== count) throw new Error(`the log lacks hashes of level ${stored} from ${index * count} on`);
		while (row.length > 1) row = pairs(row);
		return row[0]!;
	};
}

function pairs(row: readonly Uint8Array[]): Uint8Array[] {
	const above: Uint8Array[] = [];
	for (let i = 0; i < row.length; i += 2) above.push(nodeHash(nodePrimitives, row[i]!, row[i + 1]!));
	return above;
}
