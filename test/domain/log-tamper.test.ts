// The keeper of the database, and in the end of the anchor too, rewrites the past. Whoever kept a checkpoint sees it.

import { beforeEach, expect, test } from 'vitest';
import { openCheckpoint } from '#crypto/tlog/checkpoint.ts';
import { readBody, readEntry, writeBody } from '#crypto/tlog/entry.ts';
import { consistencyProof, leafHash, verifyConsistency, verifyInclusion } from '#crypto/tlog/merkle.ts';
import { entriesOf, publish, rootAt, verifierOf, type Published } from '#lib/server/audit/checkpoint.ts';
import { proofOf, proofsOf } from '#lib/server/audit/proof.ts';
import { addLeaves, assign, type Waiting } from '#lib/server/audit/sequence.ts';
import { reader } from '#lib/server/audit/tree.ts';
import { append } from '#lib/server/audit/append.ts';
import type { Tx } from '#lib/server/db/pool.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let kept: Published;
const safe = crypto.randomUUID();

async function happen(n: number): Promise<void> {
	for (let i = 0; i < n; i++) await world.worker.tx((tx) => append(tx, { op: 'document.open', safe: i % 2 ? safe : null, obj: crypto.randomUUID(), values: { n: String(i) } }));
	await assign(world.worker);
}

beforeEach(async () => {
	world = await createWorld();
	await happen(300);
	kept = (await publish(world.worker))!;
	await happen(7);
});

/** Rewrites the whole log as the database's superuser can: what `change` makes of its events, every hash recomputed, no trace left. */
async function rewrite(change: (events: Waiting[]) => Waiting[]): Promise<void> {
	const keeper = world.database.connect('postgres');
	await keeper.begin(async (tx) => {
		await tx`set local session_replication_role = replica`;
		const events = change([...(await tx<Waiting[]>`select e.id as event, e.body, e.safe from log_leaf l join event e on e.id = l.event order by l.index`)]);
		await tx`delete from log_leaf`;
		await tx`delete from log_node`;
		await tx`update log_head set size = 0`;
		for (const { event, body } of events) await tx`update event set body = ${body}, digest = sha256(${body}) where id = ${event}`;
		expect(await addLeaves(tx, 0, events)).toBe(true);
	});
}

/** True when the tree as it stands goes on from the checkpoint that was kept. */
async function goesOn(): Promise<boolean> {
	const [{ size }] = await world.owner<[{ size: string }]>`select size from log_head`;
	if (Number(size) < kept.size) return false;
	const proof = await world.worker.tx((tx) => consistencyProof(p, reader(tx), kept.size, Number(size)));
	return verifyConsistency(p, kept.size, Number(size), proof, kept.root, await rootAt(world.worker, Number(size)));
}

const lie = (event: Waiting): Waiting => ({ ...event, body: writeBody({ ...readBody(event.body), res: 'denied' }) });
const past: [string, (events: Waiting[]) => Waiting[]][] = [
	['changed', (e) => e.with(41, lie(e[41]!))],
	['removed', (e) => e.toSpliced(41, 1)],
	['inserted', (e) => e.toSpliced(41, 0, e.at(-1)!).slice(0, -1)],
	['reordered', (e) => e.with(41, e[42]!).with(42, e[41]!)]
];

test('LOG-2 an honest log goes on from every checkpoint, and its keeper signs on', async () => {
	await rewrite((events) => events); // the tool itself changes nothing
	expect(await goesOn()).toBe(true);
	expect((await publish(world.worker))!.size).toBe(307);
});

test.each(past)('LOG-3 an event %s with every hash recomputed is no longer the log of the kept checkpoint, and is not signed', async (_, change) => {
	await rewrite(change);
	expect(await goesOn()).toBe(false);
	await expect(publish(world.worker)).rejects.toMatchObject({ name: 'LogSplit', kind: 'fork' });
	expect(await world.owner`select size from checkpoint`).toEqual([{ size: String(kept.size) }]);
});

test('LOG-3 a log cut short is behind its anchor, and is not signed', async () => {
	await rewrite((events) => events.slice(0, 250));
	expect(await goesOn()).toBe(false);
	await expect(publish(world.worker)).rejects.toMatchObject({ kind: 'behind' });
});

test('LOG-3 with the anchor rewritten as well, who kept a checkpoint still sees it', async () => {
	await rewrite((events) => events.with(41, lie(events[41]!)));
	world.objects.held.length = 0;
	await world.owner`delete from checkpoint`;
	expect((await publish(world.worker))!.size).toBe(307);
	expect(await goesOn()).toBe(false);
});

