import { expect, test } from 'vitest';
import { correct } from '#lib/server/envelopes/correct.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { attempt, giveNumber, task } from '#lib/server/envelopes/sign-here.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, texts, work, sent, enter, ask } = await createEnvelopes(world);
const rows = (signer: string) => world.owner<{ number: string; source: string }[]>`select number, number_source as source from signer where id = ${signer}`;
const anna = { name: 'Anna Eriksson', email: 'anna@test.example', locale: 'fr', level: 2, surname: 'Eriksson', givenNames: 'Anna' } as const;

test('SIGN-2 a number left to the signer is said by them, recorded as theirs, and the code goes there; a mistake is corrected three times a day', async () => {
	const envelope = await sent([{ ...zoe, number: '' }]);
	const { ctx, signer } = await enter(zoe.email);
	expect(await task(ctx)).toMatchObject({ number: '', numberAsked: true });
	await expect(ask(ctx, zoe.name)).rejects.toMatchObject({ reason: 'number-needed' });
	await expect(giveNumber(ctx, '01 42 68 53 00')).rejects.toMatchObject({ reason: 'number-not-mobile' });
	await giveNumber(ctx, '06 98 76 54 31');
	const wrong = await ask(ctx, zoe.name);
	await giveNumber(ctx, '06 98 76 54 32');
	expect(await rows(signer)).toEqual([{ number: '+33698765432', source: 'signer' }]);
	await expect(attempt(ctx, wrong)).rejects.toMatchObject({ reason: 'code-expired' });
	const code = await ask(ctx, zoe.name);
	expect(texts.at(-1)!.to).toBe('+33698765432');
	expect(await task(ctx)).toMatchObject({ numberAsked: true, number: expect.stringMatching(/^•+32$/) as string });
	await giveNumber(ctx, '06 98 76 54 33');
	await expect(giveNumber(ctx, '06 98 76 54 34')).rejects.toMatchObject({ kind: 'too-many', reason: 'numbers' });
	await expect(attempt(ctx, code)).rejects.toMatchObject({ reason: 'code-expired' });
	await attempt(ctx, await ask(ctx, zoe.name));
	await work();
	expect((await follow(ada.ctx, envelope)).state).toBe('completed');
	const events = await world.owner<{ res: string }[]>`select convert_from(body, 'UTF8')::jsonb->>'res' as res from event where convert_from(body, 'UTF8')::jsonb->>'op' = 'signer.number' order by id`;
	expect(events.map((e) => e.res).sort()).toEqual(['denied', 'denied', 'ok', 'ok', 'ok']);
});

test('SIGN-2 SIGN-3 a number that the sender gave is the sender’s to correct; at level 2 there is no envelope without it; no two signers have the same', async () => {
	const envelope = await sent([bob, { ...zoe, number: '', email: 'two@test.example' }]);
	const one = await enter(bob.email);
	await expect(giveNumber(one.ctx, '06 98 76 54 32')).rejects.toMatchObject({ kind: 'forbidden', reason: 'number-given' });
	await expect(sent([{ ...anna, number: '' }])).rejects.toMatchObject({ reason: 'number-malformed' });
	await attempt(one.ctx, await ask(one.ctx, bob.name));
	await work();
	const two = await enter('two@test.example');
	await expect(giveNumber(two.ctx, bob.number)).rejects.toMatchObject({ reason: 'same-contact' });
	await correct(ada.ctx, envelope, two.signer, { ...zoe, email: 'two@test.example' });
	await work();
	const again = await enter('two@test.example');
	await expect(giveNumber(again.ctx, '06 98 76 54 32')).rejects.toMatchObject({ reason: 'number-given' });
});
