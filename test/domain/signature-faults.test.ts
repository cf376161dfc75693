// A signature under every mood of its authority: nothing is released, the person has signed and waits, everyone sees why, and it is signed once it is right again.

import { expect, test } from 'vitest';
import { follow } from '#lib/server/envelopes/send.ts';
import { attempt, task } from '#lib/server/envelopes/sign-here.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { createHostileTsa, type Mood } from '../support/tsa.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const tsa = await createHostileTsa();
const { ada, worker, work, sent, enter, ask } = await createEnvelopes({ ...world, worker: { ...world.worker, tsa: tsa.authority } });
let numbers = 0;

const moods: [Mood, string, RegExp][] = [
	['down', 'TimestampUnavailable', /503/],
	['slow', 'TimestampUnavailable', /cannot be reached/],
	['huge', 'TimestampUnavailable', /larger/],
	['html', 'TimestampUnavailable', /text\/html/],
	['redirect', 'TimestampUnavailable', /cannot be reached/],
	['rejects', 'TimestampRefused', /systemFailure/],
	['wrong-imprint', 'TimestampRefused', /imprint/],
	['wrong-nonce', 'TimestampRefused', /nonce/],
	['no-nonce', 'TimestampRefused', /nonce/],
	['wrong-policy', 'TimestampRefused', /policy/],
	['untrusted', 'TimestampRefused', /chain/],
	['expired', 'TimestampRefused', /chain/],
	['not-a-tsa', 'TimestampRefused', /chain/],
	['tampered', 'TimestampRefused', /signature/]
];

test.each(moods)('SIGN-7 an authority that is %s releases nothing: the signature is pending and says why; it is released once, when the authority is right again', async (mood, name, why) => {
	const id = await sent([{ ...zoe, number: `+336123420${String(++numbers).padStart(2, '0')}` }]);
	const { ctx } = await enter(zoe.email);
	await attempt(ctx, await ask(ctx, zoe.name));
	await work(['envelopes.sign']);
	const [{ intent }] = await world.owner<[{ intent: string }]>`select id as intent from signing_intent where envelope = ${id}`;
	const [{ base }] = await world.owner<[{ base: string }]>`select current_version as base from envelope where id = ${id}`;
	tsa.mood = mood;
	await expect(sign(worker, { intent })).rejects.toMatchObject({ name, message: expect.stringMatching(why) });
	await expect(sign(worker, { intent })).rejects.toMatchObject({ name });

	const versions = () => world.owner`select id from version where document = (select document from envelope where id = ${id}) order by number`;
	expect((await versions()).at(-1)!.id).toBe(base);
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'waiting', currentVersion: base, signers: [{ state: 'signing', pending: true, signedAt: null }] });
	expect((await task(ctx)).intent).toBe('signed');
	const events = () => world.owner<{ res: string; reason: string | null }[]>`
		select b ->> 'res' as res, (select value from event_opening o where o.event = e.id and o.name = 'reason') as reason from event e cross join lateral (select convert_from(body, 'utf8')::json as b) x
		where b ->> 'op' = 'signer.sign' and b ->> 'obj' = ${intent} order by e.id`;
	expect(await events()).toMatchObject([{ res: 'ok' }, { res: 'error', reason: expect.stringMatching(why) }, { res: 'error' }]);

	tsa.mood = 'honest';
	const before = (await versions()).length;
	await sign(worker, { intent });
	await sign(worker, { intent });
	expect((await versions()).length).toBe(before + 1);
	expect(await world.owner`select state from signing_intent where id = ${intent}`).toEqual([{ state: 'released' }]);
	await work();
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'completed', proofLevel: 'B-LTA', signers: [{ state: 'signed', pending: false }] });
}, 30_000);
