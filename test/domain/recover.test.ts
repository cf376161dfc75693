// The database is restored to an earlier state while the anchor is ahead: its entries come back; if they are lost too, nothing is signed until a new log is begun.

import { beforeEach, expect, test } from 'vitest';
import { hex } from '#crypto/bytes.ts';
import { opens, readBody, readEntry } from '#crypto/tlog/entry.ts';
import { consistencyProof, verifyConsistency } from '#crypto/tlog/merkle.ts';
import { openNote, parseVerifier } from '#crypto/tlog/note.ts';
import { append } from '#lib/server/audit/append.ts';
import { beginLog } from '#lib/server/audit/begin.ts';
import { entriesOf, publish, rootAt, type Published } from '#lib/server/audit/checkpoint.ts';
import { follow, verifierLines } from '#lib/server/audit/log-keys.ts';
import { proofOf } from '#lib/server/audit/proof.ts';
import { recover } from '#lib/server/audit/recover.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { keys as publicKeys } from '#lib/server/audit/tiles.ts';
import { reader } from '#lib/server/audit/tree.ts';
import { withActor, type WorkerContext } from '#lib/server/context.ts';
import { connect } from '#lib/server/db/pool.ts';
import { check } from '#lib/server/fsck/check.ts';
import type { Finding } from '#lib/server/fsck/finding.ts';
import { generateKey, nodePrimitives as p, nodeSigner, specAlgorithm } from '#lib/server/keys/primitives.ts';
import * as safes from '#lib/server/safes.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let safe: string;
let client: string;
let restore: () => Promise<void>;
let ahead: Published;
let before: Uint8Array[];
const lost = crypto.randomUUID();

async function happen(n: number, ctx: WorkerContext = world.worker): Promise<void> {
	for (let i = 0; i < n; i++) await ctx.tx((tx) => append(tx, { op: 'document.open', safe: [null, safe, lost][i % 3]!, obj: crypto.randomUUID(), values: { n: String(i) } }));
}
async function sequenced(n: number, ctx = world.worker): Promise<Published> {
	await happen(n, ctx);
	while (await assign(ctx));
	return (await publish(ctx))!;
}
const checkpoints = () => world.objects.held.filter(({ key }) => key.includes('/checkpoint/'));
const bundles = () => world.objects.held.filter(({ key }) => key.includes('/entries/'));
const asOwner = () => withActor({ ...world.worker, database: connect(world.database.connect('owner')) }, { person: null, client: null, via: 'cli' });

async function goesOnFrom(past: Published): Promise<boolean> {
	const [{ size }] = await world.owner<[{ size: string }]>`select size from log_head`;
	const proof = await world.worker.tx((tx) => consistencyProof(p, reader(tx), past.size, Number(size)));
	return verifyConsistency(p, past.size, Number(size), proof, past.root, await rootAt(world.worker, Number(size)));
}

/** 260 entries signed, two more written but not in the log; the database is kept so. Those two and 299 others are signed, then it is put back. */
beforeEach(async () => {
	world = await createWorld();
	const ada = await world.administrator();
	client = ada.client;
	safe = (await safes.create(ada.ctx, { name: 'Contrats' })).id;
	await sequenced(259);
	await happen(2);
	restore = await world.database.snapshot();
	ahead = await sequenced(299);
	before = await entriesOf(world.worker, 0, ahead.size);
	expect(ahead.size).toBe(561);
	await restore();
});