test('LOG-3 a body changed where it lies no longer has the leaf its proof needs', async () => {
	const [row] = await world.owner<{ event: string }[]>`select event from log_leaf where index = 41`;
	const verdict = async () => {
		const proof = (await proofOf(world.worker, row!.event))!;
		const { size, root } = await openCheckpoint(p, proof.checkpoint, verifierOf(world.worker));
		return verifyInclusion(p, leafHash(p, proof.entry), proof.index, size, proof.inclusion, root);
	};
	expect(await verdict()).toBe(true);
	const [event] = await world.owner<{ body: Uint8Array }[]>`select body from event where id = ${row!.event}`;
	const body = lie({ event: row!.event, safe: null, body: event!.body }).body;
	await world.database.connect('postgres').begin(async (tx) => {
		await tx`set local session_replication_role = replica`;
		await tx`update event set body = ${body}, digest = sha256(${body}) where id = ${row!.event}`;
	});
	expect(await verdict()).toBe(false);
});

test('LOG-4 proofs of many events are under one checkpoint, each as if asked for alone; an event after it has none', async () => {
	const rows = await world.owner<{ event: string; index: string }[]>`select event, index from log_leaf order by index`;
	const asked = [299, 0, 306, 41, 256].map((at) => rows[at]!.event);
	const proofs = await proofsOf(world.worker, asked);
	expect(proofs.map((proof) => proof && proof.index)).toEqual([299, 0, null, 41, 256]);
	for (const [i, event] of asked.entries()) expect(proofs[i]).toEqual(await proofOf(world.worker, event));
	const { size, root } = await openCheckpoint(p, kept.note, verifierOf(world.worker));
	for (const proof of proofs) if (proof) expect([proof.checkpoint, verifyInclusion(p, leafHash(p, proof.entry), proof.index, size, proof.inclusion, root)]).toEqual([kept.note, true]);
	expect(await proofsOf(world.worker, [rows[306]!.event], 12)).toEqual([null]);
	await world.owner`delete from checkpoint`;
	expect(await proofsOf(world.worker, asked.slice(0, 2))).toEqual([null, null]);
});

test('LOG-4 whatever is proven in a transaction, a tile is read once', async () => {
	let asked = 0;
	await world.worker.tx(async (tx) => {
		const read = reader(((...statement: Parameters<Tx>) => (asked++, tx(...statement))) as unknown as Tx);
		for (const first of [1, 40, 255, 256, 300]) await consistencyProof(p, read, first, 307);
	});
	expect(asked).toBe(3); // of leaves 0 to 255 and 256 to 306, and the one above them
});

test('LOG-2 each safe’s chain runs from 1 without a gap, each link naming the leaf before', async () => {
	const entries = await entriesOf(world.worker, 0, 307);
	const last = new Map<string | null, { seq: number; leaf: Uint8Array }>();
	for (const entry of entries) {
		const { body, seq, prev } = readEntry(entry);
		const before = last.get(body.safe);
		expect([seq, prev]).toEqual([(before?.seq ?? 0) + 1, before ? new Uint8Array(before.leaf) : null]);
		last.set(body.safe, { seq, leaf: leafHash(p, entry) });
	}
	expect([...last].map(([s, { seq }]) => [s, seq])).toEqual([[null, 154], [safe, 153]]);
});

test('LOG-2 no checkpoint is signed while the anchor cannot be read, and none is lost to a kill before it was published', async () => {
	world.objects.down = true;
	await expect(publish(world.worker)).rejects.toMatchObject({ code: 'unavailable' });
	expect(await world.owner`select size from checkpoint`).toHaveLength(1);
	world.objects.down = false;
	const published = (await publish(world.worker))!;
	await world.owner`delete from checkpoint where size = ${published.size}`;
	const again = (await publish({ ...world.worker, signing: { ...world.worker.signing, log: { ...world.worker.signing.log, signer: { ...world.worker.signing.log.signer, sign: () => Promise.reject(new Error('signed twice')) } } } }))!;
	expect(again.note).toBe(published.note);
});

test('LOG-2 many sequencers and publishers at once make one log', async () => {
	await Promise.all(Array.from({ length: 5 }, () => happen(20)));
	await Promise.all(Array.from({ length: 8 }, () => assign(world.worker)));
	await Promise.all(Array.from({ length: 8 }, () => publish(world.worker)));
	const [state] = await world.owner`select count(*)::int as leaves, max(index)::int + 1 as top, (select size::int from log_head) as head, (select max(size)::int from checkpoint) as signed, (select count(*)::int from event_waiting) as waiting from log_leaf`;
	expect(state).toEqual({ leaves: 407, top: 407, head: 407, signed: 407, waiting: 0 });
	expect(await goesOn()).toBe(true);
});
