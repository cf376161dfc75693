// A store that gives other bytes back than it got: found at the read-back, before anything is acknowledged.

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as read from '#lib/server/documents/read.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { sweep } from '#lib/server/documents/sweep.ts';
import * as safes from '#lib/server/safes.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const honest = world.objects.get;
type Tamper = (bytes: Buffer) => Uint8Array;

/** An upload of 100,000 bytes into a safe of its own, and what its client's events say. */
async function uploaded() {
	const { ctx, client } = await world.administrator();
	const safe = (await safes.create(ctx, { name: 'Contrats' })).id;
	const bytes = randomBytes(100_000);
	const { id } = await stage.create(ctx, { safe, name: 'contrat.pdf', length: bytes.length });
	await stage.write(ctx, id, 0, (async function* () { yield bytes; })());
	const events = async () => (await world.owner<{ said: string }[]>`select concat_ws(' ', convert_from(body, 'utf8')::json ->> 'op', convert_from(body, 'utf8')::json ->> 'res') as said from event where client = ${client} order by id`).map((e) => e.said);
	return { ctx, safe, id, events };
}

const other: readonly [string, Tamper][] = [
	['one bit of a chunk', (b) => Buffer.from(b.map((x, i) => (i === 5000 ? x ^ 1 : x)))],
	['one bit of the header', (b) => Buffer.from(b.map((x, i) => (i === 1 ? x ^ 1 : x)))],
	['less', (b) => b.subarray(0, -1)],
	['more', (b) => Buffer.concat([b, Buffer.from([0])])],
	['nothing', () => Buffer.alloc(0)],
	['another object', () => world.objects.held[0]!.bytes]
];

test.each(other)('SAFE-3 a store that gives back %s: the deposit is refused, nothing is acknowledged, an event says so, and the same upload is deposited later', async (_, tamper) => {
	const first = await uploaded();
	await deposit(first.ctx, { stage: first.id }); // there is an object before
	const { ctx, safe, id, events } = await uploaded();
	world.objects.get = async function* (key, options) {
		yield tamper(Buffer.concat(await Array.fromAsync(honest(key, options))));
	};
	try {
		await expect(deposit(ctx, { stage: id })).rejects.toMatchObject({ name: 'DomainError', kind: 'unavailable', reason: 'read-back' });
	} finally {
		world.objects.get = honest;
	}
	expect(await read.count(ctx, safe)).toBe(0);
	expect(await world.owner`select from version where safe = ${safe}`).toEqual([]);
	expect(await world.owner`select from document where safe = ${safe}`).toEqual([]);
	expect(await events()).toEqual(['safe.create ok', 'document.deposit error']);
	const before = world.objects.held.length;
	expect(await sweep(world.worker)).toBe(1);
	expect(world.objects.held.length).toBe(before - 1); // what it kept goes
	await deposit(ctx, { stage: id });
	expect(await read.count(ctx, safe)).toBe(1);
});