test('LOG-2 LOG-3 OPS-4 what the anchor has beyond a restored database comes back entry for entry; the log goes on from every checkpoint and names the gap', async () => {
	const anchored = checkpoints().length;
	await expect(publish(world.worker)).resolves.toBeNull(); // as it was published
	await sequencedNothing();
	expect(checkpoints()).toHaveLength(anchored);
	const gaps = await Promise.all(Array.from({ length: 5 }, () => recover(world.worker)));
	expect(gaps.filter(Boolean)).toEqual([{ from: 260, to: 561 }]);
	expect(await recover(world.worker)).toBeNull();
	expect((await entriesOf(world.worker, 0, 561)).map(hex)).toEqual(before.map(hex));
	const [counted] = await world.owner`select count(*)::int as events, count(distinct l.event)::int as leaves from event e left join log_leaf l on l.event = e.id`;
	expect(counted).toEqual({ events: 562, leaves: 561 }); // the two that waited are matched, not doubled; log.recovered waits
	expect(await world.owner`select distinct e.client from event e join log_leaf l on l.event = e.id where e.safe = ${safe} and l.index >= 262`).toEqual([{ client }]); // in the log of the safe's client
	expect(await world.owner`select size::int from checkpoint order by size desc limit 1`).toEqual([{ size: 561 }]);

	const next = await sequenced(4);
	expect(next.size).toBe(566);
	expect(await goesOnFrom(ahead)).toBe(true);
	const bodies = (await entriesOf(world.worker, 561, 566)).map((entry) => readEntry(entry).body);
	expect(bodies[0]!.op).toBe('log.recovered');
	const [{ event }] = await world.owner<[{ event: string }]>`select event from log_leaf where index = 561`;
	const { openings } = (await proofOf(world.worker, event))!;
	for (const [name, value] of [['from', '260'], ['to', '561']] as const) expect(opens(p, bodies[0]!, { name, key: openings[name]!.key, value })).toBe(true);
});

/** A worker that does not ask the anchor first would give leaves of its own: it signs none of them. */
async function sequencedNothing(): Promise<void> {
	const then = await world.database.snapshot();
	await happen(1);
	while (await assign(world.worker));
	await expect(publish(world.worker)).rejects.toMatchObject({ name: 'LogSplit', kind: 'behind' });
	await expect(recover(world.worker)).rejects.toMatchObject({ name: 'LogSplit', kind: 'fork' });
	await happen(400);
	while (await assign(world.worker));
	await expect(publish(world.worker)).rejects.toMatchObject({ name: 'LogSplit', kind: 'fork' });
	await then();
}

test('LOG-3 entries that are missing in the anchor, or were changed there, bring nothing back, and nothing is signed', async () => {
	const last = bundles().find(({ key }) => key.endsWith('-260'))!;
	const bytes = last.bytes;
	for (const spoil of [() => world.objects.held.splice(world.objects.held.indexOf(last), 1), () => (last.bytes = flipped(bytes))]) {
		spoil();
		await expect(recover(world.worker)).rejects.toMatchObject({ name: 'LogSplit' });
		expect(await world.owner`select size from log_head`).toEqual([{ size: '260' }]);
		await happen(1);
		if (!world.objects.held.includes(last)) world.objects.held.push(last);
	}
	last.bytes = bytes;
	expect(await recover(world.worker)).toEqual({ from: 260, to: 561 });
});

test('LOG-3 what no log has put in the anchor hides nothing behind it; a checkpoint there that nobody signed ends the log, on demand', async () => {
	const put = (key: string) => world.objects.put(key, (async function* () { yield new TextEncoder().encode('x'); })());
	for (const key of ['anchor/!', 'anchor/9998/a', 'anchor/0000/!']) {
		const { version } = await put(key);
		await expect(recover(world.worker)).rejects.toMatchObject({ name: 'LogSplit', kind: 'fork', message: expect.stringContaining(key) });
		await world.objects.remove(key, version);
	}
	await put('anchor/9998/checkpoint/!');
	await expect(recover(world.worker)).rejects.toMatchObject({ name: 'CryptoError' });
	expect((await beginLog(asOwner())).line).toMatch(/\/log-2\+/);
	world.objects.down = true;
	await expect(beginLog(asOwner())).rejects.toMatchObject({ code: 'unavailable' }); // it may come back
});

