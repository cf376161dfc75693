import { expect, test } from 'vitest';
import { dispose } from '#lib/server/documents/dispose.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import { levels } from '#lib/server/credits.ts';
import * as read from '#lib/server/documents/read.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { layout, placeFields, type PlacedField } from '#lib/server/envelopes/fields.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import * as sending from '#lib/server/envelopes/send.ts';
import { fromTemplate, retireTemplate, saveTemplate, template, templates, unitsOf } from '#lib/server/envelopes/templates.ts';
import * as safes from '#lib/server/safes.ts';
import { contract } from '../support/signing.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const person = (n: number, name = `Person ${n}`) => ({ name, email: `p${n}@test.example`, number: `+3361234567${n}`, locale: 'fr' as const });
const roles = [{ label: 'Bailleur', keep: true }, { label: 'Locataire', keep: false }];

async function draft() {
	const ada = await world.administrator();
	const safe = (await safes.create(ada.ctx, { name: 'Baux' })).id;
	const bytes = await contract({ pages: 2 });
	const upload = await stage.create(ada.ctx, { safe, name: 'bail.pdf', length: bytes.length });
	await stage.write(ada.ctx, upload.id, 0, (async function* () { yield bytes; })());
	const { document } = await deposit(ada.ctx, { stage: upload.id });
	const envelope = await prepareEnvelope(ada.ctx, { document, title: 'Bail', note: 'À signer', days: 12, signers: [person(1, 'La bailleresse'), person(2)] });
	const people = (await sending.follow(ada.ctx, envelope)).signers.map((s) => s.id);
	const field = (signer: string, kind: PlacedField['kind'], more: Partial<PlacedField> = {}): PlacedField => ({ id: crypto.randomUUID(), signer, kind, page: 1, x: 60, y: 200, width: 160, height: 24, required: true, label: 'Ici', expected: '', ...more });
	const fields = [field(people[0]!, 'signature'), field(people[1]!, 'signature', { x: 300 }), field(people[1]!, 'mention', { y: 300, expected: 'Bon pour accord' })];
	await placeFields(ada.ctx, envelope, { revision: 0, fields });
	return { ada, safe, document, envelope, fields, bytes };
}
const use = (more: object = {}) => ({ number: 1, title: 'Bail de Zoë', note: '', days: 30, signers: [person(1, 'La bailleresse'), person(3, 'Zoë')], ...more });

test('SIGN-5 a template gives each envelope its own copy of the document, its fields where they were, and the people of the day', async () => {
	const { ada, safe, envelope, fields, bytes } = await draft();
	const id = await saveTemplate(ada.ctx, { envelope, name: 'Bail', template: '', roles });
	const saved = await template(ada.ctx, id);
	expect(saved.versions).toMatchObject([{ number: 1, title: 'Bail', note: 'À signer', days: 12, fields: 3, roles: [{ label: 'Bailleur', role: 'signer', step: 1, name: 'La bailleresse', email: 'p1@test.example' }, { label: 'Locataire' }] }]);
	expect(saved.versions[0]!.roles[1]).toEqual({ label: 'Locataire', role: 'signer', step: 2, level: 1 }); // nobody's contact is kept unless asked for
	const [one, two] = [await fromTemplate(ada.ctx, id, use()), await fromTemplate(ada.ctx, id, use())];
	const made = await sending.follow(ada.ctx, one);
	expect(made).toMatchObject({ state: 'draft', safe, title: 'Bail de Zoë', signers: [{ name: 'La bailleresse' }, { name: 'Zoë', email: 'p3@test.example' }] });
	expect(made.document).not.toBe((await sending.follow(ada.ctx, two)).document);
	const [first] = (await read.metadata(ada.ctx, made.document)).versions.toReversed();
	expect(first!.size).toBe(bytes.length);
	const placed = (await layout(ada.ctx, one)).fields;
	const [landlady, tenant] = made.signers;
	expect(placed.map(({ id: _, signer, ...f }) => ({ ...f, role: signer === landlady!.id ? 0 : signer === tenant!.id ? 1 : -1 }))).toEqual(fields.map(({ id: _, signer: __, ...f }, i) => ({ ...f, role: i === 0 ? 0 : 1 })));
	expect(await templates(ada.ctx)).toMatchObject([{ id, name: 'Bail', number: 1, used: 2, roles: ['Bailleur', 'Locataire'] }]);
	await sending.send(ada.ctx, one);
	expect((await sending.follow(ada.ctx, one)).state).toBe('waiting');
});

