// SIGN-6: bulk sending, from the file to the envelopes.

import { expect, test } from 'vitest';
import type { Context } from '#lib/server/context.ts';
import * as bulks from '#lib/server/bulks/bulk.ts';
import { errors, model } from '#lib/server/bulks/export.ts';
import { cancel, forget, pause, resume, retry, start } from '#lib/server/bulks/run.ts';
import { sendNext } from '#lib/server/bulks/send-next.ts';
import { changeMember } from '#lib/server/clients.ts';
import * as read from '#lib/server/documents/read.ts';
import { placeFields } from '#lib/server/envelopes/fields.ts';
import * as sending from '#lib/server/envelopes/send.ts';
import { saveTemplate } from '#lib/server/envelopes/templates.ts';
import { actsVersion } from '#lib/server/legal/excluded-acts.ts';
import { ObjectStoreError } from '#lib/server/objects/store.ts';
import * as safes from '#lib/server/safes.ts';
import { sweep } from '#lib/server/unfinished.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { createWorld, type Person } from '../support/world.ts';

const world = await createWorld();
const { ada, safe, draft, work, worker, mails } = await createEnvelopes(world);

/** A landlady who is always the same, and a tenant. */
async function template(more: object = {}): Promise<string> {
	const envelope = await draft([{ name: 'La bailleresse', email: 'bail@test.example', number: '+33612345670', locale: 'fr' }, { ...zoe, ...more }]);
	const [, tenant] = (await sending.follow(ada.ctx, envelope)).signers;
	await placeFields(ada.ctx, envelope, { revision: 0, fields: [{ id: crypto.randomUUID(), signer: tenant!.id, kind: 'signature', page: 0, x: 60, y: 200, width: 160, height: 24, required: true, label: 'Ici', expected: '' }] });
	return saveTemplate(ada.ctx, { envelope, name: `Bail ${crypto.randomUUID()}`, template: '', roles: [{ label: 'Bailleur', keep: true }, { label: 'Locataire', keep: false }] });
}
const header = 'Locataire (nom complet);Locataire (e-mail);Locataire (mobile);Votre référence';
const tenant = (n: number) => `Personne ${n};p${n}@test.example;06 12 34 57 ${String(n).padStart(2, '0')};L-${n}`;
const csv = (...lines: string[]): Uint8Array => new TextEncoder().encode(`\ufeff${lines.join('\r\n')}\r\n`);
const check = (id: string, bytes: Uint8Array, ctx: Context = ada.ctx) => bulks.check(ctx, id, { name: 'baux.csv', bytes, locale: 'fr' });
const linesOf = (id: string) => bulks.lines(ada.ctx, id, 1);
const states = async (id: string) => (await linesOf(id)).sort((a, b) => a.number - b.number).map((l) => [l.number, l.state, l.reason]);
const events = async (id: string) => (await world.owner<{ op: string; res: string }[]>`select convert_from(body, 'utf8')::jsonb ->> 'op' as op, convert_from(body, 'utf8')::jsonb ->> 'res' as res from event where convert_from(body, 'utf8')::jsonb ->> 'obj' = ${id} order by id`).map((e) => [e.op, e.res]);
const count = async () => (await world.owner<[{ n: number }]>`select count(*)::int as n from envelope where sent_at is not null`)[0].n;