/** One letter of an entry's pseudonym: still an entry. */
function flipped(bytes: Uint8Array): Uint8Array {
	const copy = Buffer.from(bytes);
	const at = copy.indexOf('"obj":"') + 7;
	copy[at] = copy[at] === 0x61 ? 0x62 : 0x61;
	return new Uint8Array(copy);
}

test('LOG-2 with the entries lost too, a new log is begun on demand: its first entry is the old log’s last checkpoint, and every event is in it', async () => {
	world.objects.held.splice(0, world.objects.held.length, ...checkpoints());
	await expect(recover(world.worker)).rejects.toMatchObject({ name: 'LogSplit', kind: 'behind', message: expect.stringContaining('lacks the entries from 260') });
	const { line, why } = await beginLog(asOwner());
	expect(why).toContain('lacks the entries');
	while (await assign(world.worker));
	const published = (await publish(world.worker))!;
	expect(published.size).toBe(263); // log.started, 260 old events, the two that waited
	expect(line).toMatch(/^test\.example\/log-2\+/);
	expect(published.note.split('\n')[0]).toBe('test.example/log-2');
	await openNote(p, published.note, [parseVerifier(p, line)]);
	expect(await verifierLines(world.web && withActor(world.web, { person: null, client: null, via: 'web' }))).toHaveLength(2);

	const [started] = await world.owner<{ body: Uint8Array; key: Uint8Array; value: string }[]>`select e.body, o.key, o.value from log_leaf l join event e on e.id = l.event join event_opening o on o.event = e.id where l.index = 0`;
	expect(readBody(started!.body).op).toBe('log.started');
	expect(started!.value).toBe(ahead.note);
	expect(opens(p, readBody(started!.body), { name: 'checkpoint', key: started!.key, value: ahead.note })).toBe(true);
	expect(await world.owner`select count(*)::int as leaves from former_leaf where log = 1`).toEqual([{ leaves: 260 }]);
	await expect(world.owner`delete from log_leaf`).rejects.toThrow('append-only');
	await expect(beginLog(asOwner())).rejects.toMatchObject({ reason: 'log-goes-on' });

	await restore(); // once more to before: the anchor has a later log
	await happen(1);
	while (await assign(world.worker));
	await expect(publish(world.worker)).rejects.toMatchObject({ name: 'LogSplit', message: expect.stringContaining('log 2') });
	const findings: Finding[] = [];
	await check(world.worker, (f) => void findings.push(f));
	expect(findings.filter(({ subject }) => subject === 'log')).toMatchObject([{ problem: 'anchor-ahead', detail: expect.stringContaining('log 2') }]);
	expect((await beginLog(asOwner())).line).toMatch(/\/log-3\+/);
});

test('LOG-2 a rotation of the log’s key that a restore undid comes back with its note, and proofs lead over it again', async () => {
	await recover(world.worker);
	await sequenced(1);
	const then = await world.database.snapshot();
	const { privateKey, spki } = generateKey('ed25519');
	const { log } = world.worker.signing;
	const next = { publicKey: spki.slice(-32), signer: nodeSigner(privateKey, specAlgorithm.ed25519) };
	const holding = (earlier: (typeof next)[]) => ({ ...world.worker, signing: { ...world.worker.signing, log: { name: log.name, ...next, earlier } } });
	const both = holding([{ publicKey: Uint8Array.from(log.publicKey), signer: log.signer }]);
	await follow(both);
	while (await assign(both));
	await publish(both);
	await sequenced(3, holding([]));
	const visitor = withActor(world.web, { person: null, client: null, via: 'web' });
	const lines = await verifierLines(visitor);
	const shown = Object.keys((JSON.parse(await publicKeys(visitor)) as { keys: object }).keys);
	await then();
	expect(await verifierLines(visitor)).toHaveLength(1);
	expect(await recover(holding([]))).not.toBeNull();
	expect(await verifierLines(visitor)).toEqual(lines);
	expect(Object.keys((JSON.parse(await publicKeys(visitor)) as { keys: object }).keys)).toEqual(shown);
	await sequenced(1, holding([]));
});