test('SIGN-5 a template’s version never changes: saving again makes the next one, and an envelope keeps to its own', async () => {
	const { ada, envelope } = await draft();
	const id = await saveTemplate(ada.ctx, { envelope, name: 'Bail', template: '', roles });
	const before = await fromTemplate(ada.ctx, id, use());
	await placeFields(ada.ctx, envelope, { revision: 1, fields: [] });
	expect(await saveTemplate(ada.ctx, { envelope, name: 'Bail meublé', template: id, roles: roles.map((r) => ({ ...r, keep: false })) })).toBe(id);
	const { name, versions } = await template(ada.ctx, id);
	expect([name, ...versions.map((v) => [v.number, v.fields])]).toEqual(['Bail meublé', [2, 0], [1, 3]]);
	expect((await layout(ada.ctx, before)).fields).toHaveLength(3);
	expect((await layout(ada.ctx, await fromTemplate(ada.ctx, id, use({ number: 1 })))).fields).toHaveLength(3);
	expect((await layout(ada.ctx, await fromTemplate(ada.ctx, id, use({ number: 2 })))).fields).toHaveLength(0);
	await expect(ada.ctx.tx((tx) => tx`update template_version set title = 'x' where template = ${id}`)).rejects.toMatchObject({ code: '42501' });
	await expect(ada.ctx.tx((tx) => tx`delete from template where id = ${id}`)).rejects.toMatchObject({ code: '42501' });
});

test('SIGN-3 SIGN-5 a role of level 2 keeps its level; nobody signs in it without a declared identity, and then nothing is made', async () => {
	const { ada, safe, document } = await draft();
	const declared = { level: 2 as const, surname: 'Martin', givenNames: 'Zoë' };
	const envelope = await prepareEnvelope(ada.ctx, { document, title: 'Bail', note: '', days: 7, signers: [{ ...person(4), ...declared }] });
	const id = await saveTemplate(ada.ctx, { envelope, name: 'Niveau 2', template: '', roles: [{ label: 'Locataire', keep: false }] });
	expect((await template(ada.ctx, id)).versions[0]!.roles).toEqual([{ label: 'Locataire', role: 'signer', step: 1, level: 2 }]);
	const documents = await read.count(ada.ctx, safe);
	await expect(fromTemplate(ada.ctx, id, use({ signers: [person(5)] }))).rejects.toMatchObject({ kind: 'invalid', reason: 'identity-undeclared' });
	expect(await read.count(ada.ctx, safe)).toBe(documents);
	const made = await fromTemplate(ada.ctx, id, use({ signers: [{ ...person(5), surname: 'Durand', givenNames: 'Anaïs' }] }));
	expect((await sending.follow(ada.ctx, made)).signers).toMatchObject([{ level: 2, surname: 'Durand', givenNames: 'Anaïs' }]);
});

