import { expect, test } from 'vitest';
import { correct } from '#lib/server/envelopes/correct.ts';
import * as door from '#lib/server/envelopes/door.ts';
import { warn } from '#lib/server/envelopes/warn.ts';
import { cancel, follow, remind } from '#lib/server/envelopes/send.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { standing } from '#lib/server/envelopes/standing.ts';
import { bob, createEnvelopes, from, zoe } from '../support/envelopes.ts';
import { untilOneWaits } from '../support/waits.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, worker, mails, texts, stranger, work, sent, enter, ask, lastSecret } = await createEnvelopes(world);
const events = (op: string, obj: string) => world.owner<{ res: string }[]>`select convert_from(body, 'utf8')::json ->> 'res' as res from event where convert_from(body, 'utf8')::json ->> 'op' = ${op} and convert_from(body, 'utf8')::json ->> 'obj' = ${obj} order by id`;
const corrected = { ...zoe, name: 'Zoé Muller', email: 'z.muller@test.example', number: '06 98 76 54 32' };

test('SIGN-6 a contact corrected before signing: old link, session and code are dead, a new link goes to the new address, the code to the new number, and the log keeps it', async () => {
	const id = await sent([zoe, bob]);
	const first = await enter(zoe.email);
	const code = await ask(first.ctx, zoe.name);
	await correct(ada.ctx, id, first.signer, corrected);
	await work();
	await expect(door.enter(stranger, first.secret, null, from)).rejects.toMatchObject({ reason: 'link-dead' });
	await expect(door.inside(world.web, first.cookie, first.signer)).rejects.toMatchObject({ reason: 'signing-session' });
	await expect(here.attempt(first.ctx, code)).rejects.toMatchObject({ reason: 'not-your-turn' });
	expect(await follow(ada.ctx, id)).toMatchObject({ signers: [{ name: 'Zoé Muller', email: 'z.muller@test.example', number: '+33698765432', state: 'invited' }, { name: bob.name }] });
	expect(await events('signer.correct', first.signer)).toEqual([{ res: 'ok' }]);

	const second = await enter(corrected.email);
	await expect(here.attempt(second.ctx, code)).rejects.toMatchObject({ reason: 'code-expired' });
	const other = await ask(second.ctx, corrected.name);
	expect(texts.at(-1)).toMatchObject({ to: '+33698765432' });
	await here.attempt(second.ctx, other);
	await work();
	expect((await follow(ada.ctx, id)).signers[0]).toMatchObject({ state: 'signed' });
	await expect(correct(ada.ctx, id, first.signer, zoe)).rejects.toMatchObject({ kind: 'conflict', reason: 'signer-done' });
	expect(await events('signer.correct', first.signer)).toEqual([{ res: 'ok' }, { res: 'denied' }]);
});

test('SIGN-6 a correction reaches only a signer of that envelope, gives no contact to two, and sends nobody a link before their turn', async () => {
	const id = await sent([zoe, bob]);
	const [one, two] = (await follow(ada.ctx, id)).signers;
	const before = mails.length;
	await correct(ada.ctx, id, two!.id, { ...bob, name: 'Robert Łuczak' });
	await work();
	expect(mails).toHaveLength(before);
	expect((await follow(ada.ctx, id)).signers[1]).toMatchObject({ name: 'Robert Łuczak', state: 'waiting' });
	const secret = lastSecret(zoe.email);
	await correct(ada.ctx, id, one!.id, zoe);
	expect(await door.knock(stranger, secret)).toMatchObject({ live: true });
	await expect(correct(ada.ctx, id, one!.id, { ...zoe, email: bob.email })).rejects.toMatchObject({ reason: 'same-contact' });
	await expect(correct(ada.ctx, id, one!.id, { ...zoe, number: bob.number })).rejects.toMatchObject({ reason: 'same-contact' });
	await expect(correct(ada.ctx, id, one!.id, { ...zoe, number: '01 42 68 53 00' })).rejects.toMatchObject({ reason: 'number-not-mobile' });
	const elsewhere = await sent([zoe]);
	await expect(correct(ada.ctx, elsewhere, one!.id, corrected)).rejects.toMatchObject({ kind: 'not-found' });
	const stranged = await world.administrator();
	await expect(correct(stranged.ctx, id, one!.id, corrected)).rejects.toMatchObject({ kind: 'not-found' });
	for (let i = 0; i < 10; i++) await correct(ada.ctx, id, two!.id, { ...bob, name: `Bob ${i}` }).catch((e: { reason: string }) => expect(e.reason).toBe('corrections'));
	await expect(correct(ada.ctx, id, two!.id, { ...bob, name: 'Bob again' })).rejects.toMatchObject({ kind: 'too-many', reason: 'corrections' });
});

test('SIGN-4 what is said to be left counts the try that is judged while one looks', async () => {
	await sent([{ ...zoe, number: '+33612347703' }]);
	const { ctx, signer } = await enter(zoe.email);
	const right = await ask(ctx, zoe.name);
	const tried = await here.attempt(ctx, right === '111111' ? '222222' : '111111');
	const { seen } = await world.owner.begin(async (tx) => {
		await tx`lock table attempt in access exclusive mode`;
		const seen = standing(ctx, tried);
		await untilOneWaits(tx);
		await tx`update challenge set tries = tries + 1 where signer = ${signer}`;
		await tx`update attempt set outcome = 'wrong', code = null where id = ${tried}`;
		return { seen };
	});
	expect(await seen).toMatchObject({ outcome: 'wrong', triesLeft: 4 });
});

