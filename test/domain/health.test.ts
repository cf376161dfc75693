// Before a code is sent: can its signature be made, and may its SMS be paid for?

import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { consentVersion } from '#lib/server/envelopes/consent.ts';
import type { SignerContext } from '#lib/server/envelopes/door.ts';
import { attempt, open, requestCode, task } from '#lib/server/envelopes/sign-here.ts';
import { lookAtAuthority } from '#lib/server/evidence/authority.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import { check } from '#lib/server/fsck/check.ts';
import type { Finding } from '#lib/server/fsck/finding.ts';
import { lookDue } from '#lib/server/health.ts';
import { allAgreed, createEnvelopes, zoe } from '../support/envelopes.ts';
import { createHostileTsa } from '../support/tsa.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const tsa = await createHostileTsa();
const home = await createEnvelopes({ ...world, worker: { ...world.worker, tsa: tsa.authority } });
const { worker, texts, work, sent, enter, ask } = home;
let shift = 0;
let numbers = 0;
async function pass(seconds: number): Promise<void> {
	shift += seconds;
	await world.owner`update app.clock set shift = ${`${shift} seconds`}::interval`;
}
const number = () => `+3361234${String(3000 + ++numbers)}`;
async function signer(from: { readonly number?: string; readonly home?: typeof home } = {}) {
	const at = from.home ?? home;
	await at.sent([{ ...zoe, number: from.number ?? number() }]);
	return (await at.enter(zoe.email)).ctx;
}
async function wishes(ctx: SignerContext) {
	const shown = Buffer.concat(await Array.fromAsync((await open(ctx)).bytes));
	return { consent: (await task(ctx)).consent.version as typeof consentVersion, pagesReached: 1, sha256: createHash('sha256').update(shown).digest('hex'), values: { name: zoe.name, drawing: null, texts: allAgreed((await task(ctx)).texts) } };
}
const refusal = (reason: string) => ({ reason });
beforeEach(async () => {
	tsa.mood = 'honest';
	await pass(600);
	await lookAtAuthority(worker);
});

test('SIGN-7 while the authority is down no code is sent, and says so; a code accepted before goes on pending; it resumes by itself', async () => {
	const [first, second] = [await signer(), await signer()];
	const code = await (async () => {
		await requestCode(first, await wishes(first), '198.51.100.1');
		await work();
		return /(\d{6})/.exec(texts.at(-1)!.text)![1]!;
	})();
	tsa.mood = 'down';
	await lookAtAuthority(worker);
	const sentBefore = texts.length;
	await expect(requestCode(second, await wishes(second), '198.51.100.1')).rejects.toMatchObject({ kind: 'unavailable', reason: 'authority-down', details: { retryAfter: expect.any(Number) } });
	const denied = await world.owner`select from event, lateral (select convert_from(body, 'utf8')::json as b) x where b ->> 'op' = 'signer.challenge' and b ->> 'res' = 'denied' and b ->> 'actor' = ${second.signer}`;
	expect(denied.count).toBe(1);
	expect(texts.length).toBe(sentBefore);
	await attempt(first, code);
	await expect(work()).rejects.toMatchObject({ name: 'TimestampUnavailable' });
	expect(await task(first)).toMatchObject({ state: 'signing', intent: 'signed' });
	tsa.mood = 'honest';
	expect(await lookDue(worker)).not.toContain('authority');
	await pass(16);
	expect(await lookDue(worker)).toContain('authority');
	await lookAtAuthority(worker);
	await requestCode(second, await wishes(second), '198.51.100.1');
	await work();
	expect(texts.length).toBe(sentBefore + 1);
	const changes = await world.owner<{ res: string }[]>`select b ->> 'res' as res from event, lateral (select convert_from(body, 'utf8')::json as b) x where b ->> 'op' = 'instance.authority' order by id`;
	expect(changes.slice(-2)).toEqual([{ res: 'error' }, { res: 'ok' }]);
});

