import { expect, test } from 'vitest';
import * as credits from '#lib/server/credits.ts';
import { approve } from '#lib/server/envelopes/approve.ts';
import * as door from '#lib/server/envelopes/door.ts';
import { dossierSheet } from '#lib/server/envelopes/dossier-sheet.ts';
import { layout, placeFields } from '#lib/server/envelopes/fields.ts';
import { list } from '#lib/server/envelopes/list.ts';
import { cancel, follow, send } from '#lib/server/envelopes/send.ts';
import { fromTemplate, saveTemplate } from '#lib/server/envelopes/templates.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { standing } from '#lib/server/envelopes/standing.ts';
import { withActor } from '#lib/server/context.ts';
import { connect } from '#lib/server/db/pool.ts';
import { createEnvelopes } from '../support/envelopes.ts';
import { evidenceOf } from '../support/evidence.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, worker, mails, stranger, work, draft, sent, enter, ask, lastSecret } = await createEnvelopes(world);
let people = 0;
const someone = (name: string) => ({ name, email: `${++people}@group.example`, number: `+3361234${String(5000 + people)}`, locale: 'fr' as const });
const states = async (id: string) => (await follow(ada.ctx, id)).signers.map((s) => s.state);
const events = (op: string, obj: string) => world.owner`select from event where convert_from(body, 'utf8')::jsonb->>'op' = ${op} and convert_from(body, 'utf8')::jsonb->>'obj' = ${obj}`;

test('SIGN-6 the first of a group who signs does so for it: one field, the others spared, told and locked out; the next step goes on; evidence names what became of each', async () => {
	const [a, b, c, last] = [someone('Anne'), someone('Béa'), someone('Chloé'), someone('Zacharie')];
	const id = await sent([a, { ...b, instead: true }, { ...c, instead: true }, last]);
	expect(await states(id)).toEqual(['invited', 'invited', 'invited', 'waiting']);
	expect((await follow(ada.ctx, id)).signers.map((s) => s.step)).toEqual([1, 1, 1, 4]);
	expect(mails.find((m) => m.to === b.email)!.text).toContain('Une seule personne suffit : vous, ou Anne, Chloé.');
	const [second, third] = [await enter(b.email), await enter(c.email)];
	expect(await here.task(second.ctx)).toMatchObject({ position: 1, total: 2, group: ['Anne', 'Chloé'] });
	await here.attempt(second.ctx, await ask(second.ctx, 'Béa'));
	await work();
	expect(await states(id)).toEqual(['spared', 'signed', 'spared', 'invited']);
	expect(mails.filter((m) => m.subject.startsWith('Plus rien à faire')).map((m) => m.to).sort()).toEqual([a.email, c.email].sort());
	expect(await door.knock(stranger, lastSecret(a.email))).toMatchObject({ live: false, spared: true });
	expect(await door.knock(stranger, lastSecret(b.email))).toMatchObject({ spared: false });
	await expect(door.enter(stranger, third.secret, null, { address: '', agent: '' })).rejects.toMatchObject({ reason: 'link-dead' });
	expect(await here.task(third.ctx)).toMatchObject({ state: 'spared' });
	await expect(here.open(third.ctx)).rejects.toMatchObject({ kind: 'gone' });
	await expect(here.decline(third.ctx, '')).rejects.toMatchObject({ kind: 'conflict', reason: 'group-done' });
	const { ctx } = await enter(last.email);
	await here.attempt(ctx, await ask(ctx, 'Zacharie'));
	await work();
	expect((await follow(ada.ctx, id)).state).toBe('completed');
	expect((await list(ada.ctx, { state: 'completed', words: '', page: 1 })).envelopes.find((e) => e.id === id)).toMatchObject({ signed: 2, total: 2 });
	expect(mails.filter((m) => m.subject.startsWith('Document signé')).map((m) => m.to).sort()).toEqual([b.email, last.email].sort());
	const dossier = await evidenceOf(worker, world, id);
	expect(dossier.signers.map((s) => [s.name, s.state, s.groupOf !== null])).toEqual([['Anne', 'spared', true], ['Béa', 'signed', true], ['Chloé', 'spared', true], ['Zacharie', 'signed', false]]);
	expect(JSON.stringify(dossierSheet(dossier, new Date()).sections)).toContain('Anne, Béa, Chloé');
	for (const s of dossier.signers.filter((x) => x.state === 'spared')) expect(await events('signer.spare', s.id)).toHaveLength(1);
});

