// LOG-8: an instance that is whole has no finding, and each thing that can be wrong has its own.

import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { append } from '#lib/server/audit/append.ts';
import { publish } from '#lib/server/audit/checkpoint.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { receipt } from '#lib/server/evidence/receipt.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import { check } from '#lib/server/fsck/check.ts';
import type { Problem } from '#lib/server/fsck/finding.ts';
import * as safes from '#lib/server/safes.ts';
import { signatures } from '../../src/cli/bench-signatures.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const keeper = world.database.connect('postgres');
const ada = await world.administrator();
const safe = (await safes.create(ada.ctx, { name: 'Contrats' })).id;
const uploads = ada.ctx.settings.stageDirectory;

async function upload(length: number): Promise<string> {
	const { id } = await stage.create(ada.ctx, { safe, name: 'a.bin', length });
	await stage.write(ada.ctx, id, 0, (async function* () {
		yield randomBytes(length);
	})());
	return id;
}
const made = await deposit(ada.ctx, { stage: await upload(5000) });
await deposit(ada.ctx, { stage: await upload(60) });
await signatures({ ctx: ada.ctx, worker: world.worker, safe, owner: world.owner }, 2);
const waiting = await upload(3_000_000);
await ada.ctx.tx(async (tx) => {
	for (let i = 0; i < 300; i++) await append(tx, { op: 'log.read', safe: i % 2 ? safe : null, obj: safe });
});
await timestamp(world.worker, { version: made.version });
const sequenced = async () => {
	await assign(world.worker);
	await publish(world.worker);
};
await sequenced();
await receipt(world.worker, { version: made.version });
await sequenced();

async function checked(options = {}) {
	const problems: Problem[] = [];
	const result = await check(world.worker, ({ problem }) => problems.push(problem), options);
	await sequenced();
	return { problems: [...new Set(problems)], ...result };
}

/** Changes tables behind everyone's back, as their keeper can, checks, and puts them back. */
async function tampered(tables: readonly string[], sql: string): Promise<Problem[]> {
	const hidden = (act: (tx: typeof keeper) => Promise<unknown>) => keeper.begin(async (tx) => (await tx`set local session_replication_role = replica`, await act(tx as unknown as typeof keeper)));
	await hidden(async (tx) => {
		for (const t of tables) await tx.unsafe(`drop table if exists kept_${t}; create table kept_${t} as table ${t}`);
		const changed = await tx.unsafe(sql);
		expect(changed.count).toBeGreaterThan(0);
	});
	const problems: Problem[] = [];
	await check(world.worker, ({ problem }) => problems.push(problem));
	await hidden(async (tx) => {
		for (const t of tables) {
			const [{ columns }] = await tx<[{ columns: string }]>`select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute where attrelid = ${t}::regclass and attnum > 0 and not attisdropped and attgenerated = ''`;
			await tx.unsafe(`delete from ${t}; insert into ${t} (${columns}) overriding system value select ${columns} from kept_${t}; drop table kept_${t}`);
		}
	});
	await keeper`delete from event_waiting w where not exists (select from event e where e.id = w.event)`;
	await sequenced();
	return [...new Set(problems)];
}

test('LOG-8 an instance that is whole has no finding; what is still asked for is told apart; the act is an event', async () => {
	const first = await checked();
	expect(first).toMatchObject({ problems: [], findings: 0, swept: 0, versions: 8, receipts: 1, signatures: 0, objects: 9, eventsPending: 0, timestampsPending: 7 });
	const [act] = await world.owner<{ values: Record<string, string>; body: { op: string; res: string; via: string } }[]>`
		select convert_from(body, 'utf8')::jsonb as body, (select jsonb_object_agg(name, value) from event_opening where event = e.id) as values from event e order by id desc limit 1`;
	expect(act).toMatchObject({ body: { op: 'operator.act', res: 'ok' }, values: { act: 'fsck', findings: '0' } });
	expect((await checked()).events).toBe(first.events + 1);
});

