import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, fromHex, hex, utf8 } from '../bytes.ts';
import { append, consistencyProof, inclusionProof, leafHash, nodeHash, treeHash, verifyConsistency, verifyInclusion } from './merkle.ts';

const p = {
	hash() {
		const h = createHash('sha256');
		return { update: (b: Uint8Array) => void h.update(b), digest: () => new Uint8Array(h.digest()) };
	}
};

/** A tree kept in memory, grown by `append` in two steps so that older nodes are read back. */
async function tree(leaves: readonly Uint8Array[], cut = leaves.length >> 1) {
	const nodes = new Map<string, Uint8Array>();
	const read = async (level: number, index: number) => {
		const found = nodes.get(`${level}/${index}`);
		if (!found) throw new Error(`no node ${level}/${index}`);
		return found;
	};
	for (const [from, part] of [
		[0, leaves.slice(0, cut)],
		[cut, leaves.slice(cut)]
	] as const) {
		for (const n of await append(p, read, from, part)) nodes.set(`${n.level}/${n.index}`, n.hash);
	}
	return read;
}

// The tree of the Certificate Transparency reference implementation's tests: eight entries and the root after each.
const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
	'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
	'6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
	'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
	'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
	'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
	'4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
	'76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
	'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
	'5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'
];
const numbered = (n: number) => Array.from({ length: n }, (_, i) => leafHash(p, utf8(`entry ${i}`)));
const flip = (b: Uint8Array, at: number) => b.map((v, i) => (i === at ? v ^ 1 : v));