test('SIGN-6 two of a group at once: one signature; the other’s code is not used up, and counts again if that signature does not come about', async () => {
	const [a, b] = [someone('Anne'), someone('Béa')];
	const id = await sent([a, { ...b, instead: true }]);
	const [one, two] = [await enter(a.email), await enter(b.email)];
	const codes = [await ask(one.ctx, 'Anne'), await ask(two.ctx, 'Béa')] as const;
	const attempts = [await here.attempt(one.ctx, codes[0]), await here.attempt(two.ctx, codes[1])] as const;
	await work(['envelopes.sign']); // the winner's signature is under way
	const outcomes = [(await standing(one.ctx, attempts[0])).outcome, (await standing(two.ctx, attempts[1])).outcome];
	expect([...outcomes].sort()).toEqual(['right', 'taken']);
	expect(await world.owner`select from signing_intent where envelope = ${id}`).toHaveLength(1);
	const [winner, loser, code] = outcomes[0] === 'right' ? [one, two, codes[1]] : [two, one, codes[0]];
	await expect(here.attempt(loser.ctx, code)).rejects.toMatchObject({ kind: 'conflict', reason: 'group-signing' }); // told before the code is spent
	await world.owner`update signing_intent set state = 'failed' where signer = ${winner.signer}`;
	await world.owner`update signer set state = 'opened' where id = ${winner.signer}`;
	await here.attempt(loser.ctx, code);
	await work();
	expect((await follow(ada.ctx, id)).state).toBe('completed');
	expect(await world.owner`select from signer where envelope = ${id} and state = 'signed'`).toHaveLength(1);
	await expect(here.attempt(winner.ctx, codes[0])).rejects.toMatchObject({ reason: 'envelope-closed' });
});

test('SIGN-6 attempts of a whole group answered at the same moment by two workers make one signature', async () => {
	const group = [someone('Anne'), someone('Béa'), someone('Chloé')];
	const id = await sent(group.map((p, i) => ({ ...p, instead: i > 0 })));
	const entered = await Promise.all(group.map((p) => enter(p.email)));
	const codes: string[] = [];
	for (const [i, { ctx }] of entered.entries()) codes.push(await ask(ctx, group[i]!.name));
	for (const [i, { ctx }] of entered.entries()) await here.attempt(ctx, codes[i]!);
	await Promise.all([work(), work(), work()]);
	await work();
	expect((await states(id)).sort()).toEqual(['signed', 'spared', 'spared']);
	expect(await world.owner`select from signing_intent where envelope = ${id}`).toHaveLength(1);
});

test('SIGN-6 one of a group declines: the others still can; the last one ends the envelope', async () => {
	const [a, b] = [someone('Anne'), someone('Béa')];
	const id = await sent([a, { ...b, instead: true }]);
	const first = await enter(a.email);
	await here.decline(first.ctx, 'Pas moi');
	await work();
	expect((await follow(ada.ctx, id)).state).toBe('waiting');
	expect(await states(id)).toEqual(['declined', 'invited']);
	expect(mails.findLast((m) => m.subject.startsWith('Signature refusée'))!.text).toContain('Les autres personnes de son groupe peuvent encore signer');
	expect(await door.knock(stranger, first.secret)).toMatchObject({ live: false, spared: false });
	const second = await enter(b.email);
	await here.decline(second.ctx, 'Moi non plus');
	await work();
	expect((await follow(ada.ctx, id)).state).toBe('declined');
	expect(mails.findLast((m) => m.subject.startsWith('Signature refusée'))!.text).toContain('L’enveloppe est close');
});

