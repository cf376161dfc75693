import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import * as credits from '#lib/server/credits.ts';
import { approve } from '#lib/server/envelopes/approve.ts';
import { cancel, follow } from '#lib/server/envelopes/send.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { advanceStuck } from '#lib/server/envelopes/steps.ts';
import { accepted } from '../support/accepted.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, worker, mails, work, sent, enter, ask } = await createEnvelopes(world);
const carla = { name: 'Carla Núñez', email: 'carla@test.example', number: '+33 6 33 44 55 66', locale: 'fr' } as const;
const dan = { name: 'Dan Ôta', email: 'dan@test.example', number: '', locale: 'en' } as const;
const states = async (id: string) => (await follow(ada.ctx, id)).signers.map((s) => s.state);
const read = async (ctx: Parameters<typeof here.open>[0]) => createHash('sha256').update(Buffer.concat(await Array.fromAsync((await here.open(ctx)).bytes))).digest('hex');

test('SIGN-6 all of one step are invited together; the next step only when it is complete', async () => {
	const id = await sent([{ ...zoe, step: 1 }, { ...bob, step: 1 }, { ...carla, step: 2 }]);
	expect(await states(id)).toEqual(['invited', 'invited', 'waiting']);
	const [first, second] = [await enter(zoe.email), await enter(bob.email)];
	await here.attempt(second.ctx, await ask(second.ctx, bob.name));
	await work();
	expect(await states(id)).toEqual(['opened', 'signed', 'waiting']);
	await here.attempt(first.ctx, await ask(first.ctx, zoe.name));
	await work();
	expect(await states(id)).toEqual(['signed', 'signed', 'invited']);
	const third = await enter(carla.email);
	await here.attempt(third.ctx, await ask(third.ctx, carla.name));
	await work();
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'completed' });
});

test('SIGN-4 two who read the same version sign one after the other: the second on the first’s revision, and the log says what was read and what was signed', async () => {
	const id = await sent([{ ...zoe, step: 1 }, { ...bob, step: 1 }]);
	const [first, second] = [await enter(zoe.email), await enter(bob.email)];
	const codes = [await ask(first.ctx, zoe.name), await ask(second.ctx, bob.name)];
	for (const [i, who] of [first, second].entries()) await accepted(worker, { attempt: await here.attempt(who.ctx, codes[i]!) });
	const intents = await world.owner<{ id: string }[]>`select id from signing_intent where envelope = ${id} order by place`;
	// Not its turn: nothing happens, nothing spins.
	await sign(worker, { intent: intents[1]!.id });
	expect(await world.owner`select from signing_intent where envelope = ${id} and epoch > 0`).toHaveLength(0);
	await work();
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'completed' });
	const sealed = await world.owner<{ values: Record<string, string> }[]>`
		select jsonb_object_agg(o.name, o.value) as values from event e join event_opening o on o.event = e.id
		where convert_from(e.body, 'utf8')::json ->> 'op' = 'signer.seal' and convert_from(e.body, 'utf8')::json ->> 'obj' in ${world.owner(intents.map((i) => i.id))} group by e.id order by e.id`;
	expect(sealed).toHaveLength(2);
	const [a, b] = sealed.map((s) => s.values);
	expect(a!.shown).toBe(a!.signed);
	expect(b!.shown).toBe(a!.shown);
	expect(b!.signed).toBe(a!.version);
});

test('SIGN-4 no signature on bytes not shown: one who read something else is sent back to reading, the queue goes on, and they can sign then', async () => {
	const id = await sent([{ ...zoe, step: 1 }, { ...bob, step: 1 }]);
	const [first, second] = [await enter(zoe.email), await enter(bob.email)];
	const codes = [await ask(first.ctx, zoe.name), await ask(second.ctx, bob.name)];
	for (const [i, who] of [first, second].entries()) await accepted(worker, { attempt: await here.attempt(who.ctx, codes[i]!) });
	await world.owner`alter table challenge disable row level security`;
	await world.owner`update challenge set document_hash = sha256('something else') where signer = ${first.signer}`;
	await world.owner`alter table challenge enable row level security`;
	await work().catch((error: Error) => expect(error.name).toBe('NotShown'));
	await work();
	expect(await states(id)).toEqual(['opened', 'signed']);
	expect((await here.task(first.ctx)).intent).toBe('failed');
	await here.attempt(first.ctx, await ask(first.ctx, zoe.name));
	await work();
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'completed' });
});