describe('merkle', () => {
	test('LOG-2 roots are those of the reference implementation', async () => {
		const read = await tree(entries.map((e) => leafHash(p, fromHex(e))));
		for (const [size, root] of roots.entries()) expect(hex(await treeHash(p, read, size))).toBe(root);
	});

	test('LOG-2 every leaf of every tree is proven, and at no other index or size', async () => {
		const leaves = numbered(33);
		const read = await tree(leaves);
		for (let size = 1; size <= leaves.length; size++) {
			const root = await treeHash(p, read, size);
			for (let index = 0; index < size; index++) {
				const proof = await inclusionProof(p, read, index, size);
				expect(verifyInclusion(p, leaves[index]!, index, size, proof, root)).toBe(true);
				for (const other of [index - 1, index + 1]) expect(verifyInclusion(p, leaves[index]!, other, size, proof, root)).toBe(false);
				expect(verifyInclusion(p, leaves[index]!, index, size, [...proof, root], root)).toBe(false);
				if (proof.length) expect(verifyInclusion(p, leaves[index]!, index, size, proof.slice(1), root)).toBe(false);
			}
		}
	});

	test('LOG-3 every prefix is proven; a changed leaf, root or proof is refused', async () => {
		const leaves = numbered(20);
		const read = await tree(leaves);
		const forged = await tree(leaves.map((l, i) => (i === 3 ? flip(l, 0) : l)));
		for (let second = 1; second <= leaves.length; second++) {
			const secondRoot = await treeHash(p, read, second);
			for (let first = 0; first <= second; first++) {
				const firstRoot = await treeHash(p, read, first);
				const proof = await consistencyProof(p, read, first, second);
				expect(verifyConsistency(p, first, second, proof, firstRoot, secondRoot)).toBe(true);
				expect(verifyConsistency(p, first, second, [...proof, secondRoot], firstRoot, secondRoot)).toBe(false);
				expect(verifyConsistency(p, first, second, proof, flip(firstRoot, 31), secondRoot)).toBe(false);
				if (first > 0) expect(verifyConsistency(p, first, second, proof, firstRoot, flip(secondRoot, 0))).toBe(false);
				if (first > 3 && first < second) {
					const other = await consistencyProof(p, forged, first, second);
					expect(verifyConsistency(p, first, second, other, firstRoot, await treeHash(p, forged, second))).toBe(false);
				}
			}
		}
	});

	test('LOG-3 one flipped bit anywhere in leaf, proof or root is refused', async () => {
		const leaves = numbered(100);
		const read = await tree(leaves);
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 2, max: 100 }), fc.nat(), fc.nat(), fc.nat(31), async (size, i, which, at) => {
				const index = i % size;
				const root = await treeHash(p, read, size);
				const parts = [leaves[index]!, root, ...(await inclusionProof(p, read, index, size))];
				const [leaf, top, ...proof] = parts.map((b, n) => (n === which % parts.length ? flip(b, at) : b));
				expect(verifyInclusion(p, leaf!, index, size, proof, top!)).toBe(false);
			})
		);
	});

	test('LOG-2 a tree grown in any steps is the same tree', async () => {
		const leaves = numbered(40);
		const whole = await treeHash(p, await tree(leaves, 0), 40);
		for (let cut = 1; cut <= 40; cut++) expect(await treeHash(p, await tree(leaves, cut), 40)).toEqual(whole);
	});

	test('LOG-3 what is no index, size or hash proves nothing', async () => {
		const leaves = numbered(4);
		const read = await tree(leaves);
		const root = await treeHash(p, read, 4);
		const [index, second] = [await inclusionProof(p, read, 1, 4), await consistencyProof(p, read, 3, 4)];
		const roots = [await treeHash(p, read, 3), root] as const;
		for (const [at, size] of [[NaN, 4], [0.5, 4], [-1, 4], [4, 4], [1, NaN], [1, 2 ** 53], [1, 0]] as const) expect(verifyInclusion(p, leaves[1]!, at, size, index, root), `${at} of ${size}`).toBe(false);
		for (const [from, to] of [[NaN, 4], [3, NaN], [-1, 4], [3, 2 ** 53], [5, 4], [2.5, 4], [4, 3]] as const) expect(verifyConsistency(p, from, to, second, ...roots), `${from} to ${to}`).toBe(false);
		expect(verifyConsistency(p, 2.5, 2.5, [], root, root)).toBe(false);
		expect(verifyConsistency(p, -1, -1, [], root, root)).toBe(false);
		expect(verifyConsistency(p, 3, 4, [], ...roots)).toBe(false);
		// The same bytes under one hash, cut elsewhere: a leaf of 31 bytes before a neighbour of 33.
		const shifted = [concat(leaves[1]!.subarray(0, 0), index[0]!.slice(31), leaves[1]!), [index[0]!.slice(0, 31), ...index.slice(1)]] as const;
		expect(verifyInclusion(p, shifted[0], 1, 4, shifted[1], root)).toBe(false);
	});

	test('LOG-3 roots made to fit: no index between two, no size that is not counted, no hash of another length, no proof of another tree', async () => {
		const leaves = numbered(4);
		const read = await tree(leaves);
		const root = await treeHash(p, read, 4);
		const [leaf = leaves[0]!, ...more] = leaves;
		const first = await inclusionProof(p, read, 0, 4);
		for (const index of [0.5, NaN]) expect(verifyInclusion(p, leaf, index, 4, first, root), `index ${index}`).toBe(false);
		expect(verifyConsistency(p, 0.5, 4, first, leaf, root)).toBe(false);
		const many = Array.from({ length: 53 }, () => leaf);
		const folded = many.reduce((hash, h) => nodeHash(p, hash, h), leaf);
		expect(verifyInclusion(p, leaf, 0, 2 ** 53 - 1, many, folded)).toBe(true);
		expect(verifyInclusion(p, leaf, 0, 2 ** 53, many, folded)).toBe(false);
		expect(verifyConsistency(p, 1, 2 ** 53 - 1, many, leaf, folded)).toBe(true);
		expect(verifyConsistency(p, 1, 2 ** 53, many, leaf, folded)).toBe(false);
		const [short, long] = [leaf.slice(1), concat(leaf, leaf)];
		expect(verifyInclusion(p, short, 0, 1, [], short)).toBe(false);
		expect(verifyInclusion(p, leaf, 0, 2, [long], nodeHash(p, leaf, long))).toBe(false);
		expect(verifyConsistency(p, 1, 2, [long], leaf, nodeHash(p, leaf, long))).toBe(false);
		// One hash too many, and the roots of a tree that has it.
		const [a, b, c] = more as [Uint8Array, Uint8Array, Uint8Array];
		expect(verifyInclusion(p, leaf, 0, 1, [a], nodeHash(p, a, leaf))).toBe(false);
		const [older, newer] = [nodeHash(p, b, leaf), nodeHash(p, b, nodeHash(p, leaf, a))];
		expect(verifyConsistency(p, 3, 4, [leaf, a, b], older, newer)).toBe(true);
		expect(verifyConsistency(p, 3, 4, [leaf, a, b, c], nodeHash(p, c, older), nodeHash(p, c, newer))).toBe(false);
	});

	test('LOG-2 a proof of what is not there is misuse', async () => {
		const read = await tree(numbered(4));
		const misuse = { code: 'misuse' };
		for (const size of [-1, 0.5, 2 ** 53]) {
			await expect(treeHash(p, read, size)).rejects.toMatchObject(misuse);
			await expect(append(p, read, size, [])).rejects.toMatchObject(misuse);
			await expect(inclusionProof(p, read, 0, size)).rejects.toMatchObject(misuse);
			await expect(consistencyProof(p, read, size, 4)).rejects.toMatchObject(misuse);
			await expect(consistencyProof(p, read, 0, size)).rejects.toMatchObject(misuse);
		}
		for (const index of [-1, 4, 0.5]) await expect(inclusionProof(p, read, index, 4)).rejects.toMatchObject(misuse);
		await expect(consistencyProof(p, read, 4, 3)).rejects.toMatchObject(misuse);
	});
});