test('SIGN-6 one of a group of approvers approves for it', async () => {
	const [a, b, c] = [someone('Anne'), someone('Béa'), someone('Chloé')];
	const id = await sent([{ ...a, role: 'approver' }, { ...b, role: 'approver', instead: true }, c]);
	const [one, two] = [await enter(a.email), await enter(b.email)];
	const { sha256 } = await here.task(one.ctx);
	const both = await Promise.allSettled([approve(one.ctx, { sha256, pagesReached: 1 }), approve(two.ctx, { sha256, pagesReached: 1 })]);
	expect(both.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected']);
	expect((await states(id)).slice(0, 2).sort()).toEqual(['approved', 'spared']);
	await work();
	expect((await states(id))[2]).toBe('invited');
	await cancel(ada.ctx, id);
});

test('SIGN-10 SIGN-6 a group holds one unit, consumed by whoever signs, returned when nobody does', async () => {
	const operator = withActor({ ...world.web, database: connect(world.database.connect('owner')) }, { person: null, client: null, via: 'cli' });
	const billed = { ...ada.ctx, settings: { ...ada.ctx.settings, privateInstance: false } };
	await world.owner`update client set verified_at = app.now() where id = ${ada.client}`;
	await credits.purchase(operator, { client: ada.client, level: 1, units: 2, reference: 'TEST' });
	const group = () => { const [a, b] = [someone('Anne'), someone('Béa')]; return [a, { ...b, instead: true }] as const; };
	const [signed, cancelled] = [group(), group()];
	const [one, two] = [await draft([...signed]), await draft([...cancelled])];
	await send(billed, one);
	await send(billed, two);
	expect(await credits.balances(ada.ctx)).toMatchObject([{ available: 0, held: 2, consumed: 0 }]);
	await work();
	const { ctx } = await enter(signed[1].email);
	await here.attempt(ctx, await ask(ctx, 'Béa'));
	await work();
	await cancel(ada.ctx, two);
	expect(await credits.balances(ada.ctx)).toMatchObject([{ available: 1, held: 0, consumed: 1 }]);
});

test('SIGN-6 SIGN-5 a group is of people alike; its fields are its head’s, and a template carries it', async () => {
	const [a, b] = [someone('Anne'), someone('Béa')];
	for (const wrong of [[{ ...a, instead: true }, b], [a, { ...b, role: 'approver' as const, instead: true }], [a, { ...b, role: 'copy' as const, instead: true }]]) await expect(draft(wrong)).rejects.toMatchObject({ kind: 'invalid', reason: 'group-unlike' });
	const id = await draft([a, { ...b, instead: true }]);
	const [head, member] = (await follow(ada.ctx, id)).signers;
	expect([head!.groupOf, member!.groupOf]).toEqual([head!.id, head!.id]);
	const field = { id: crypto.randomUUID(), kind: 'text' as const, page: 0, x: 60, y: 100, width: 200, height: 20, required: true, label: 'Lieu', expected: '' };
	const { revision } = await layout(ada.ctx, id);
	await expect(placeFields(ada.ctx, id, { revision, fields: [{ ...field, signer: member!.id }] })).rejects.toMatchObject({ reason: 'field-signer' });
	await placeFields(ada.ctx, id, { revision, fields: [{ ...field, signer: head!.id }] });
	const template = await saveTemplate(ada.ctx, { envelope: id, name: 'En groupe', template: '', roles: [{ label: 'Gérant', keep: false }, { label: 'Gérant adjoint', keep: false }] });
	const made = await fromTemplate(ada.ctx, template, { title: 'T', note: '', days: 7, number: 1, signers: [someone('Carl'), someone('Dan')] });
	const both = (await follow(ada.ctx, made)).signers;
	expect(both.map((s) => s.groupOf)).toEqual([both[0]!.id, both[0]!.id]);
	await send(ada.ctx, made);
	await work();
	const dan = await enter(both[1]!.email);
	expect((await here.task(dan.ctx)).fields).toMatchObject([{ label: 'Lieu' }]);
	await cancel(ada.ctx, made);
});