test('SIGN-6 the dry run of a good file sends and holds nothing; confirmed, each line becomes an envelope like any other, with its own events', async () => {
	const id = await template();
	const [sentBefore, documents] = [await count(), await read.count(ada.ctx, safe)];
	const bulk = await check(id, csv(header, tenant(1), '', tenant(2)));
	await work();
	expect([await count(), await read.count(ada.ctx, safe), await events(bulk)]).toEqual([sentBefore, documents, []]);
	expect(await bulks.find(ada.ctx, bulk)).toMatchObject({ state: 'checked', fileName: 'baux.csv', sender: null, counts: { lines: 2, waiting: 2, wrong: 0, warned: 0 } });
	expect(await linesOf(bulk)).toMatchObject([{ number: 2, label: 'Personne 1', reference: 'L-1', envelope: null }, { number: 4, label: 'Personne 2' }]);
	await start(ada.ctx, bulk, actsVersion);
	await work();
	expect((await bulks.find(ada.ctx, bulk)).counts).toMatchObject({ sent: 2, waiting: 0, failed: 0 });
	expect(await events(bulk)).toEqual([['bulk.start', 'ok']]);
	for (const [i, line] of (await linesOf(bulk)).entries()) {
		const made = await sending.follow(ada.ctx, line.envelope!.id);
		expect(made).toMatchObject({ state: 'waiting', safe, title: 'Contrat de prestation', template: { id, number: 1 }, signers: [{ name: 'La bailleresse', state: 'invited' }, { name: `Personne ${i + 1}`, email: `p${i + 1}@test.example`, number: `+336123457${String(i + 1).padStart(2, '0')}` }] });
		expect((await events(made.id)).map(([op]) => op)).toEqual(['envelope.prepare', 'envelope.place', 'envelope.acts', 'envelope.prepare', 'envelope.send']);
	}
	const [said] = await world.owner`select count(*) filter (where input is not null)::int as kept from bulk_line where bulk = ${bulk}`;
	expect(said).toEqual({ kept: 0 }); // the envelope has it
	const actors = await world.owner`select distinct convert_from(body, 'utf8')::jsonb ->> 'via' as via, convert_from(body, 'utf8')::jsonb ->> 'actor' = app.pseudonym(${ada.person})::text as hers from event where convert_from(body, 'utf8')::jsonb ->> 'op' = 'envelope.send'`;
	expect(actors).toEqual([{ via: 'worker', hers: true }]);
	expect(mails.filter((m) => m.to === 'bail@test.example')).toHaveLength(2);
});

test('SIGN-6 the model has the columns to fill in, in one’s language; the header is read in either, with any separator, case and spacing', async () => {
	const id = await template();
	expect(await model(ada.ctx, id, 'fr')).toBe('\ufeffLocataire (nom complet);Locataire (e-mail);Locataire (mobile);Locataire (langue);Titre;Délai en jours;Votre référence\r\n');
	expect(await model(ada.ctx, id, 'en')).toBe('\ufeffLocataire (full name);Locataire (e-mail);Locataire (mobile);Locataire (language);Title;Days to sign;Your reference\r\n');
	const english = ['LOCATAIRE  (Full name)', 'locataire (e-mail)', 'Locataire (language)', 'Title', 'Days to sign'];
	for (const separator of [';', ',', '\t']) {
		const title = separator === '\t' ? 'Bail "meublé"' : `Bail${separator} meublé`; // a title is one line, without tabs
		const text = [english, ['Zoë', 'zoe@test.example', 'English', `"${title.replaceAll('"', '""')}"`, '12']].map((cells) => cells.join(separator)).join('\n');
		const bulk = await check(id, new TextEncoder().encode(text)); // without a mark
		const [line] = await world.owner`select input from bulk_line where bulk = ${bulk}`;
		expect(line!.input).toMatchObject({ title, days: 12, signers: [{ email: 'bail@test.example', locale: 'fr' }, { name: 'Zoë', locale: 'en', number: '' }] });
	}
});

test('SIGN-6 a file that cannot be read is refused with its reason, and nothing of it is kept', async () => {
	const id = await template();
	const kept = async () => (await bulks.list(ada.ctx)).length;
	const before = await kept();
	const ansi = Buffer.from(`${header}\r\nZo\u00eb;z@test.example;;\r\n`, 'latin1');
	for (const [bytes, reason, details] of [
		[ansi, 'bulk-encoding', {}],
		[Buffer.from(`\ufeff${header}\r\n`, 'utf16le'), 'bulk-encoding', {}],
		[csv(header), 'bulk-empty', {}],
		[csv(header, '"Zoë;z@test.example;;'), 'bulk-quotes', {}],
		[csv(header.replace('Votre référence', 'Couleur'), tenant(1)), 'bulk-column-unknown', { column: 'Couleur' }],
		[csv(`${header};Locataire (E-MAIL)`, tenant(1)), 'bulk-column-twice', { column: 'Locataire (e-mail)' }],
		[csv('Locataire (nom complet)', 'Zoë'), 'bulk-column-missing', { column: 'Locataire (e-mail)' }],
		[csv(header, ...Array.from({ length: 1001 }, (_, i) => tenant(i))), 'bulk-lines', {}],
		[new Uint8Array(), 'no-file', {}]
	] as const) {
		await expect(check(id, bytes), reason).rejects.toMatchObject({ kind: 'invalid', reason, details });
	}
	await expect(check(id, new Uint8Array((2 << 20) + 1).fill(97))).rejects.toMatchObject({ kind: 'too-large', reason: 'bulk-file' });
	expect(await kept()).toBe(before);
});