test('SIGN-7 any token asked for tells how the authority is: nobody needs to look', async () => {
	const ctx = await signer();
	const [{ version }] = await world.owner<[{ version: string }]>`select id as version from version v where not exists (select from timestamp_token t where t.version = v.id) limit 1`;
	tsa.mood = 'tampered';
	await expect(timestamp(worker, { version })).rejects.toMatchObject({ name: 'TimestampRefused' });
	await expect(requestCode(ctx, await wishes(ctx), '198.51.100.1')).rejects.toMatchObject(refusal('authority-down'));
	const found: Finding[] = [];
	await check(worker, (f) => found.push(f));
	expect(found.filter(({ problem }) => problem === 'authority-down')).toMatchObject([{ subject: 'authority', detail: expect.stringContaining('signature') }]);
	tsa.mood = 'honest';
	await timestamp(worker, { version });
	await requestCode(ctx, await wishes(ctx), '198.51.100.1');
});

test('SIGN-7 an authority is asked for its health only while signers are there, or while it fails', async () => {
	await world.owner`update signing_session set ended_at = app.now() where ended_at is null`;
	await pass(3600);
	expect(await lookDue(worker)).not.toContain('authority');
	await signer();
	expect(await lookDue(worker)).toContain('authority');
	await lookAtAuthority(worker);
	expect(await lookDue(worker)).not.toContain('authority');
	tsa.mood = 'down';
	await lookAtAuthority(worker);
	await world.owner`update signing_session set ended_at = app.now() where ended_at is null`;
	await pass(20);
	expect(await lookDue(worker)).toContain('authority');
});

test('SIGN-21 codes are limited for one address, whoever asks from it; nobody elsewhere is held up', async () => {
	const ctx = await signer();
	const from = async (source: string) => world.owner`select app.hit(app.blind(${`code\naddress\n${source}`}), interval '1 day') from generate_series(1, 200)`;
	await from('203.0.113.7');
	await expect(requestCode(ctx, await wishes(ctx), '203.0.113.7')).rejects.toMatchObject({ kind: 'too-many', reason: 'codes' });
	await requestCode(ctx, await wishes(ctx), '203.0.113.8');
	expect(JSON.stringify(await world.owner`select subject from app.counter`)).not.toMatch(/203\.0\.113|\+336/);
});

test('SIGN-21 codes to one number are limited across clients', { timeout: 60_000 }, async () => {
	const same = number();
	const clients = [home, await createEnvelopes({ ...world, worker }), await createEnvelopes({ ...world, worker })];
	let went = 0;
	let refused: unknown;
	for (let i = 0; i < 7; i++) {
		for (const at of clients) {
			const ctx = await signer({ number: same, home: at });
			await requestCode(ctx, await wishes(ctx), '198.51.100.1').then(() => went++, (error: unknown) => (refused = error));
			await at.work();
		}
	}
	expect(went).toBe(20);
	expect(refused).toMatchObject({ kind: 'too-many', reason: 'codes', details: { retryAfter: 86_400 } });
});

test('SIGN-21 a day has so many SMS for the whole instance, and then no more until the next', async () => {
	await pass(86_400);
	const few = (ctx: SignerContext): SignerContext => ({ ...ctx, settings: { ...ctx.settings, smsPerDay: 2 } });
	await lookAtAuthority(worker);
	const all = [await signer(), await signer(), await signer()].map(few);
	for (const ctx of all.slice(0, 2)) await requestCode(ctx, await wishes(ctx), '198.51.100.1');
	await requestCode(all[1]!, await wishes(all[1]!), '198.51.100.1'); // within thirty seconds: nothing more is sent, and nothing counted
	await expect(requestCode(all[2]!, await wishes(all[2]!), '198.51.100.1')).rejects.toMatchObject({ kind: 'too-many', reason: 'sms-cap' });
	await world.owner`delete from app.counter where subject = 'sms'`;
	await requestCode(all[2]!, await wishes(all[2]!), '198.51.100.1');
	await world.owner`delete from app.counter where subject = 'sms'`;
	void [sent, enter, ask];
});
