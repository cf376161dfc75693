// A growing tree held by its frontier: its complete subtrees, largest first. RFC 6962 §2.1; as much as its root needs, at every size.

import { digest, type Primitives } from '../primitives.ts';
import { nodeHash } from './merkle.ts';

export interface Subtree {
	readonly level: number;
	readonly index: number;
	/** 32 bytes. */
	readonly hash: Uint8Array;
}

export class Frontier {
	private readonly primitives: Pick<Primitives, 'hash'>;
	private complete: Subtree[] = [];
	size = 0;
	constructor(primitives: Pick<Primitives, 'hash'>) {
		this.primitives = primitives;
	}

	/** Adds a leaf (its hash). Answers the complete subtrees above it that it brings into being, lowest first. */
	push(leaf: Uint8Array): Subtree[] {
		const made: Subtree[] = [];
		let top: Subtree = { level: 0, index: this.size++, hash: leaf };
		for (let left = this.complete.at(-1); left?.level === top.level; left = this.complete.at(-1)) {
			this.complete.pop();
			top = { level: top.level + 1, index: left.index / 2, hash: nodeHash(this.primitives, left.hash, top.hash) };
			made.push(top);
		}
		this.complete.push(top);
		return made;
	}

	/** Merkle tree hash of the leaves so far; the empty tree's is the hash of nothing. */
	root(): Uint8Array {
		if (!this.complete.length) return digest(this.primitives as Primitives, 'SHA-256');
		return this.complete.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(this.primitives, left, right));
	}
}
