import { expect, test } from 'vitest';
import * as safes from '#lib/server/safes.ts';
import { append } from '#lib/server/audit/append.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { publish } from '#lib/server/audit/checkpoint.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();

test('LOG-2 events become leaves, chained per safe, under an anchored and published checkpoint', async () => {
	const ada = await world.administrator();
	const safe = await safes.create(ada.ctx, { name: 'Contrats' });
	await expect(safes.require(ada.ctx, crypto.randomUUID(), 'read')).rejects.toMatchObject({ kind: 'not-found' });
	expect(await assign(world.worker)).toBe(2);
	const published = await publish(world.worker);
	expect(published?.size).toBe(2);
	expect(await publish(world.worker)).toBeNull();
	const chain = await world.owner`select seq, safe from log_leaf order by index`;
	expect(chain.map(({ seq, safe: s }) => [seq, s])).toEqual([['1', safe.id], ['1', null]]);
});

test('LOG-1 events that say the same in one millisecond are all kept, each with a leaf of its own', async () => {
	const ada = await world.administrator();
	const safe = await safes.create(ada.ctx, { name: 'Contrats' });
	await ada.ctx.tx(async (tx) => {
		await Promise.all(Array.from({ length: 300 }, () => append(tx, { op: 'log.read', safe: safe.id, obj: safe.id }))); // sent together, so that they share milliseconds
	});
	while (await assign(world.worker));
	const [kept] = await world.owner`select count(*)::int as events, count(distinct e.digest)::int as digests, count(distinct l.leaf)::int as leaves from event e join log_leaf l on l.event = e.id where e.safe = ${safe.id}`;
	expect(kept).toMatchObject({ events: 301, leaves: 301 });
	expect(kept!.digests).toBeLessThan(301);
});
