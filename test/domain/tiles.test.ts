// Whoever has nothing but the public checkpoint and the hash tiles computes the checkpoint's root from them.

import { expect, test } from 'vitest';
import { hex } from '#crypto/bytes.ts';
import { openCheckpoint } from '#crypto/tlog/checkpoint.ts';
import { append as appendNodes, treeHash } from '#crypto/tlog/merkle.ts';
import { leavesNeeded, tilePath, type Tile } from '#crypto/tlog/tile.ts';
import { append } from '#lib/server/audit/append.ts';
import { publish, verifierOf } from '#lib/server/audit/checkpoint.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { latestCheckpoint, tile } from '#lib/server/audit/tiles.ts';
import { withActor } from '#lib/server/context.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const visitor = withActor(world.web, { person: null, client: null, via: 'web' });

async function happen(n: number): Promise<void> {
	await world.worker.tx(async (tx) => {
		for (let i = 0; i < n; i++) await append(tx, { op: 'document.open', safe: null, obj: crypto.randomUUID() });
	});
	while (await assign(world.worker));
}

const fetchTile = async (at: Tile): Promise<Uint8Array[]> => {
	const bytes = await tile(visitor, tilePath(at));
	return Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(32 * i, 32 * i + 32));
};

test('LOG-2 tiles make up the tree of the checkpoint, and nothing beyond it is served', async () => {
	expect(await latestCheckpoint(visitor)).toBeNull();
	await happen(260);
	await publish(world.worker);
	await happen(3);
	const { size, root } = await openCheckpoint(p, (await latestCheckpoint(visitor))!, verifierOf(world.worker));
	expect(size).toBe(260);

	const leaves = [...(await fetchTile({ level: 0, index: 0, width: 256 })), ...(await fetchTile({ level: 0, index: 1, width: 4 }))];
	const nodes = new Map((await appendNodes(p, () => Promise.reject(new Error('nothing is older')), 0, leaves)).map((n) => [`${n.level}/${n.index}`, n.hash]));
	expect(hex(await treeHash(p, async (level, index) => nodes.get(`${level}/${index}`)!, size))).toBe(hex(root));
	expect((await fetchTile({ level: 1, index: 0, width: 1 })).map(hex)).toEqual([hex(nodes.get('8/0')!)]);

	for (const beyond of [{ level: 0, index: 1, width: 5 }, { level: 0, index: 1, width: 256 }, { level: 1, index: 0, width: 2 }, { level: 0, index: 10 ** 12, width: 1 }]) {
		expect(leavesNeeded(beyond)).toBeGreaterThan(size);
		await expect(tile(visitor, tilePath(beyond)), tilePath(beyond)).rejects.toMatchObject({ kind: 'not-found' });
	}
	await expect(tile(visitor, `tile/0/${'x999/'.repeat(20)}999`)).rejects.toMatchObject({ kind: 'not-found' });
});