const lie = `overlay(body placing 'denied'::bytea from position('"ok"'::bytea in body) + 1 for 2)`;
const table: [string, readonly string[], string, readonly Problem[]][] = [
	['the digest of a version', ['version'], `update version set sha256 = sha256('x') where id = '${made.version}'`, ['object-altered', 'event-differs', 'token-invalid']],
	['the object a version names', ['version'], `update version set object_key = '00/none' where id = '${made.version}'`, ['object-missing', 'object-orphan']],
	['the event a version names', ['version'], `update version set event = (select min(id) from event) where id = '${made.version}'`, ['event-differs']],
	['the value an event is opened with', ['event_opening'], `update event_opening set value = repeat('0', 64) where name = 'sha256' and event = (select event from version where id = '${made.version}')`, ['event-differs']],
	['a token by another’s', ['timestamp_token'], `update timestamp_token set token = overlay(token placing '\\x00' from octet_length(token) for 1)`, ['token-invalid']],
	['a receipt’s row', ['receipt'], `delete from receipt`, ['object-orphan']],
	['the parent of a version', ['version'], `update version v set parent = (select id from version p where p.document = v.document and p.number = 1) where number = 3`, ['version-order']],
	['the signature of one who never accepted', ['signing_intent'], `delete from signing_intent where id = (select id from signing_intent limit 1)`, ['signature-released', 'signature-state']],
	['an intent that was released twice', ['version', 'event'], `with first as (select * from version where number = 3 limit 1),
		e as (insert into event (body, digest, safe) select e.body, e.digest, e.safe from event e join first f on f.event = e.id returning id),
		again as (insert into version (id, document, safe, client, number, parent, sha256, size, media_type, object_key, store_version, event, destroyed_at)
			select gen_random_uuid(), f.document, f.safe, f.client, 9, f.id, f.sha256, f.size, f.media_type, 'x/y', '0', e.id, now() from first f, e returning id) select id from again`, ['signature-released', 'version-order', 'event-unqueued']],
	['the state of a signer', ['signer'], `update signer set state = 'opened', signed_version = null`, ['signature-state']],
	['the current version of an envelope', ['envelope'], `update envelope set current_version = base_version`, ['signature-state']],
	['an event', ['event'], `update event set body = ${lie} where id = (select event from log_leaf where index = 20)`, ['event-altered', 'leaf-differs', 'node-differs', 'checkpoint-differs', 'anchor-differs']],
	['an event, with its digest', ['event'], `update event set body = ${lie}, digest = sha256(${lie}) where id = (select event from log_leaf where index = 20)`, ['leaf-differs', 'node-differs', 'checkpoint-differs', 'anchor-differs']],
	['an event that nobody will sequence', ['event'], `insert into event (body, digest, safe) select body, digest, safe from event limit 1`, ['event-unqueued']],
	['the last leaf', ['log_leaf'], `delete from log_leaf where index = (select max(index) from log_leaf)`, ['leaf-missing', 'anchor-differs', 'event-unqueued']],
	['the chain of a leaf', ['log_leaf'], `update log_leaf set prev = sha256('x') where index = (select max(index) from log_leaf where seq > 1)`, ['chain-broken', 'leaf-differs', 'checkpoint-differs', 'anchor-differs']],
	['a stored hash of the tree', ['log_node'], `update log_node set hash = sha256('x')`, ['node-differs']],
	['a checkpoint', ['checkpoint'], `update checkpoint set root = sha256('x') where size = (select max(size) from checkpoint)`, ['checkpoint-differs']],
	['the note of a checkpoint', ['checkpoint'], `update checkpoint set note = replace(note, '— ', '— x') where size = (select max(size) from checkpoint)`, ['checkpoint-differs']],
	['the head, as in a database restored', ['log_head', 'log_leaf'], `with l as (delete from log_leaf where index = (select max(index) from log_leaf) returning index) update log_head set size = l.index from l`, ['anchor-ahead', 'event-unqueued']]
];
test.each(table)('LOG-8 %s: changed, it is found for what it is', async (_, tables, sql, problems) => {
	expect((await tampered(tables, sql)).sort()).toEqual([...problems].sort());
	expect((await checked()).problems).toEqual([]);
});

