// Witnesses cosign what goes on from what they have seen. One that is down stops nothing; one that contradicts stops the log.

import { beforeEach, expect, test } from 'vitest';
import { openCosignature } from '#crypto/tlog/cosignature.ts';
import { openCheckpoint } from '#crypto/tlog/checkpoint.ts';
import { formatVerifier } from '#crypto/tlog/note.ts';
import { append } from '#lib/server/audit/append.ts';
import { beginLog } from '#lib/server/audit/begin.ts';
import { publish, verifierOf, type Published } from '#lib/server/audit/checkpoint.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { latestCheckpoint, witnessed } from '#lib/server/audit/tiles.ts';
import { askWitness, stateOf, witnessesDue } from '#lib/server/audit/witness.ts';
import { withActor, type Context, type WorkerContext } from '#lib/server/context.ts';
import { connect } from '#lib/server/db/pool.ts';
import { check } from '#lib/server/fsck/check.ts';
import type { Finding } from '#lib/server/fsck/finding.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { createWitness, type TestWitness, type WitnessMood } from '../support/witness.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let one: TestWitness;
let two: TestWitness;
let worker: WorkerContext;
let visitor: Context;

async function signed(n: number, ctx = worker): Promise<Published> {
	for (let i = 0; i < n; i++) await ctx.tx((tx) => append(tx, { op: 'document.open', safe: null, obj: crypto.randomUUID() }));
	while (await assign(ctx));
	return (await publish(ctx))!;
}
/** Asks those that are due, as the sweep's jobs do; a minute passes first. */
async function ask(): Promise<void> {
	await world.owner`update witness set asked_at = asked_at - interval '1 minute'`;
	for (const witness of await witnessesDue(worker)) await askWitness(worker, { witness });
}
async function findings(): Promise<Finding[]> {
	const found: Finding[] = [];
	await check(worker, (f) => void found.push(f));
	return found;
}
const events = () => world.owner`select from event where convert_from(body, 'UTF8')::json ->> 'op' = 'log.witness'`;
const origin = 'test.example/log';

beforeEach(async () => {
	world = await createWorld();
	const log = formatVerifier(p, verifierOf(world.worker));
	[one, two] = [await createWitness(log), await createWitness(log, 'witness.test/w2')];
	worker = { ...world.worker, witnesses: [one.witness, two.witness] };
	visitor = withActor(world.web, { person: null, client: null, via: 'web' });
});

test('LOG-2 each witness cosigns the checkpoint, once a minute at most, and the public one shows it', async () => {
	expect(await witnessesDue(worker)).toEqual([]); // of what?
	await expect(witnessed(visitor)).rejects.toMatchObject({ kind: 'not-found' });
	await signed(5);
	for (const size of [5, 305]) {
		await ask();
		const note = (await latestCheckpoint(visitor))!;
		expect((await openCheckpoint(p, note, verifierOf(worker))).size).toBe(size);
		for (const { witness, seen } of [one, two]) {
			expect(Math.abs((await openCosignature(p, note, witness.verifier)).time - Date.now() / 1000)).toBeLessThan(60);
			expect(seen.get(origin)!.size).toBe(size);
			expect(await stateOf(worker, witness)).toMatchObject({ size, problem: null, contradiction: null });
		}
		expect(await witnessesDue(worker)).toEqual([]);
		if (size === 5) await signed(300);
		expect(await witnessesDue(worker)).toEqual([]); // asked less than a minute ago
		expect(await witnessed(visitor)).toBe(note);
	}
	expect([one.asked, two.asked]).toEqual([2, 2]);
	expect(await findings()).toEqual([]);
	await world.owner`update checkpoint set cosignatures = (select cosignatures from checkpoint where size = 305) where size = 5`;
	expect((await findings()).map(({ problem, subject }) => ({ problem, subject }))).toContainEqual({ problem: 'cosignature-differs', subject: '5' });
});