test('SIGN-6 what is wrong is said cell by cell and keeps the whole file from being sent; what is to be looked at twice does not', async () => {
	const id = await template();
	const [self] = await world.owner<[{ email: string }]>`select email from person where id = ${ada.person}`;
	const bulk = await check(id, csv(`${header};Délai en jours`,
		'Zoë;zoe(at)test;06 12;L-1;999', // three cells
		';bob@test.example;+1 202 555 0123;', // no name, a country without codes
		'Carl;bail@test.example;;', // the landlady's address
		`Ada;${self.email};06 12 34 58 01;;7`,
		'Bea;bea@test.example;06 12 34 58 01;;',
		'Bea;BEA@test.example;06 12 34 58 01;;',
		'Dan;dan@test.example;01 42 68 53 00;;;trop'));
	const wrong = (await linesOf(bulk)).toSorted((a, b) => a.number - b.number);
	expect(wrong.map((l) => l.problems.map((p) => [p.column?.kind ?? null, p.reason, p.value]))).toEqual([
		[['email', 'shape', 'zoe(at)test'], ['number', 'number-malformed', '06 12'], ['days', 'shape', '999']],
		[['name', 'needed', ''], ['number', 'number-country', '+1 202 555 0123']],
		[], [], [], [],
		[[null, 'cells', ''], ['number', 'number-not-mobile', '01 42 68 53 00']]
	]);
	expect(wrong.map((l) => l.warnings)).toEqual([[], [], [{ reason: 'shared' }], [{ reason: 'own-contact' }], [{ reason: 'number-shared', line: 5 }], [{ reason: 'duplicate', line: 6 }, { reason: 'number-shared', line: 5 }], []]);
	expect((await bulks.find(ada.ctx, bulk)).counts).toMatchObject({ wrong: 3, warned: 4 });
	await expect(start(ada.ctx, bulk, actsVersion)).rejects.toMatchObject({ kind: 'invalid', reason: 'bulk-wrong' });
	expect(await events(bulk)).toEqual([['bulk.start', 'denied']]);
});

