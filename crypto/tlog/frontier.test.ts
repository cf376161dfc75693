import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { hex, uint32 } from '../bytes.ts';
import { Frontier } from './frontier.ts';
import { append, leafHash, treeHash } from './merkle.ts';

const p = {
	hash() {
		const h = createHash('sha256');
		return { update: (b: Uint8Array) => void h.update(b), digest: () => new Uint8Array(h.digest()) };
	}
};

test('LOG-2 at every size up to 600 its root and its subtrees are those of the tree', async () => {
	const leaves = Array.from({ length: 600 }, (_, i) => leafHash(p, uint32(i)));
	const made = await append(p, () => Promise.reject(new Error('all are new')), 0, leaves);
	const nodes = new Map(made.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
	const frontier = new Frontier(p);
	expect(hex(frontier.root())).toBe(hex(createHash('sha256').digest()));
	const pushed: string[] = [];
	for (const [i, leaf] of leaves.entries()) {
		pushed.push(...frontier.push(leaf).map(({ level, index, hash }) => `${level}/${index} ${hex(hash)}`));
		expect(hex(frontier.root())).toBe(hex(await treeHash(p, async (level, index) => nodes.get(`${level}/${index}`)!, i + 1)));
	}
	expect(pushed).toEqual(made.filter(({ level }) => level > 0).map(({ level, index, hash }) => `${level}/${index} ${hex(hash)}`));
});
