import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { validate } from '#crypto/pades/validate.ts';
import { openDocument } from '#crypto/pdf/document.ts';
import { formFields } from '#crypto/pdf/form.ts';
import { isName, isString, textOf } from '#crypto/pdf/objects.ts';
import { withActor } from '#lib/server/context.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { complete } from '#lib/server/envelopes/complete.ts';
import { consentVersion } from '#lib/server/envelopes/consent.ts';
import * as door from '#lib/server/envelopes/door.ts';
import { layout, placeFields, type PlacedField } from '#lib/server/envelopes/fields.ts';
import { formName } from '#lib/server/envelopes/freeze.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import * as sending from '#lib/server/envelopes/send.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import type { Mail } from '#lib/server/mail/mailer.ts';
import { sendMessage } from '#lib/server/messages.ts';
import * as safes from '#lib/server/safes.ts';
import { attest } from '#lib/server/signed-copy/attest.ts';
import type { Sms } from '#lib/server/sms/sender.ts';
import { accepted } from '../support/accepted.ts';
import { cover } from '../support/covered.ts';
import { allAgreed } from '../support/envelopes.ts';
import { run } from '../support/openssl.ts';
import { contract } from '../support/signing.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const mails: Mail[] = [];
const texts: Sms[] = [];
const worker = { ...world.worker, mailer: { send: async (m: Mail) => (mails.push(m), 'ok') }, sms: { send: async (s: Sms) => (texts.push(s), 'ok') } };
const jobs = world.database.connect('jobs');

async function work(): Promise<void> {
	const tasks: Record<string, (payload: never) => Promise<void>> = {
		'messages.send': (x) => sendMessage(worker, x),
		'envelopes.attempt': (x) => accepted(worker, x),
		'envelopes.sign': (x) => sign(worker, x),
		'envelopes.complete': (x) => complete(worker, x),
		'signed-copies.attest': async ({ envelope }: { envelope: string }) => (await cover(world, worker, envelope), attest(worker, { envelope }))
	};
	for (;;) {
		const [job] = await jobs`delete from graphile_worker._private_jobs j using graphile_worker._private_tasks t where t.id = j.task_id and j.id = (select id from graphile_worker._private_jobs order by id limit 1) returning t.identifier, j.payload`;
		if (!job) return;
		await tasks[job.identifier]?.(job.payload as never);
	}
}
const signers = ['Zoë Müller', 'Bob Łuczak', '李 小龍'].map((name, i) => ({ name, email: `s${i}@test.example`, number: `06 12 34 56 7${i}`, locale: 'fr' as const }));

async function draft(count: number) {
	const ada = await world.administrator();
	const safe = (await safes.create(ada.ctx, { name: 'Contrats' })).id;
	const bytes = await contract({ pages: 2 });
	const upload = await stage.create(ada.ctx, { safe, name: 'bail.pdf', length: bytes.length });
	await stage.write(ada.ctx, upload.id, 0, (async function* () { yield bytes; })());
	const { document } = await deposit(ada.ctx, { stage: upload.id });
	const id = await prepareEnvelope(ada.ctx, { document, title: 'Bail', note: '', days: 30, signers: signers.slice(0, count) });
	return { ada, id, people: (await sending.follow(ada.ctx, id)).signers.map((s) => s.id) };
}
const field = (signer: string, kind: PlacedField['kind'], more: Partial<PlacedField> = {}): PlacedField => ({ id: crypto.randomUUID(), signer, kind, page: 0, x: 60, y: 200, width: 160, height: 24, required: true, label: '', expected: kind === 'mention' ? 'Bon pour accord' : '', ...more });
async function enterLast() {
	const secret = /\/sign\/(\S{43})/.exec(mails.findLast((m) => m.text.includes('/sign/'))!.text)![1]!;
	const { signer, cookie } = await door.enter(withActor(world.web, { person: null, client: null, via: 'link' }), secret, null, { address: '203.0.113.7', agent: 'Firefox' });
	return door.inside(world.web, cookie, signer);
}
async function ask(ctx: door.SignerContext, fields: Record<string, string>, name = 'Zoë') {
	const shown = Buffer.concat(await Array.fromAsync((await here.open(ctx)).bytes));
	return here.requestCode(ctx, { consent: consentVersion, pagesReached: 2, sha256: createHash('sha256').update(shown).digest('hex'), values: { name, drawing: null, fields, texts: allAgreed((await here.task(ctx)).texts) } }, '198.51.100.1');
}
async function signAs(ctx: door.SignerContext, fields: Record<string, string>, name: string) {
	await ask(ctx, fields, name);
	await work();
	await here.attempt(ctx, /(\d{6})/.exec(texts.at(-1)!.text)![1]!);
	await work();
}

