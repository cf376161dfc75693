import { randomBytes } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Context } from '#lib/server/context.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import { dispose } from '#lib/server/documents/dispose.ts';
import { count, list, type Filter } from '#lib/server/documents/read.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { summaries } from '#lib/server/documents/summary.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import * as safes from '#lib/server/safes.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
let ctx: Context;
let safe: string;
/** An hour before the nth deposit; they are a day apart. */
const before = (n: number) => new Date(Date.now() + (n - 1) * 86_400_000 - 3_600_000);

beforeAll(async () => {
	({ ctx } = await world.administrator());
	safe = (await safes.create(ctx, { name: 'Contracts' })).id;
	for (const [i, [name, size]] of ([['beta.bin', 30], ['Alpha.bin', 10], ['gamma.bin', 20], ['100 %_done.bin', 40]] as const).entries()) {
		await world.owner`update app.clock set shift = ${`${i} days`}::interval`;
		const { id } = await stage.create(ctx, { safe, name, length: size });
		await stage.write(ctx, id, 0, (async function* () { yield randomBytes(size); })());
		const { document, version } = await deposit(ctx, { stage: id });
		if (name === 'beta.bin') await timestamp(world.worker, { version });
		if (name === 'gamma.bin') await dispose(ctx, { document, confirmation: name });
	}
	await world.owner`update app.clock set shift = '0'`;
});
const names = async (filter: Filter) => {
	const found = await list(ctx, safe, filter);
	expect(await count(ctx, safe, filter)).toBe(found.length);
	return found.map((d) => d.name);
};

test('LOG-7 documents are sorted by date, name or size, either way', async () => {
	expect(await names({})).toEqual(['100 %_done.bin', 'gamma.bin', 'Alpha.bin', 'beta.bin']);
	expect(await names({ descending: false })).toEqual(['beta.bin', 'Alpha.bin', 'gamma.bin', '100 %_done.bin']);
	expect(await names({ sort: 'name' })).toEqual(['100 %_done.bin', 'Alpha.bin', 'beta.bin', 'gamma.bin']);
	expect(await names({ sort: 'size', descending: true })).toEqual(['100 %_done.bin', 'beta.bin', 'gamma.bin', 'Alpha.bin']);
});

test('documents are found by name, state and day; what a name means to SQL is only text', async () => {
	expect(await names({ text: 'ALPHA' })).toEqual(['Alpha.bin']);
	expect(await names({ text: '%_' })).toEqual(['100 %_done.bin']);
	expect(await names({ state: 'disposed' })).toEqual(['gamma.bin']);
	expect(await names({ from: before(2), until: before(4) })).toEqual(['gamma.bin', 'Alpha.bin']);
	expect(await names({ from: before(2), until: before(4), state: 'kept', sort: 'name' })).toEqual(['Alpha.bin']);
});

test('SIGN-1 the dashboard counts what is kept and what waits, in safes the asker may read', async () => {
	expect(await summaries(ctx)).toMatchObject([{ name: 'Contracts', documents: 3, bytes: 80, pending: 2 }]);
	const { ctx: colleague } = await world.person(ctx.actor.client!, 'reader');
	expect(await summaries(colleague)).toEqual([]);
});
