import { expect, test } from 'vitest';
import * as safes from '#lib/server/safes.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import { sweep } from '#lib/server/documents/sweep.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const ada = await world.administrator();
const safe = (await safes.create(ada.ctx, { name: 'Contrats' })).id;

async function uploaded() {
	const { id } = await stage.create(ada.ctx, { safe, name: 'a.txt', length: 5 });
	await stage.write(ada.ctx, id, 0, (async function* () {
		yield new TextEncoder().encode('hello');
	})());
	return id;
}
const later = (shift: string) => world.owner`update app.clock set shift = ${shift}::interval`;
const objects = () => world.objects.held.filter(({ key }) => !key.startsWith('anchor/')).length;

test('a store that stalls past its lease loses its intent, makes no row, and its late bytes go too; the upload can be deposited again', async () => {
	const id = await uploaded();
	let stored!: () => void;
	const stalled = new Promise<void>((started) => {
		world.objects.beforePut = async () => {
			started();
			await new Promise<void>((go) => (stored = go));
		};
	});
	const late = deposit(ada.ctx, { stage: id });
	await stalled;
	world.objects.beforePut = () => {};
	await later('1 hour');
	await sweep(world.worker);
	stored();
	await expect(late).rejects.toMatchObject({ kind: 'conflict', reason: 'intent-swept' });
	expect(objects()).toBe(1);
	expect(await world.owner`select from version`).toHaveLength(0);

	const again = await deposit(ada.ctx, { stage: id });
	expect(again.size).toBe(5);
	await later('2 days');
	await sweep(world.worker);
	expect(objects()).toBe(1);
	expect(await world.owner`select from intent`).toHaveLength(0);
	expect(await world.owner`select object_key as key from version`).toEqual([{ key: world.objects.held[0]!.key }]);
});

test('an upload nobody deposits goes with its bytes when it expires', async () => {
	await later('0');
	const id = await uploaded();
	await sweep(world.worker);
	expect((await stage.get(ada.ctx, id)).offset).toBe(5);
	await later('25 hours');
	await sweep(world.worker);
	expect(await world.owner`select from stage where id = ${id}`).toHaveLength(0);
});