test('SIGN-6 an approver approves what they read, without a code or a credit; a copy is never asked and gets the signed document', async () => {
	const before = mails.length;
	const id = await sent([{ ...dan, role: 'approver', step: 1 }, { ...zoe, step: 2 }, { ...carla, number: '', role: 'copy' }]);
	await world.owner`select app.purchase_credits(${ada.client}, 1::smallint, 5, 'order 1')`;
	await ada.ctx.tx((tx) => credits.hold(tx, { ...ada.ctx, settings: { ...ada.ctx.settings, privateInstance: false } }, id));
	expect(await states(id)).toEqual(['invited', 'waiting', 'waiting']);
	expect(mails.slice(before).map((m) => m.to)).toEqual([dan.email]);
	expect(mails.at(-1)!.text).toContain('approve');
	expect(mails.at(-1)!.text).not.toContain('by SMS');
	const approver = await enter(dan.email);
	await expect(ask(approver.ctx, dan.name)).rejects.toMatchObject({ reason: 'not-signer' });
	await expect(approve(approver.ctx, { sha256: '0'.repeat(64), pagesReached: 1 })).rejects.toMatchObject({ reason: 'document-moved' });
	const sha256 = await read(approver.ctx);
	const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => approve(approver.ctx, { sha256, pagesReached: 1 })));
	expect(outcomes.filter((o) => o.status === 'fulfilled')).toHaveLength(1);
	expect(await states(id)).toEqual(['approved', 'invited', 'waiting']);
	await work();
	const signer = await enter(zoe.email);
	await expect(approve(signer.ctx, { sha256, pagesReached: 1 })).rejects.toMatchObject({ reason: 'not-approver' });
	await here.attempt(signer.ctx, await ask(signer.ctx, zoe.name));
	await work();
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'completed' });
	expect(mails.slice(before).filter((m) => m.to === carla.email).map((m) => m.attachments?.length)).toEqual([1]);
	const events = await world.owner`select from event where convert_from(body, 'utf8')::json ->> 'op' = 'signer.approve' and convert_from(body, 'utf8')::json ->> 'obj' = ${id} and convert_from(body, 'utf8')::json ->> 'res' = 'ok'`;
	expect(events).toHaveLength(1);
	expect(await world.owner`select state from credit_hold where envelope = ${id}`).toEqual([{ state: 'consumed' }]);
});

test('SIGN-6 an approver last in line completes the envelope; the web cannot approve for a signer', async () => {
	const id = await sent([{ ...zoe, step: 1 }, { ...dan, role: 'approver', step: 2 }]);
	const signer = await enter(zoe.email);
	await here.attempt(signer.ctx, await ask(signer.ctx, zoe.name));
	await work();
	const approver = await enter(dan.email);
	await approve(approver.ctx, { sha256: await read(approver.ctx), pagesReached: 1 });
	await work();
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'completed' });
	const other = await sent([zoe]);
	await expect(ada.ctx.tx((tx) => tx`update signer set state = 'approved', approved_at = app.now(), approved_digest = sha256('x') where envelope = ${other}`)).rejects.toMatchObject({ code: '23514' });
	await cancel(ada.ctx, other);
});

test('SIGN-6 an envelope that nobody was asked for is found by the sweep and goes on', async () => {
	const id = await sent([{ ...zoe, step: 1 }, { ...bob, step: 2 }]);
	const due = async () => (await world.database.connect('worker')`select task from app.unfinished_envelopes() where id = ${id}`).map((u) => u.task as string);
	expect(await due()).toEqual([]);
	await world.owner`update signer set state = 'waiting' where envelope = ${id}`;
	expect(await due()).toEqual(['envelopes.advance']);
	await advanceStuck(worker, { envelope: id });
	expect(await states(id)).toEqual(['invited', 'waiting']);
	expect(await due()).toEqual([]);
});
