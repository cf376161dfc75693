// The storage key is rotated under a running service: everything is wrapped anew, batch by batch, and a run that is cut short goes on.

import { mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { withActor } from '#lib/server/context.ts';
import { connect } from '#lib/server/db/pool.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as read from '#lib/server/documents/read.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { addKey, openVault } from '#lib/server/keys/vault.ts';
import { rewrapBatch, wrappedBy } from '#lib/server/rewrap.ts';
import * as safes from '#lib/server/safes.ts';
import { createWorld } from '../support/world.ts';

const directory = mkdtempSync(join(tmpdir(), 'probant-storage-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
await addKey(directory);
const world = await createWorld();
const running = await openVault(directory); // a process that started before the rotation
const { ctx: bare } = await world.administrator();
const ada = { ...bare, storageKey: running };
const operator = async () => withActor({ ...world.web, database: connect(world.database.connect('owner')), storageKey: await openVault(directory) }, { person: null, client: null, via: 'cli' });
const rewraps = () => world.owner<{ count: string }[]>`select o.value as count from event e join event_opening o on o.event = e.id where convert_from(e.body, 'utf8')::json ->> 'op' = 'key.rewrap' and o.name = 'count' order by e.id`;

async function* one(text: string) {
	yield new TextEncoder().encode(text);
}
async function deposited(safe: string): Promise<string> {
	const { id } = await stage.create(ada, { safe, name: 'a.txt', length: 5 });
	await stage.write(ada, id, 0, one('hello'));
	return (await deposit(ada, { stage: id })).version;
}
async function content(ctx: typeof ada, version: string): Promise<string> {
	const parts: Uint8Array[] = [];
	for await (const part of (await read.open(ctx, version)).bytes) parts.push(part);
	return Buffer.concat(parts).toString();
}

test('SAFE-18 rotation wraps every key anew while uploads and readings go on; killed between or within batches it goes on; then the old key is needed no more', async () => {
	const founded = [];
	for (let i = 0; i < 7; i++) founded.push((await safes.create(ada, { name: `Safe ${i}` })).id);
	const versions = await Promise.all(founded.map(deposited));
	const upload = await stage.create(ada, { safe: founded[0]!, name: 'b.txt', length: 10 });
	const before = (await wrappedBy(await operator())).get('kek-0001')!;
	expect(before).toBeGreaterThan(8);

	const newest = await addKey(directory);
	expect(await rewrapBatch(await operator(), newest, 3)).toBe(6);
	const cut = await operator();
	let left = 2;
	const dying = { ...cut, storageKey: { ...cut.storageKey, wrap: (...args: Parameters<typeof cut.storageKey.wrap>) => (left-- ? cut.storageKey.wrap(...args) : Promise.reject(new Error('killed'))) } };
	await expect(rewrapBatch(dying, newest, 3)).rejects.toThrow('killed');
	expect(await wrappedBy(cut)).toEqual(new Map([['kek-0001', before - 6], ['kek-0002', 6]]));
	expect(await rewraps()).toEqual([{ count: '6' }]);

	for (const version of versions) expect(await content(ada, version)).toBe('hello');
	await stage.write(ada, upload.id, 0, one('helloworld'));
	const later = await deposited((await safes.create(ada, { name: 'Later' })).id);
	expect((await wrappedBy(cut)).get('kek-0001')).toBe(before - 6); // who runs on wraps under the new one

	let done = 6;
	for (let count = -1; count !== 0; done += count) count = await rewrapBatch(await operator(), newest, 3);
	expect(done).toBe(before);
	expect((await rewraps()).reduce((sum, { count }) => sum + Number(count), 0)).toBe(before);
	expect([...(await wrappedBy(cut)).keys()]).toEqual(['kek-0002']);
	expect(await world.owner`select distinct wrapper from safe_key`).toEqual([{ wrapper: 'kek-0002' }]);

	unlinkSync(join(directory, 'kek-0001.key'));
	const fresh = { ...bare, storageKey: await openVault(directory) };
	for (const version of [...versions, later]) expect(await content(fresh, version)).toBe('hello');
	expect(await content(fresh, (await deposit(fresh, { stage: upload.id })).version)).toBe('helloworld');
});

test('SAFE-18 a wrapping that was moved to another safe is not wrapped anew: the batch stops and changes nothing', async () => {
	const [one, other] = [await safes.create(ada, { name: 'One' }), await safes.create(ada, { name: 'Other' })];
	await world.owner`update safe_key set wrapped = (select wrapped from safe_key where safe = ${other.id}) where safe = ${one.id}`;
	const state = await wrappedBy(await operator());
	await expect(rewrapBatch(await operator(), await addKey(directory))).rejects.toMatchObject({ code: 'mismatch' });
	expect(await wrappedBy(await operator())).toEqual(state);
});
