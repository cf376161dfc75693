// Hash trees (RFC 4998 §4.2), reduced to what one leaf needs, and the root that a reduced one leads to (§4.3).

import { compare, concatAll, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { digest, type HashName, type Primitives } from '../primitives.ts';
import type { PartialHashtree } from './record.ts';

type Hashing = Pick<Primitives, 'hash'>;

/** A node above several: their hash values in binary ascending order, concatenated and hashed. One alone stands for itself, as other implementations read §4.2 too. */
export function nodeHash(p: Hashing, hash: HashName, values: readonly Uint8Array[]): Uint8Array {
	return values.length === 1 ? values[0]! : digest(p, hash, concatAll([...values].sort(compare)));
}

export interface HashTree {
	readonly root: Uint8Array;
	/** For each leaf in the order given: its own list, then its siblings on the way up. Null when it is the only one: then the root is the leaf. */
	readonly reduced: readonly (readonly PartialHashtree[] | null)[];
}

/** A binary tree over hash values. A node without a sibling goes up as it is. Throws CryptoError `misuse` when there are none. */
export function hashTree(p: Hashing, hash: HashName, leaves: readonly Uint8Array[]): HashTree {
	if (!leaves.length) throw new CryptoError('misuse', 'hash-tree', 'no leaves');
	const paths: Uint8Array[][][] = leaves.map((leaf) => [[leaf]]);
	let level = leaves.map((leaf, i) => ({ value: leaf, below: [i] }));
	while (level.length > 1) {
		const above: typeof level = [];
		for (let i = 0; i < level.length; i += 2) {
			const [left, right] = [level[i]!, level[i + 1]];
			if (!right) above.push(left);
			else {
				for (const n of left.below) paths[n]!.push([right.value]);
				for (const n of right.below) paths[n]!.push([left.value]);
				above.push({ value: nodeHash(p, hash, [left.value, right.value]), below: left.below.concat(right.below) });
			}
		}
		level = above;
	}
	return { root: level[0]!.value, reduced: leaves.length === 1 ? [null] : paths };
}

/** The root that the lists lead to: the hash of each is added to the next (§4.3 step 3). Throws CryptoError `misuse` when there are none. */
export function rootOf(p: Hashing, hash: HashName, lists: readonly PartialHashtree[]): Uint8Array {
	let root: Uint8Array | null = null;
	for (const list of lists) root = nodeHash(p, hash, root ? [root, ...list] : list);
	if (!root) throw new CryptoError('misuse', 'hash-tree', 'no lists');
	return root;
}

/** What a hash-tree renewal puts into its tree for a data object: the hash of its hash and that of the encoded older chains (§5.2 steps 2–4). */
export const renewedHash = (p: Hashing, hash: HashName, dataHash: Uint8Array, olderChains: Uint8Array): Bytes => digest(p, hash, dataHash, digest(p, hash, olderChains));