test('SIGN-6 a link that ends while it is being opened opens nothing', async () => {
	await sent([zoe]);
	const secret = lastSecret(zoe.email);
	const [{ signer }] = await world.owner<[{ signer: string }]>`select signer from link order by created_at desc limit 1`;
	const entering = await world.owner.begin(async (tx) => {
		await tx`select from signer where id = ${signer} for update`;
		const settled = door.enter(stranger, secret, null, from).then(() => 'entered', (e: { reason: string }) => e.reason);
		await untilOneWaits(tx);
		await tx`update link set ended_at = app.now() where signer = ${signer}`;
		return { settled };
	});
	expect(await entering.settled).toBe('link-dead');
	expect(await world.owner`select from signing_session where signer = ${signer} and ended_at is null`).toHaveLength(0);
	expect(await events('signer.open', signer)).toEqual([{ res: 'denied' }]);
});

test('SIGN-6 cancelling tells everyone who was invited, with the sender’s words, those who signed too, and nobody who was not; every link is dead', async () => {
	const carla = { name: 'Carla Núñez', email: 'carla@test.example', number: '+33 6 33 44 55 66', locale: 'fr' } as const;
	const id = await sent([zoe, bob, carla]);
	const first = await enter(zoe.email);
	await here.attempt(first.ctx, await ask(first.ctx, zoe.name));
	await work();
	const secret = lastSecret(bob.email);
	const before = mails.length;
	await cancel(ada.ctx, id, ' Le prix a changé ');
	await work();
	const told = mails.slice(before);
	expect(told.map((m) => m.to)).toEqual([zoe.email, bob.email]);
	expect(told[0]!.text).toMatch(/a annulé.*> Le prix a changé.*Votre signature reste/s);
	expect(told[1]!.text).toMatch(/has cancelled.*> Le prix a changé.*You signed nothing/s);
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'cancelled', cancelReason: 'Le prix a changé' });
	await expect(door.enter(stranger, secret, null, from)).rejects.toMatchObject({ reason: 'link-dead' });
	await expect(remind(ada.ctx, id)).rejects.toMatchObject({ reason: 'envelope-state' });
	await expect(cancel(ada.ctx, id)).rejects.toMatchObject({ kind: 'conflict', reason: 'envelope-state' });
	expect(await events('envelope.cancel', id)).toEqual([{ res: 'ok' }, { res: 'denied' }]);
});

test('SIGN-6 declining tells those who had signed, without the decliner’s words', async () => {
	const id = await sent([zoe, bob]);
	const first = await enter(zoe.email);
	await here.attempt(first.ctx, await ask(first.ctx, zoe.name));
	await work();
	const second = await enter(bob.email);
	const before = mails.length;
	await here.decline(second.ctx, 'SECRET REASON');
	await work();
	const told = mails.slice(before);
	expect(told.map((m) => m.to).sort()).toEqual([expect.stringContaining('@'), zoe.email].sort());
	const toZoe = told.find((m) => m.to === zoe.email)!;
	expect(toZoe.text).toContain('Un autre signataire a refusé');
	expect(toZoe.text).not.toContain('SECRET');
	expect(told.find((m) => m.to !== zoe.email)!.text).toContain('SECRET REASON');
	expect((await follow(ada.ctx, id)).state).toBe('declined');
});

test('SIGN-6 three days before the term those invited and the sender are told, once, by the link that works; nobody of a short envelope, nor one whose turn has not come', async () => {
	const id = await sent([zoe, bob]);
	const due = async () => (await world.database.connect('worker')`select task from app.unfinished_envelopes() where id = ${id}`).map((u) => u.task as string);
	const secret = lastSecret(zoe.email);
	const before = mails.length;
	expect(await due()).toEqual([]);
	await warn(worker, { envelope: id });
	await work();
	expect(mails).toHaveLength(before);
	await world.owner`update app.clock set shift = '27 days 1 hour'`;
	expect(await due()).toEqual(['envelopes.warn']);
	await Promise.all([warn(worker, { envelope: id }), warn(worker, { envelope: id })]);
	await work();
	expect(await due()).toEqual([]);
	const told = mails.slice(before);
	expect(told).toHaveLength(2);
	expect(told[0]).toMatchObject({ to: zoe.email, text: expect.stringContaining(`/sign/${secret}`) as string });
	expect(told[1]!.text).toMatch(new RegExp(`${zoe.name}, ${bob.name}.*/envelopes/${id}`, 's'));
	expect(await door.knock(stranger, secret)).toMatchObject({ live: true });
	expect(await events('envelope.warn', id)).toEqual([{ res: 'ok' }]);
	await world.owner`update envelope set warned_at = null, sent_at = expires_at - interval '2 days' where id = ${id}`;
	await world.owner`update signer set asked_at = e.sent_at from envelope e where e.id = envelope and e.id = ${id} and asked_at is not null`;
	expect(await due()).toEqual([]);
	await world.owner`update app.clock set shift = '0'`;
});