test('SIGN-5 a template is refused before anything is made: wrong people, another safe, a name that is taken, a document that is gone, one retired, one of another client', async () => {
	const { ada, safe, document, envelope } = await draft();
	const id = await saveTemplate(ada.ctx, { envelope, name: 'Bail', template: '', roles });
	const documents = await read.count(ada.ctx, safe);
	for (const [more, reason] of [
		[{ signers: [person(1)] }, 'template-roles'],
		[{ signers: [person(1), { ...person(2), number: '12' }] }, 'number-malformed']
	] as const) {
		await expect(fromTemplate(ada.ctx, id, use(more)), reason).rejects.toMatchObject({ kind: 'invalid', reason });
	}
	await expect(fromTemplate(ada.ctx, id, use({ number: 2 }))).rejects.toMatchObject({ kind: 'not-found' });
	expect(await read.count(ada.ctx, safe)).toBe(documents);
	await expect(saveTemplate(ada.ctx, { envelope, name: 'Bail', template: '', roles })).rejects.toMatchObject({ kind: 'conflict', reason: 'template-name' });
	await expect(saveTemplate(ada.ctx, { envelope, name: 'Autre', template: '', roles: roles.slice(1) })).rejects.toMatchObject({ kind: 'invalid', reason: 'template-roles' });
	const stranger = await draft();
	for (const act of [template, (ctx: typeof ada.ctx) => fromTemplate(ctx, id, use()), retireTemplate, (ctx: typeof ada.ctx) => saveTemplate(ctx, { envelope: stranger.envelope, name: 'Bail', template: id, roles })]) {
		await expect(act(stranger.ada.ctx, id)).rejects.toMatchObject({ kind: 'not-found' });
	}
	await sending.cancel(ada.ctx, envelope);
	await dispose(ada.ctx, { document, confirmation: 'bail.pdf' });
	await expect(fromTemplate(ada.ctx, id, use())).rejects.toMatchObject({ kind: 'gone', reason: 'template-document' });
	await retireTemplate(ada.ctx, id);
	await expect(template(ada.ctx, id)).rejects.toMatchObject({ kind: 'not-found' });
	expect(await templates(ada.ctx)).toEqual([]);
	const log = await world.owner<{ op: string; res: string }[]>`select convert_from(body, 'utf8')::jsonb ->> 'op' as op, convert_from(body, 'utf8')::jsonb ->> 'res' as res from event where client = ${ada.client} order by id`;
	expect(log.filter((e) => e.op.startsWith('template.')).map((e) => [e.op, e.res])).toEqual([['template.save', 'ok'], ['template.save', 'denied'], ['template.save', 'denied'], ['template.retire', 'ok']]);
});

test('SIGN-10 the credits that a template is said to cost are those that sending holds: one for each who signs and for each group, by level, none for others', async () => {
	const { ada, document } = await draft();
	const paying = { ...ada.ctx, settings: { ...ada.ctx.settings, privateInstance: false } };
	await world.owner`update client set verified_at = now() where id = ${ada.client}`;
	for (const level of levels) await world.owner`select app.purchase_credits(${ada.client}, ${level}::smallint, 10, 'F-1')`;
	const identity = { level: 2, surname: 'Müller', givenNames: 'Zoë', birthDate: '1974-08-12' } as const;
	const people = [
		{ ...person(1), role: 'approver' },
		{ ...person(2) },
		{ ...person(3), instead: true },
		{ ...person(4), ...identity },
		{ ...person(5), manner: 'digitised' },
		{ ...person(6), manner: 'in-person' },
		{ ...person(7), role: 'copy' }
	] as const;
	const envelope = await prepareEnvelope(ada.ctx, { document, title: 'Bail', signers: people.map((p) => ({ ...p })) });
	const id = await saveTemplate(ada.ctx, { envelope, name: 'Tous', template: '', roles: people.map((_, i) => ({ label: `R${i}`, keep: false })) });
	const roles = (await template(ada.ctx, id)).versions[0]!.roles;
	expect(levels.map((level) => [level, unitsOf(roles, level)])).toEqual([[0, 1], [1, 2], [2, 1]]);
	const signers = people.map((p, i) => ({ ...person(i + 1), ...(p === people[3] ? identity : {}) }));
	await sending.send(paying, await fromTemplate(ada.ctx, id, use({ signers })));
	const held = await world.owner`select level::int, held::int from credit where client = ${ada.client} order by level`;
	expect(held.map(({ level, held }) => [level, held])).toEqual([[0, 1], [1, 2], [2, 1]]);
});
