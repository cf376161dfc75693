import { expect, test } from 'vitest';
import { approve } from '#lib/server/envelopes/approve.ts';
import { delegate } from '#lib/server/envelopes/delegate.ts';
import { closedEnvelope, collect } from '#lib/server/envelopes/dossier.ts';
import * as door from '#lib/server/envelopes/door.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { attempt, giveNumber, task } from '#lib/server/envelopes/sign-here.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { lineage } from '#lib/server/audit/log-keys.ts';
import { publish } from '#lib/server/audit/checkpoint.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, worker, mails, stranger, work, sent, enter, ask } = await createEnvelopes(world);
const eve = { name: 'Ève Curie', email: 'eve@test.example', number: '', reason: 'En congé' };
const anna = { name: 'Anna Eriksson', email: 'anna@test.example', number: '06 12 34 57 91', locale: 'fr', level: 2, surname: 'Eriksson', givenNames: 'Anna' } as const;

test('SIGN-6 who is asked hands over where the sender allowed it: their link, session and code end, the other signs in their own name, the sender is told, and the evidence names both', async () => {
	const envelope = await sent([zoe], { delegable: true });
	const first = await enter(zoe.email);
	const code = await ask(first.ctx, zoe.name);
	await delegate(first.ctx, eve);
	await work();
	await expect(door.enter(stranger, first.secret, null, { address: '', agent: '' })).rejects.toMatchObject({ reason: 'link-dead' });
	await expect(door.inside(world.web, first.cookie, first.signer)).rejects.toMatchObject({ reason: 'signing-session' });
	await expect(attempt(first.ctx, code)).rejects.toMatchObject({ reason: 'not-your-turn' });
	const person = await world.owner<[{ email: string }]>`select email from person where id = ${ada.person}`;
	expect(mails.find((m) => m.to === person[0].email && m.text.includes('Ève Curie (eve@test.example)'))!.text).toContain('> En congé');
	expect(mails.findLast((m) => m.to === eve.email)!.text).toContain('Zoë Müller, à qui cela était demandé, vous l’a délégué.');
	const second = await enter(eve.email);
	expect(await task(second.ctx)).toMatchObject({ name: 'Ève Curie', numberAsked: true, number: '' });
	await giveNumber(second.ctx, '06 98 76 54 32');
	await attempt(second.ctx, await ask(second.ctx, eve.name));
	await work();
	expect((await follow(ada.ctx, envelope)).signers[0]).toMatchObject({ name: 'Ève Curie', state: 'signed' });
	for (const { id } of await world.owner<{ id: string }[]>`select v.id from version v where not exists (select from timestamp_token t where t.version = v.id)`) await timestamp(worker, { version: id });
	await lineage(worker);
	while (await assign(worker));
	await publish(worker);
	const dossier = await collect(worker, envelope, (await closedEnvelope(worker, envelope))!, worker.signing.root.certificate);
	expect(dossier.signers[0]).toMatchObject({ name: 'Ève Curie', numberSource: 'signer', delegations: [{ from: 'Zoë Müller', fromEmail: zoe.email, to: 'Ève Curie', reason: 'En congé' }] });
});

test('SIGN-6 no delegation unasked for, at level 2, to someone of the envelope, or more than three times; two at once is one', async () => {
	await sent([{ ...zoe, email: 'closed@test.example' }]);
	await expect(delegate((await enter('closed@test.example')).ctx, eve)).rejects.toMatchObject({ kind: 'forbidden', reason: 'delegation' });
	await sent([anna], { delegable: true });
	const { ctx: level2 } = await enter(anna.email);
	await expect(delegate(level2, eve)).rejects.toMatchObject({ reason: 'delegation' });
	const envelope = await sent([{ ...zoe, email: 'open@test.example' }, bob], { delegable: true });
	const { ctx } = await enter('open@test.example');
	await expect(delegate(ctx, { ...eve, email: bob.email })).rejects.toMatchObject({ reason: 'same-contact' });
	await expect(delegate(ctx, { ...eve, number: '01 42 68 53 00' })).rejects.toMatchObject({ reason: 'number-not-mobile' });
	const both = await Promise.allSettled(['a', 'b'].map((x) => delegate(ctx, { ...eve, email: `${x}@test.example` })));
	expect(both.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected']);
	await work();
	for (const [from, to] of [[(await follow(ada.ctx, envelope)).signers[0]!.email, 'c@test.example'], ['c@test.example', 'd@test.example']] as const) {
		await delegate((await enter(from)).ctx, { ...eve, email: to });
		await work();
	}
	await expect(delegate((await enter('d@test.example')).ctx, eve)).rejects.toMatchObject({ reason: 'delegation' });
});

test('SIGN-6 an approver hands over too', async () => {
	const envelope = await sent([{ ...zoe, email: 'boss@test.example', number: '', role: 'approver' }, { ...bob, email: 'last@test.example' }], { delegable: true });
	await delegate((await enter('boss@test.example')).ctx, { ...eve, email: 'deputy@test.example' });
	await work();
	const { ctx } = await enter('deputy@test.example');
	const { sha256 } = await task(ctx);
	await approve(ctx, { sha256, pagesReached: 1 });
	await work();
	expect((await follow(ada.ctx, envelope)).signers[0]).toMatchObject({ name: 'Ève Curie', state: 'approved' });
});
