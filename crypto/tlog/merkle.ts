// The Merkle tree of a log: hashes, inclusion and consistency proofs. RFC 6962 §2.1, verification as RFC 9162 §2.1.3–2.1.4.

import { equal, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { digest, type Primitives } from '../primitives.ts';

type Hashing = Pick<Primitives, 'hash'>;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

const sha256 = (p: Hashing, ...parts: Uint8Array[]) => digest(p as Primitives, 'SHA-256', ...parts);

/** SHA-256(0x00 ‖ entry), 32 bytes. RFC 6962 §2.1. */
export function leafHash(p: Hashing, entry: Uint8Array): Bytes {
	return sha256(p, LEAF, entry);
}

/** SHA-256(0x01 ‖ left ‖ right), 32 bytes. RFC 6962 §2.1. */
export function nodeHash(p: Hashing, left: Uint8Array, right: Uint8Array): Bytes {
	return sha256(p, NODE, left, right);
}

/** The hash of the complete subtree of 2^level leaves that is `index`-th at its level. */
export type NodeReader = (level: number, index: number) => Promise<Uint8Array>;

function checkSize(size: number): void {
	if (!Number.isSafeInteger(size) || size < 0) throw new CryptoError('misuse', 'tree-size');
}

// Exact where log2 alone rounds (from 2^48 on).
const isPower = (size: number) => 2 ** Math.round(Math.log2(size)) === size;

/** The largest power of two below `size`, which is at least 2. */
function split(size: number): number {
	let k = 1;
	while (k * 2 < size) k *= 2;
	return k;
}

/** Root of the leaves from `from` (a multiple of the subtree's width) up to `from + size`, read from complete subtrees. */
async function subtree(p: Hashing, read: NodeReader, from: number, size: number): Promise<Uint8Array> {
	if (isPower(size)) return read(Math.round(Math.log2(size)), from / size);
	const k = split(size);
	return nodeHash(p, await subtree(p, read, from, k), await subtree(p, read, from + k, size - k));
}

/** Merkle tree hash of the first `size` leaves. RFC 6962 §2.1; the empty tree's is the hash of nothing. */
export async function treeHash(p: Hashing, read: NodeReader, size: number): Promise<Uint8Array> {
	checkSize(size);
	return size === 0 ? sha256(p) : subtree(p, read, 0, size);
}

/** The audit path of leaf `index` in the tree of `size` leaves, lowest first. RFC 6962 §2.1.1. */
export async function inclusionProof(p: Hashing, read: NodeReader, index: number, size: number): Promise<Uint8Array[]> {
	checkSize(size);
	if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new CryptoError('misuse', 'leaf-index');
	const path = async (at: number, from: number, n: number): Promise<Uint8Array[]> => {
		if (n === 1) return [];
		const k = split(n);
		return at < k
			? [...(await path(at, from, k)), await subtree(p, read, from + k, n - k)]
			: [...(await path(at - k, from + k, n - k)), await subtree(p, read, from, k)];
	};
	return path(index, 0, size);
}

/** The proof that the tree of `first` leaves is a prefix of that of `second`. RFC 6962 §2.1.2; empty when either is trivial. */
export async function consistencyProof(p: Hashing, read: NodeReader, first: number, second: number): Promise<Uint8Array[]> {
	checkSize(first);
	checkSize(second);
	if (first > second) throw new CryptoError('misuse', 'tree-size');
	const prove = async (m: number, from: number, n: number, whole: boolean): Promise<Uint8Array[]> => {
		if (m === n) return whole ? [] : [await subtree(p, read, from, n)];
		const k = split(n);
		return m <= k
			? [...(await prove(m, from, k, whole)), await subtree(p, read, from + k, n - k)]
			: [...(await prove(m - k, from + k, n - k, false)), await subtree(p, read, from, k)];
	};
	return first === 0 ? [] : prove(first, 0, second, true);
}

const odd = (n: number) => n % 2 === 1;
const half = (n: number) => Math.floor(n / 2);

/** True when `proof` shows `leaf` (a leaf hash) at `index` under `root` of `size` leaves. RFC 9162 §2.1.3.2. */
export function verifyInclusion(
	p: Hashing,
	leaf: Uint8Array,
	index: number,
	size: number,
	proof: readonly Uint8Array[],
	root: Uint8Array
): boolean {
	if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
	if (leaf.length !== 32 || proof.some((h) => h.length !== 32)) return false;
	let [fn, sn, r] = [index, size - 1, leaf];
	for (const h of proof) {
		if (sn === 0) return false;
		if (odd(fn) || fn === sn) {
			r = nodeHash(p, h, r);
			while (!odd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
		} else {
			r = nodeHash(p, r, h);
		}
		[fn, sn] = [half(fn), half(sn)];
	}
	return sn === 0 && equal(r, root);
}

/** True when `proof` shows that the tree (first, firstRoot) is a prefix of (second, secondRoot). RFC 9162 §2.1.4.2. */
export function verifyConsistency(
	p: Hashing,
	first: number,
	second: number,
	proof: readonly Uint8Array[],
	firstRoot: Uint8Array,
	secondRoot: Uint8Array
): boolean {
	if (!Number.isSafeInteger(first) || !Number.isSafeInteger(second) || first < 0 || first > second) return false;
	if (proof.some((h) => h.length !== 32)) return false;
	if (first === second) return proof.length === 0 && equal(firstRoot, secondRoot);
	if (first === 0) return proof.length === 0 && equal(firstRoot, sha256(p));
	const path = isPower(first) ? [firstRoot, ...proof] : [...proof];
	const start = path.shift();
	if (!start) return false;
	let [fn, sn] = [first - 1, second - 1];
	while (odd(fn)) [fn, sn] = [half(fn), half(sn)];
	let [fr, sr] = [start, start];
	for (const h of path) {
		if (sn === 0) return false;
		if (odd(fn) || fn === sn) {
			fr = nodeHash(p, h, fr);
			sr = nodeHash(p, h, sr);
			while (!odd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
		} else {
			sr = nodeHash(p, sr, h);
		}
		[fn, sn] = [half(fn), half(sn)];
	}
	return sn === 0 && equal(fr, firstRoot) && equal(sr, secondRoot);
}

/**
 * The complete subtrees that appending `leaves` (leaf hashes) to a tree of `size` leaves brings into being,
 * in an order in which each follows its children. `read` is asked only for older nodes.
 */
export async function append(
	p: Hashing,
	read: NodeReader,
	size: number,
	leaves: readonly Uint8Array[]
): Promise<{ level: number; index: number; hash: Uint8Array }[]> {
	checkSize(size);
	const made: { level: number; index: number; hash: Uint8Array }[] = [];
	const fresh = new Map<string, Uint8Array>();
	for (const [i, leaf] of leaves.entries()) {
		let [level, index, hash] = [0, size + i, leaf];
		for (;;) {
			made.push({ level, index, hash });
			fresh.set(`${level}/${index}`, hash);
			if (!odd(index)) break;
			hash = nodeHash(p, fresh.get(`${level}/${index - 1}`) ?? (await read(level, index - 1)), hash);
			[level, index] = [level + 1, half(index)];
		}
	}
	return made;
}
