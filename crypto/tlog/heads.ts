// Completeness of a safe's log: its entries, chained from 1 to a head, and that head under the root an entry `log.heads` commits the log to.
// The heads are a Merkle tree of their own, sorted by safe; a leaf is lp(safe) ‖ lp(seq) ‖ lp(leaf), the chain of no safe under the empty name.

import { compare, equal, lengthPrefixed, uint64, utf8, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Primitives } from '../primitives.ts';
import { readEntry } from './entry.ts';
import { append, inclusionProof, leafHash, treeHash, verifyInclusion, type NodeReader } from './merkle.ts';

type Hashing = Pick<Primitives, 'hash'>;

/** The end of a chain: the last entry's seq and leaf hash (32 bytes). */
export interface Head {
	readonly safe: string | null;
	readonly seq: number;
	readonly leaf: Uint8Array;
}

/** Shows a head under the root of all heads. */
export interface HeadProof {
	readonly index: number;
	/** How many heads there are. */
	readonly size: number;
	readonly inclusion: readonly Uint8Array[];
}

const name = (head: Head): Bytes => utf8(head.safe ?? '');
const hashOf = (p: Hashing, head: Head): Bytes => leafHash(p, lengthPrefixed(name(head), uint64(head.seq), head.leaf));

function sorted(heads: readonly Head[]): readonly Head[] {
	const order = [...heads].sort((a, b) => compare(name(a), name(b)));
	if (order.some((head, i) => i > 0 && equal(name(head), name(order[i - 1]!)))) throw new CryptoError('misuse', 'heads', 'a chain with two heads');
	return order;
}

async function tree(p: Hashing, heads: readonly Head[]): Promise<NodeReader> {
	const none: NodeReader = () => Promise.reject(new CryptoError('misuse', 'heads'));
	const nodes = new Map((await append(p, none, 0, heads.map((head) => hashOf(p, head)))).map(({ level, index, hash }) => [`${level}/${index}`, hash]));
	return async (level, index) => nodes.get(`${level}/${index}`)!;
}

/** The root of all heads, in any order given. CryptoError `misuse` when a safe has two. */
export async function headsRoot(p: Hashing, heads: readonly Head[]): Promise<Uint8Array> {
	const order = sorted(heads);
	return treeHash(p, await tree(p, order), order.length);
}

/** The proof for the head of a safe; null when it is not among them. */
export async function proveHead(p: Hashing, heads: readonly Head[], safe: string | null): Promise<HeadProof | null> {
	const order = sorted(heads);
	const index = order.findIndex((head) => head.safe === safe);
	if (index < 0) return null;
	return { index, size: order.length, inclusion: await inclusionProof(p, await tree(p, order), index, order.length) };
}

/** True when the root commits to exactly this head. */
export function verifyHead(p: Hashing, head: Head, { index, size, inclusion }: HeadProof, root: Uint8Array): boolean {
	return verifyInclusion(p, hashOf(p, head), index, size, inclusion, root);
}

export interface ChainFault {
	readonly reason: 'entry-malformed' | 'other-safe' | 'entry-missing' | 'link-broken' | 'head-differs';
	/** The seq at which it shows. */
	readonly seq: number;
}

/** Null when `entries`, in this order, are all of a safe's from 1 to its head; else the first fault. */
export function chainFault(p: Hashing, entries: readonly Uint8Array[], head: Head): ChainFault | null {
	let before: Uint8Array | null = null;
	for (const [i, bytes] of entries.entries()) {
		const fault = linkFault(bytes, head.safe, i + 1, before);
		if (fault) return { reason: fault, seq: i + 1 };
		before = leafHash(p, bytes);
	}
	if (entries.length < head.seq) return { reason: 'entry-missing', seq: entries.length + 1 };
	return entries.length === head.seq && before && equal(before, head.leaf) ? null : { reason: 'head-differs', seq: head.seq };
}

function linkFault(bytes: Uint8Array, safe: string | null, seq: number, before: Uint8Array | null): ChainFault['reason'] | null {
	try {
		const entry = readEntry(bytes);
		if (entry.body.safe !== safe) return 'other-safe';
		if (entry.seq !== seq) return 'entry-missing';
		return before && !(entry.prev && equal(entry.prev, before)) ? 'link-broken' : null;
	} catch (error) {
		if (error instanceof CryptoError) return 'entry-malformed';
		throw error;
	}
}