const held = (key: (k: string) => boolean) => world.objects.held.findLast((o) => key(o.key))!;
const stores: [string, () => () => void, readonly Problem[]][] = [
	['an object gone', () => {
		const [gone] = world.objects.held.splice(world.objects.held.findIndex((o) => !o.key.startsWith('anchor/')), 1);
		return () => void world.objects.held.unshift(gone!);
	}, ['object-missing']],
	['a byte of an object', () => flip(held((k) => !k.startsWith('anchor/'))), ['object-altered']],
	['a byte of the anchored entries', () => flip(held((k) => /^anchor\/\d{4}\/entries\//.test(k))), ['anchor-differs']],
	['a byte of the anchored checkpoint', () => flip(held((k) => /^anchor\/\d{4}\/checkpoint\//.test(k))), ['anchor-missing']],
	['the anchored entries gone', () => {
		const kept = world.objects.held.splice(0);
		world.objects.held.push(...kept.filter(({ key }) => !/^anchor\/\d{4}\/entries\//.test(key)));
		return () => void world.objects.held.splice(0, Infinity, ...kept);
	}, ['anchor-missing']],
	['the file of an upload cut short', () => {
		truncateSync(join(uploads, waiting), 2_000_000);
		return () => {};
	}, ['upload-short']]
];
function flip(object: { bytes: Uint8Array }): () => void {
	const at = object.bytes.length - 1;
	object.bytes[at]! ^= 1;
	return () => void (object.bytes[at]! ^= 1);
}
test.each(stores)('LOG-8 %s: found', async (_, change, problems) => {
	const undo = change();
	const found: Problem[] = [];
	await check(world.worker, ({ problem }) => found.push(problem));
	undo();
	expect([...new Set(found)]).toEqual(problems);
	await sequenced();
});

test('OPS-3 orphans are found, and swept once nobody can be about to name them; never from an instance that is not whole', async () => {
	await ada.ctx.tx((tx) => tx`delete from stage where id = ${waiting}`);
	const store = (key: string, age: number) => world.objects.held.push({ key, version: '1', size: 1, storedAt: new Date(Date.now() - age), bytes: randomBytes(1) });
	store('zz/old', 25 * 3600_000);
	store('zz/young', 3600_000);
	mkdirSync(uploads, { recursive: true });
	const stray = join(uploads, crypto.randomUUID());
	writeFileSync(stray, '');
	for (const path of [stray, join(uploads, waiting)]) utimesSync(path, new Date(Date.now() - 2 * 3600_000), new Date(Date.now() - 2 * 3600_000));
	await keeper`insert into intent (client, safe, kind, object_key, lease) values (${ada.client}, ${safe}, 'deposit', 'zz/late', app.now() - interval '1 hour')`;
	store('zz/late', 3600_000);
	expect((await checked()).problems.sort()).toEqual(['intent-overdue', 'object-orphan', 'upload-stray']);
	await keeper`insert into version (document, safe, client, number, parent, sha256, size, media_type, object_key, store_version, wrapped_key, event) select document, safe, client, 2, id, sha256, size, media_type, 'zz/none', '1', wrapped_key, (select min(id) from event) from version where id = ${made.version}`;
	await checked({ sweep: true });
	expect(world.objects.held.map(({ key }) => key)).toContain('zz/old');
	await keeper`delete from version where object_key = 'zz/none'`;
	expect(await checked({ sweep: true })).toMatchObject({ problems: ['object-orphan'], findings: 1, swept: 1 });
	expect(world.objects.held.map(({ key }) => key).filter((key) => key.startsWith('zz/'))).toEqual(['zz/young']);
	rmSync(stray, { force: true });
});
