// Our clock against others: the database's can be set, and so can those of the servers asked.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { ClockOff, lookAtClock } from '#lib/server/clock.ts';
import { attempt, task } from '#lib/server/envelopes/sign-here.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import { check } from '#lib/server/fsck/check.ts';
import type { Finding } from '#lib/server/fsck/finding.ts';
import { healthOf, lookDue } from '#lib/server/health.ts';
import { httpClock } from '#lib/server/time/http.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { createHostileTsa } from '../support/tsa.ts';
import { createWorld } from '../support/world.ts';

interface Clock {
	/** Milliseconds by which its clock is ahead of this machine's; null: it tells none. */
	ahead: number | null;
	readonly url: string;
}
async function clock(): Promise<Clock> {
	const server = createServer((_, response) => {
		response.sendDate = false;
		if (it.ahead !== null) response.setHeader('date', new Date(Date.now() + it.ahead).toUTCString());
		response.end();
	});
	await new Promise<void>((ok) => server.listen(0, '127.0.0.1', ok));
	afterAll(() => void server.close());
	const it: Clock = { ahead: 0, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
	return it;
}

const world = await createWorld();
const clocks = [await clock(), await clock(), await clock()] as const;
const sources = (n: number) => clocks.slice(0, n).map(({ url }) => httpClock(url));
const { worker, ada, work, sent, enter, ask, mails } = await createEnvelopes(world);
const looking = (n: number) => ({ ...worker, timeSources: sources(n) });
const set = (seconds: number) => world.owner`update app.clock set shift = ${`${seconds} seconds`}::interval`;
const found = async () => (await worker.tx(healthOf)).find(({ part }) => part === 'clock');
let numbers = 0;
async function code() {
	const id = await sent([{ ...zoe, number: `+3361234${4000 + ++numbers}` }]);
	const { ctx } = await enter(zoe.email);
	return { id, ctx, code: () => ask(ctx, zoe.name) };
}
beforeEach(async () => {
	for (const c of clocks) c.ahead = 0;
	await set(0);
	await lookAtClock(looking(3));
});

test('OPS-5 a right clock is found right, to the second', async () => {
	expect(await found()).toMatchObject({ problem: null, remark: null });
	expect(Math.abs((await found())!.drift!)).toBeLessThan(1500);
});

test.each([8, -8])('OPS-5 a clock that is %d s off by the median stops codes, signatures and time-stamps, says why, and resumes by itself', { timeout: 60_000 }, async (off) => {
	const one = await code();
	await attempt(one.ctx, await one.code());
	await work(['envelopes.sign']);
	const two = await code();
	await set(off);
	await lookAtClock(looking(3));
	expect(await found()).toMatchObject({ problem: expect.stringMatching(new RegExp(`^our clock is [78]\\.\\d s ${off < 0 ? 'behind' : 'ahead'} of the median of 3 outside sources`)) });
	await expect(two.code()).rejects.toMatchObject({ kind: 'unavailable', reason: 'clock-off' });
	const [{ intent }] = await world.owner<[{ intent: string }]>`select id as intent from signing_intent where envelope = ${one.id}`;
	await expect(sign(worker, { intent })).rejects.toBeInstanceOf(ClockOff);
	expect(await world.owner`select state from signing_intent where id = ${intent}`).toEqual([{ state: 'ready' }]);
	const [{ version }] = await world.owner<[{ version: string }]>`select id as version from version v where not exists (select from timestamp_token t where t.version = v.id) limit 1`;
	await expect(timestamp(worker, { version })).rejects.toBeInstanceOf(ClockOff);
	const said: Finding[] = [];
	await check(worker, (f) => said.push(f));
	expect(said.filter(({ problem }) => problem === 'clock-off')).toMatchObject([{ subject: 'clock', detail: expect.stringContaining('outside sources') }]);

	await set(0);
	await lookAtClock(looking(3));
	await sign(worker, { intent });
	await work();
	expect(await task(one.ctx)).toMatchObject({ state: 'signed' });
	await two.code();
	expect(mails.length).toBeGreaterThan(0);
	const changes = await world.owner<{ res: string }[]>`select b ->> 'res' as res from event, lateral (select convert_from(body, 'utf8')::json as b) x where b ->> 'op' = 'instance.clock' order by id`;
	expect(changes.slice(-2)).toEqual([{ res: 'error' }, { res: 'ok' }]);
});

test('OPS-5 one source of three that lies changes nothing', async () => {
	clocks[1].ahead = 3_600_000;
	await lookAtClock(looking(3));
	expect(await found()).toMatchObject({ problem: null });
});

test('OPS-5 a source that is silent is named; of two that disagree nothing is known for sure, and nothing is signed', async () => {
	clocks[2].ahead = null;
	await lookAtClock(looking(3));
	expect(await found()).toMatchObject({ problem: null, remark: expect.stringContaining(new URL(clocks[2].url).host) });
	clocks[1].ahead = 60_000;
	await lookAtClock(looking(3));
	expect(await found()).toMatchObject({ problem: expect.stringContaining('of 2 outside sources') });
});

test('OPS-5 one source alone warns and stops nothing; nor does it make right what was found wrong', async () => {
	await set(20);
	await lookAtClock(looking(1));
	expect(await found()).toMatchObject({ problem: null, remark: expect.stringMatching(/^one outside source alone.*\d s ahead/) });
	const { remarks } = await check(worker, () => {});
	expect(remarks).toEqual([expect.stringMatching(/^clock: one outside source alone/)]);
	await lookAtClock(looking(2));
	expect(await found()).toMatchObject({ problem: expect.stringContaining('ahead') });
	await set(0);
	await lookAtClock(looking(1));
	expect(await found()).toMatchObject({ problem: expect.stringContaining('ahead') });
	await lookAtClock(looking(2));
	expect(await found()).toMatchObject({ problem: null });
});

test('OPS-5 our own authority is no outside source; another’s genTime is one', async () => {
	await lookAtClock(looking(1));
	expect(await found()).toMatchObject({ remark: expect.stringContaining('alone') });
	const outside = await createHostileTsa();
	const asking = { ...looking(1), tsa: outside.authority };
	await lookAtClock(asking);
	expect(await found()).toMatchObject({ problem: null, remark: null });
	const slow = await createHostileTsa(() => Date.now() - 30_000);
	await lookAtClock({ ...asking, tsa: slow.authority });
	expect(await found()).toMatchObject({ problem: expect.stringContaining('ahead of the median of 2') });
	await lookAtClock({ ...looking(0), tsa: slow.authority });
	expect(await found()).toMatchObject({ remark: expect.stringContaining('one outside source alone') });
});

test('OPS-5 it is looked at every ten minutes, and every half minute while it is wrong', async () => {
	expect(await lookDue(worker)).not.toContain('clock');
	await set(601);
	expect(await lookDue(worker)).toContain('clock');
	await lookAtClock(looking(3));
	expect(await lookDue(worker)).not.toContain('clock');
	await set(633);
	expect(await lookDue(worker)).toContain('clock');
	void ada;
});