test('SIGN-5 SIGN-7 three signers fill in and sign in turn: values exactly as typed, every signature valid, in our reading and in that of others', async () => {
	const { ada, id, people } = await draft(3);
	const fields = people.flatMap((signer, i) => [
		field(signer, 'signature', { page: 1, x: 40, y: 60 + 120 * i, width: 220, height: 60 }),
		field(signer, 'mention', { page: 1, x: 300, y: 60 + 120 * i, width: 220, height: 44 }),
		field(signer, 'checkbox', { x: 40, y: 300 + 30 * i, width: 14, height: 14, required: false }),
		field(signer, 'date', { x: 80, y: 300 + 30 * i, width: 90, height: 20 }),
		field(signer, 'initials', { x: 500, y: 700 + 25 * i, width: 60, height: 20 }),
		field(signer, 'text', { x: 200, y: 300 + 30 * i, width: 150, height: 20, required: false, label: 'Ville' })
	]);
	expect(await placeFields(ada.ctx, id, { revision: 0, fields })).toBe(1);
	expect(await layout(ada.ctx, id)).toMatchObject({ revision: 1, draft: true, fields });
	await sending.send(ada.ctx, id);
	await work();
	const typed = [' bon POUR  accord', 'Bon pour accord', '« Bon pour accord »'];
	for (const [i, signer] of people.entries()) {
		const ctx = await enterLast();
		const mine = (await here.task(ctx)).fields;
		expect(mine.map((f) => f.kind)).toEqual(['signature', 'mention', 'checkbox', 'date', 'initials', 'text']);
		expect(mine.every((f) => f.signer === signer)).toBe(true);
		const of = (kind: string) => mine.find((f) => f.kind === kind)!.id;
		await signAs(ctx, { [of('mention')]: typed[i]!, [of('date')]: '23/11/2026', [of('initials')]: 'ZM', ...(i === 1 ? {} : { [of('checkbox')]: 'Yes', [of('text')]: 'Łódź 東京' }) }, signers[i]!.name);
		expect((await here.task(ctx)).state).toBe('signed');
	}
	expect((await sending.follow(ada.ctx, id)).state).toBe('completed');
	const pdf = mails.findLast((m) => m.attachments)!.attachments![0]!.content;
	const report = await validate(p, pdf, { trust: { anchors: [world.root] }, at: Date.now() + 60_000 });
	expect(report.signatures.flatMap((s) => s.changes.filter((c) => !c.allowed))).toEqual([]);
	expect(report.signatures.map((s) => [s.kind, s.indication])).toEqual([...people.map(() => ['signature', 'TOTAL-PASSED']), ['document-timestamp', 'TOTAL-PASSED']]);
	expect(report.indication).toBe('TOTAL-PASSED');
	const form = new Map(formFields(openDocument(pdf)).map((f) => [f.name, f.dict.map]));
	for (const [i, signer] of people.entries()) {
		const own = (kind: string) => form.get(formName(fields.find((f) => f.signer === signer && f.kind === kind)!.id))!;
		const mention = own('mention').get('V');
		expect(isString(mention) && textOf(mention)).toBe(typed[i]);
		expect(isName(own('checkbox').get('V'), i === 1 ? 'Off' : 'Yes')).toBe(true);
		const town = own('text').get('V');
		expect(isString(town) && textOf(town)).toBe(i === 1 ? '' : 'Łódź 東京');
	}
	expect(run('qpdf', ['--check', 'a.pdf'], { 'a.pdf': pdf }).text).toContain('No syntax or stream encoding errors found');
	expect(run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': pdf }).text.match(/Signature is Valid/g)).toHaveLength(3);
	expect(run('mutool', ['sign', '-v', 'a.pdf'], { 'a.pdf': pdf }).text).not.toMatch(/digest failure|repair|invalid/i);
});

test('SIGN-5 what is missing or not the words asked for is refused, names its field, and sends no code', async () => {
	const { ada, id, people } = await draft(1);
	const [mention, box, town] = [field(people[0]!, 'mention', { label: 'Mention' }), field(people[0]!, 'checkbox', { label: 'Lu', width: 14, height: 14 }), field(people[0]!, 'text', { label: 'Ville', required: false })];
	await placeFields(ada.ctx, id, { revision: 0, fields: [mention, box, town] });
	await sending.send(ada.ctx, id);
	await work();
	const ctx = await enterLast();
	const before = texts.length;
	const good = { [mention.id]: 'Bon pour accord', [box.id]: 'Yes' };
	for (const [fields, reason] of [
		[{}, 'value-required'],
		[{ ...good, [mention.id]: 'Bon pour désaccord' }, 'value-mention'],
		[{ ...good, [box.id]: 'yes' }, 'value-box'],
		[{ ...good, [town.id]: 'a\nb' }, 'value-lines'],
		[{ ...good, [crypto.randomUUID()]: 'x' }, 'value-unknown']
	] as const) {
		await expect(ask(ctx, fields as Record<string, string>), reason).rejects.toMatchObject({ kind: 'invalid', reason });
	}
	await work();
	expect(texts.length).toBe(before);
	await ask(ctx, good);
	await work();
	expect(texts.length).toBe(before + 1);
});

test('SIGN-5 fields are a draft’s: of its own signers, one signature each, against the revision they were read at, and fixed once it is sent', async () => {
	const { ada, id, people } = await draft(1);
	const other = await draft(1);
	const one = field(people[0]!, 'signature');
	for (const [fields, reason] of [
		[[field(other.people[0]!, 'signature')], 'field-signer'],
		[[one, field(people[0]!, 'signature')], 'field-two-signatures'],
		[[one, { ...one, kind: 'text' as const }], 'field-id']
	] as const) {
		await expect(placeFields(ada.ctx, id, { revision: 0, fields: [...fields] })).rejects.toMatchObject({ kind: 'invalid', reason });
	}
	await expect(layout(other.ada.ctx, id)).rejects.toMatchObject({ kind: 'not-found' });
	await expect(placeFields(other.ada.ctx, id, { revision: 0, fields: [one] })).rejects.toMatchObject({ kind: 'not-found' });
	await placeFields(ada.ctx, id, { revision: 0, fields: [one] });
	await expect(placeFields(ada.ctx, id, { revision: 0, fields: [] })).rejects.toMatchObject({ kind: 'conflict', reason: 'fields-moved' });
	await placeFields(ada.ctx, id, { revision: 1, fields: [{ ...one, page: 9 }] });
	await expect(sending.send(ada.ctx, id)).rejects.toMatchObject({ kind: 'invalid', reason: 'field-outside' });
	expect((await sending.follow(ada.ctx, id)).state).toBe('draft');
	await placeFields(ada.ctx, id, { revision: 2, fields: [one] });
	await sending.send(ada.ctx, id);
	await expect(placeFields(ada.ctx, id, { revision: 3, fields: [] })).rejects.toMatchObject({ kind: 'conflict', reason: 'envelope-state' });
	await expect(ada.ctx.tx((tx) => tx`delete from field where envelope = ${id}`)).rejects.toMatchObject({ code: '42501' });
});