test('LOG-2 a witness that is down, slow or wrong stops nothing; what it does is told, and it is asked again', async () => {
	for (const [mood, problem] of [['down', 'answered 503'], ['huge', 'more than 16384'], ['other-key', 'wrong cosignature'], ['other-checkpoint', 'wrong cosignature'], ['slow', 'cannot be reached']] as const satisfies [WitnessMood, string][]) {
		one.mood = mood;
		const { size } = await signed(3);
		await ask();
		expect(await stateOf(worker, one.witness)).toMatchObject({ problem: expect.stringContaining(problem), contradiction: null });
		expect(await stateOf(worker, two.witness)).toMatchObject({ size, problem: null });
		const note = await witnessed(visitor);
		await openCosignature(p, note, two.witness.verifier);
		await expect(openCosignature(p, note, one.witness.verifier)).rejects.toMatchObject({ reason: 'note-unsigned' });
	}
	const checked = await check(worker, (f) => expect(f).toBeNull());
	expect(checked.witnesses).toEqual([{ name: 'witness.test/w1', size: 0, problem: expect.stringContaining('cannot be reached') }, { name: 'witness.test/w2', size: 15, problem: null }]);
	one.mood = 'honest';
	await ask();
	expect(await stateOf(worker, one.witness)).toMatchObject({ size: 15, problem: null });
}, 60_000);

test('LOG-2 a witness knows better than we what it cosigned last: after a restore of ours or a loss of its own it goes on from there', async () => {
	const forget = () => world.owner`update witness set size = 0`;
	const good = (size: number) => ({ size, problem: null, contradiction: null });
	await signed(5);
	await ask();
	await signed(5);
	await forget();
	await ask(); // it is at 5
	expect(await stateOf(worker, one.witness)).toMatchObject(good(10));
	await forget();
	await ask(); // it is where we are
	expect(await stateOf(worker, one.witness)).toMatchObject(good(10));
	one.seen.clear();
	await signed(5);
	await ask(); // it is at 0
	expect(await stateOf(worker, one.witness)).toMatchObject(good(15));
	expect([one.asked, two.asked]).toEqual([7, 6]);
	await forget();
	one.mood = 'no-size';
	await ask();
	expect(await stateOf(worker, one.witness)).toMatchObject({ problem: expect.stringContaining('409 without a size') });
});

const contradictions: [string, (past: Published) => { size: number; root: Uint8Array }, string][] = [
	['has cosigned another history', ({ size, root }) => ({ size, root: root.map((b) => b ^ 1) }), 'does not go on from the 5'],
	['has cosigned another log of the same size', ({ root }) => ({ size: 8, root: root.map((b) => b ^ 1) }), 'another log of 8'],
	['has cosigned more than was signed', ({ root }) => ({ size: 9, root }), 'cosigned 9 entries, more than']
];

for (const [what, memory, why] of contradictions) {
	test(`LOG-3 a witness that ${what} stops the log, and says so, until someone looks`, async () => {
		const past = await signed(5);
		await ask();
		await signed(3);
		one.seen.set(origin, memory(past));
		await ask();
		expect(await stateOf(worker, one.witness)).toMatchObject({ contradiction: expect.stringContaining(why) });
		expect((await events()).length).toBe(1);
		await expect(signed(1)).rejects.toMatchObject({ name: 'LogSplit', kind: 'fork', message: expect.stringContaining(why) });
		expect(await findings()).toMatchObject([{ problem: 'witness-contradicts', subject: 'witness.test/w1' }]);
		expect(await witnessesDue(worker)).toHaveLength(0);
		expect((await signed(1, { ...worker, witnesses: [two.witness] })).size).toBe(12); // who takes it out of the settings goes on without it

		const owner = withActor({ ...worker, database: connect(world.database.connect('owner')) }, { person: null, client: null, via: 'cli' });
		expect(await beginLog(owner)).toMatchObject({ why: expect.stringContaining(why), line: expect.stringContaining('/log-2+') });
		await signed(1);
		await ask();
		await openCosignature(p, await witnessed(visitor), one.witness.verifier);
	});
}