test('SIGN-6 the errors as CSV hold no formula, and what our own export put before a cell is taken off again', async () => {
	const id = await template();
	const bulk = await check(id, csv(header, '"=HYPERLINK(""x"")";@sum;+33 6;-1'));
	const text = await errors(ada.ctx, bulk, 'fr');
	expect(text.startsWith('\ufeffLigne;Pour;Colonne;Ce qui est écrit;Pourquoi\r\n')).toBe(true);
	for (const cell of text.split(/[;\r\n]+/)) expect(cell.replace(/^"/, '')).not.toMatch(/^[=+\-@\t]/);
	expect(text).toContain(`2;"'=HYPERLINK(""x"")";Locataire (e-mail);'@sum;Cette adresse n’est pas valable.`);
	expect(text).toContain(`'+33 6`);
	const again = await check(id, csv(header, `Zoë;zoe@test.example;'+33612345799;'-1`));
	const [line] = await world.owner`select input, reference from bulk_line where bulk = ${again}`;
	expect(line).toMatchObject({ reference: '-1', input: { signers: [{}, { number: '+33612345799' }] } });
});

test('SIGN-3 SIGN-6 a role of level 2 asks for the declared identity; a French date is read', async () => {
	const id = await template({ level: 2, surname: 'Martin', givenNames: 'Zoë' });
	const own = 'Locataire (nom complet);Locataire (e-mail);Locataire (mobile);Locataire (nom de la pièce d’identité);Locataire (prénoms de la pièce d’identité);Locataire (date de naissance)';
	await expect(check(id, csv(header, tenant(1)))).rejects.toMatchObject({ reason: 'bulk-column-missing' });
	const bulk = await check(id, csv(own, "Zoë Martin;z@test.example;0612345799;Martin;Zoë;1/2/1990", 'Bob;b@test.example;;Durand;;31/02/1990'));
	const lines = (await linesOf(bulk)).toSorted((a, b) => a.number - b.number);
	expect(lines.map((l) => l.problems.map((p) => [p.column?.kind, p.reason]))).toEqual([[], [['number', 'needed'], ['givenNames', 'needed'], ['birthDate', 'shape']]]);
	const [line] = await world.owner`select input from bulk_line where bulk = ${bulk} and number = 2`;
	expect(line!.input).toMatchObject({ signers: [{}, { surname: 'Martin', givenNames: 'Zoë', birthDate: '1990-02-01' }] });
});

test('SIGN-6 killed before any transaction and run again, a line is made once and sent once', async () => {
	const id = await template();
	let [cuts, whole] = [0, false];
	for (let at = 1; !whole; at++) {
		const bulk = await check(id, csv(header, tenant(at)));
		await start(ada.ctx, bulk, actsVersion);
		const before = await count();
		let transactions = 0;
		const dying = { ...world.web.database, tx: (actor: never, act: never) => (++transactions >= at ? Promise.reject(new Error('killed')) : world.web.database.tx(actor, act)) };
		whole = await sendNext({ ...worker, sending: dying as typeof world.web.database }, { bulk }).then(() => transactions < at, () => false);
		if (!whole) cuts++;
		await world.owner`update bulk_line set lease_until = app.now() - interval '1 second' where bulk = ${bulk} and lease_until is not null`;
		await sweep(worker); // its job is made again
		await work();
		expect([at, await states(bulk)]).toEqual([at, [[2, 'sent', null]]]);
		expect([at, await count()]).toEqual([at, before + 1]);
		const [line] = await linesOf(bulk);
		expect([at, (await events(line!.envelope!.id)).filter(([op]) => op === 'envelope.send')]).toEqual([at, [['envelope.send', 'ok']]]);
		const [{ documents }] = await world.owner<[{ documents: number }]>`select count(*)::int as documents from document d join bulk_line l on l.document = d.id where l.bulk = ${bulk}`;
		expect([at, documents]).toEqual([at, 1]);
	}
	expect(cuts).toBeGreaterThan(10);
}, 300_000);

test('SIGN-6 ten workers at one bulk send each line once', async () => {
	const id = await template();
	const bulk = await check(id, csv(header, ...[1, 2, 3, 4].map(tenant)));
	await start(ada.ctx, bulk, actsVersion);
	const before = await count();
	await Promise.all(Array.from({ length: 10 }, () => sendNext(worker, { bulk })));
	await work();
	expect(await states(bulk)).toEqual([2, 3, 4, 5].map((n) => [n, 'sent', null]));
	expect(await count()).toBe(before + 4);
});

test('SIGN-6 rights are asked again for each line: lost in between, the rest fails with its reason; a colleague tries it again in their own name', async () => {
	const id = await template();
	const eve: Person = await world.person(ada.client, 'contributor');
	await safes.grant(ada.ctx, { safe, person: eve.person, rights: ['read', 'send'] });
	const bulk = await check(id, csv(header, tenant(1), tenant(2), tenant(3)), eve.ctx);
	await start(eve.ctx, bulk, actsVersion);
	await sendNext(worker, { bulk });
	await safes.grant(ada.ctx, { safe, person: eve.person, rights: ['read'] });
	await sendNext(worker, { bulk });
	await safes.grant(ada.ctx, { safe, person: eve.person, rights: ['read', 'send'] });
	await changeMember(ada.ctx, eve.person, null);
	await work();
	expect(await states(bulk)).toEqual([[2, 'sent', null], [3, 'failed', 'right-missing'], [4, 'failed', 'no-member']]);
	expect((await events(bulk)).slice(1)).toEqual([['bulk.fail', 'denied'], ['bulk.fail', 'denied']]);
	expect((await linesOf(bulk)).filter((l) => l.state === 'failed').map((l) => l.envelope)).toEqual([null, null]);
	await retry(ada.ctx, bulk, actsVersion);
	await work();
	expect((await states(bulk)).map(([, state]) => state)).toEqual(['sent', 'sent', 'sent']);
	expect((await bulks.find(ada.ctx, bulk)).sender).toBe('Ada');
	await expect(retry(ada.ctx, bulk, actsVersion)).rejects.toMatchObject({ kind: 'conflict', reason: 'bulk-state' });
});

test('SIGN-6 SIGN-10 credits that run out fail the lines they are missing for, which leave no draft and are sent once there are some', async () => {
	const paying = (ctx: Context): Context => ({ ...ctx, settings: { ...ctx.settings, privateInstance: false } });
	const payer = { ...worker, settings: { ...worker.settings, privateInstance: false } };
	await world.owner`update client set verified_at = now() where id = ${ada.client}`;
	await world.owner`select app.purchase_credits(${ada.client}, 1::smallint, 5, 'F-1')`;
	const id = await template();
	const bulk = await check(id, csv(header, ...[1, 2, 3].map(tenant)), paying(ada.ctx));
	expect(await bulks.cost(paying(ada.ctx), await bulks.find(ada.ctx, bulk))).toEqual([{ level: 1, units: 6, available: 5 }]);
	const documents = await read.count(ada.ctx, safe);
	await start(paying(ada.ctx), bulk, actsVersion);
	for (let i = 0; i < 4; i++) await sendNext(payer, { bulk });
	expect(await states(bulk)).toEqual([[2, 'sent', null], [3, 'sent', null], [4, 'failed', 'no-credit']]);
	expect(await read.count(ada.ctx, safe)).toBe(documents + 2);
	await world.owner`select app.purchase_credits(${ada.client}, 1::smallint, 1, 'F-2')`;
	await retry(paying(ada.ctx), bulk, actsVersion);
	await sendNext(payer, { bulk });
	expect((await states(bulk)).at(-1)).toEqual([4, 'sent', null]);
	const [left] = await world.owner`select available::int, held::int from credit where client = ${ada.client} and level = 1`;
	expect(left).toEqual({ available: 0, held: 6 });
	await work();
});

test('SIGN-6 paused, nothing more leaves until it is resumed; cancelled, nothing more leaves at all; what was sent stays', async () => {
	const id = await template();
	const bulk = await check(id, csv(header, ...[1, 2, 3].map(tenant)));
	await expect(pause(ada.ctx, bulk)).rejects.toMatchObject({ kind: 'conflict' });
	await start(ada.ctx, bulk, actsVersion);
	await expect(start(ada.ctx, bulk, actsVersion)).rejects.toMatchObject({ kind: 'conflict', reason: 'bulk-state' });
	await expect(forget(ada.ctx, bulk)).rejects.toMatchObject({ kind: 'conflict' });
	await sendNext(worker, { bulk });
	await pause(ada.ctx, bulk);
	await sweep(worker);
	await work();
	expect(await states(bulk)).toEqual([[2, 'sent', null], [3, 'waiting', null], [4, 'waiting', null]]);
	await expect(resume(ada.ctx, bulk, 'old')).rejects.toMatchObject({ kind: 'invalid', reason: 'acts-unconfirmed' });
	await resume(ada.ctx, bulk, actsVersion);
	await sendNext(worker, { bulk });
	await cancel(ada.ctx, bulk);
	await sweep(worker);
	await work();
	expect(await states(bulk)).toEqual([[2, 'sent', null], [3, 'sent', null], [4, 'cancelled', null]]);
	const [first] = await linesOf(bulk);
	expect(first!.number).toBe(2);
	expect((await sending.follow(ada.ctx, first!.envelope!.id)).state).toBe('waiting');
	for (const act of [() => cancel(ada.ctx, bulk), () => resume(ada.ctx, bulk, actsVersion), () => retry(ada.ctx, bulk, actsVersion)]) await expect(act()).rejects.toMatchObject({ kind: 'conflict' });
	expect((await events(bulk)).filter(([, res]) => res === 'ok').map(([op]) => op)).toEqual(['bulk.start', 'bulk.pause', 'bulk.resume', 'bulk.cancel']);
});

test('SIGN-6 a line whose worker died while its bulk was cancelled ends as sent or as cancelled, by what was done', async () => {
	const id = await template();
	for (const [done, state] of [[true, 'sent'], [false, 'cancelled']] as const) {
		const bulk = await check(id, csv(header, tenant(1)));
		await start(ada.ctx, bulk, actsVersion);
		if (done) await sendNext(worker, { bulk });
		// as it stands between the sending and its mark, and before the sending
		await world.owner`update bulk_line l set state = 'waiting', sent_at = null, tries = 1, lease_until = app.now() + interval '1 minute', input = coalesce(l.input, '{}') where bulk = ${bulk}`;
		await cancel(ada.ctx, bulk);
		await work();
		expect(await states(bulk)).toEqual([[2, 'waiting', null]]);
		await world.owner`update bulk_line set lease_until = app.now() - interval '1 second' where bulk = ${bulk}`;
		await sweep(worker);
		await work();
		expect(await states(bulk)).toEqual([[2, state, null]]);
	}
});

test('SIGN-6 an outage is tried again later, and handed to the sender after eight times; a retired template fails its lines', async () => {
	const id = await template();
	const bulk = await check(id, csv(header, tenant(1)));
	await start(ada.ctx, bulk, actsVersion);
	world.objects.down = true;
	for (let i = 1; i <= 8; i++) {
		await expect(sendNext(worker, { bulk })).rejects.toBeInstanceOf(ObjectStoreError);
		await sendNext(worker, { bulk }); // not before its time
		expect(await states(bulk)).toEqual([[2, i < 8 ? 'waiting' : 'failed', 'bulk-fault']]);
		await world.owner`update bulk_line set lease_until = app.now() - interval '1 second' where bulk = ${bulk} and lease_until is not null`;
	}
	world.objects.down = false;
	await retry(ada.ctx, bulk, actsVersion);
	await world.owner`update template set retired_at = now() where id = ${id}`;
	await work();
	expect(await states(bulk)).toEqual([[2, 'failed', 'template']]);
});

test('SIGN-6 a dry run nobody confirms is forgotten after a day, one that was started is not', async () => {
	const id = await template();
	const [old, young, started] = [await check(id, csv(header, tenant(1))), await check(id, csv(header, tenant(2))), await check(id, csv(header, tenant(3)))];
	await start(ada.ctx, started, actsVersion);
	await work();
	await world.owner`update bulk set created_at = now() - interval '25 hours' where id in (${old}, ${started})`;
	await sweep(worker);
	const ids = (await bulks.list(ada.ctx)).map((b) => b.id);
	expect([old, young, started].map((b) => ids.includes(b))).toEqual([false, true, true]);
	expect(await world.owner`select from bulk_line where bulk = ${old}`).toHaveLength(0);
	await forget(ada.ctx, young);
	await expect(bulks.find(ada.ctx, young)).rejects.toMatchObject({ kind: 'not-found', reason: 'bulk' });
});

test('SAFE-1 SIGN-6 a bulk is its client’s and those who may send from its safe; the database lets nobody else see or change it', async () => {
	const id = await template();
	const bulk = await check(id, csv(header, tenant(1)));
	const stranger = await world.administrator();
	const reader = await world.person(ada.client, 'reader');
	await safes.grant(ada.ctx, { safe, person: reader.person, rights: ['read'] });
	for (const [ctx, kind] of [[stranger.ctx, 'not-found'], [reader.ctx, 'forbidden']] as const) {
		for (const act of [() => bulks.find(ctx, bulk), () => errors(ctx, bulk, 'fr'), () => start(ctx, bulk, actsVersion), () => forget(ctx, bulk), () => model(ctx, id, 'fr'), () => check(id, csv(header, tenant(1)), ctx)]) await expect(act()).rejects.toMatchObject({ kind });
		expect(await bulks.list(ctx)).toEqual([]);
	}
	for (const table of ['bulk', 'bulk_line']) {
		expect(await stranger.ctx.tx((tx) => tx`select from ${tx(table)}`)).toHaveLength(0);
		expect((await stranger.ctx.tx((tx) => tx`update ${tx(table)} set state = 'cancelled'`)).count).toBe(0);
	}
	expect((await stranger.ctx.tx((tx) => tx`delete from bulk`)).count).toBe(0);
	await expect(stranger.ctx.tx((tx) => tx`insert into bulk_line (bulk, client, number, label, input) values (${bulk}, ${ada.client}, 9, 'x', '{}')`)).rejects.toMatchObject({ code: '42501' });
	await start(ada.ctx, bulk, actsVersion);
	expect((await ada.ctx.tx((tx) => tx`delete from bulk where id = ${bulk}`)).count).toBe(0);
	await expect(ada.ctx.tx((tx) => tx`update bulk set template_number = 1 where id = ${bulk}`)).rejects.toMatchObject({ code: '42501' });
	await expect(world.worker.tx((tx) => tx`select input from bulk_line`)).rejects.toMatchObject({ code: '42501' });
	await work();
});
