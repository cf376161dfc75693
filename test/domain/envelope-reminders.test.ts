import { expect, test } from 'vitest';
import { remindDue } from '#lib/server/envelopes/remind.ts';
import { cancel, remind } from '#lib/server/envelopes/send.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, worker, mails, work, sent, enter, ask, lastSecret } = await createEnvelopes(world);
const due = async (id: string) => (await world.database.connect('worker')`select task from app.unfinished_envelopes() where id = ${id} and task = 'envelopes.remind'`).length;
const shift = (days: number) => world.owner`update app.clock set shift = ${days} * interval '1 day'`;

test('SIGN-6 those asked are reminded every three days, five times at most, by the link they have; those who signed or were not asked are not; each is an event', async () => {
	const id = await sent([{ ...zoe, step: 1 }, { ...bob, step: 1 }, { name: 'Later', email: 'later@test.example', number: '+33 6 33 44 55 66', locale: 'fr', step: 2 }]);
	const secret = lastSecret(bob.email);
	const first = await enter(zoe.email);
	await here.attempt(first.ctx, await ask(first.ctx, zoe.name));
	await work();
	const before = mails.length;
	await shift(2.9);
	expect(await due(id)).toBe(0);
	await remindDue(worker, { envelope: id });
	await work();
	expect(mails).toHaveLength(before);
	for (let turn = 1; turn <= 8; turn++) {
		await shift(3 * turn + 0.1);
		expect(await due(id)).toBe(turn <= 5 ? 1 : 0);
		await Promise.all([remindDue(worker, { envelope: id }), remindDue(worker, { envelope: id })]);
		await work();
		expect(await due(id)).toBe(0);
	}
	const told = mails.slice(before);
	expect(told.map((m) => m.to)).toEqual(Array.from({ length: 5 }, () => bob.email));
	for (const mail of told) expect(mail.text).toContain(`/sign/${secret}`);
	expect(await world.owner`select from event where convert_from(body, 'utf8')::json ->> 'op' = 'envelope.remind' and convert_from(body, 'utf8')::json ->> 'obj' = ${id}`).toHaveLength(5);
	await cancel(ada.ctx, id);
	await shift(0);
});

test('SIGN-6 a worker that was away for long reminds once, not for each turn that passed; an envelope without reminders has none', async () => {
	const id = await sent([zoe]);
	const before = mails.length;
	await shift(10);
	await remindDue(worker, { envelope: id });
	await work();
	expect(mails).toHaveLength(before + 1);
	expect(await due(id)).toBe(0);
	await shift(0);
	const none = await sent([bob]);
	await world.owner`update envelope set remind_days = 0 where id = ${none}`;
	await shift(10);
	expect(await due(none)).toBe(0);
	await shift(0);
});

test('SIGN-6 at hand, one reminder an hour', async () => {
	const id = await sent([zoe]);
	await remind(ada.ctx, id);
	await expect(remind(ada.ctx, id)).rejects.toMatchObject({ kind: 'too-many', reason: 'reminders' });
});
