import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { validate } from '#crypto/pades/validate.ts';
import type { ContractWish } from '#lib/server/consumer/contract.ts';
import { dispose } from '#lib/server/documents/dispose.ts';
import { bytesOf } from '#lib/server/documents/read.ts';
import { confirmRecap } from '#lib/server/envelopes/confirm-recap.ts';
import { consentVersion } from '#lib/server/envelopes/consent.ts';
import { delegate } from '#lib/server/envelopes/delegate.ts';
import { contractView, recordDelivery } from '#lib/server/envelopes/delivered.ts';
import { dossierSheet } from '#lib/server/envelopes/dossier-sheet.ts';
import type { SignerContext } from '#lib/server/envelopes/door.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { saveTemplate } from '#lib/server/envelopes/templates.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { askCode, tryCode } from '#lib/server/signed-copy/ask.ts';
import { visit } from '#lib/server/signed-copy/door.ts';
import { open, type What } from '#lib/server/signed-copy/open.ts';
import { declare, draft, withdrawalAt } from '#lib/server/withdrawal/declare.ts';
import { allAgreed, bob, createEnvelopes, from, zoe } from '../support/envelopes.ts';
import { evidenceOf } from '../support/evidence.ts';
import { run } from '../support/openssl.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, worker, mails, texts, stranger, work, draft: drafted, sent, enter, ask } = await createEnvelopes(world);
const lessons: ContractWish = { subject: 'Cours de piano, dix leçons', priceCents: 9000, withdrawalDays: 14, runsFrom: 'conclusion' };
const denied = { code: '42501' };
let people = 0;
/** Somebody new: numbers and addresses have limits per hour. */
const someone = () => ({ ...zoe, email: `consumer${++people}@test.example`, number: `+336123458${String(people).padStart(2, '0')}`, consumer: true });
const events = (op: string, of: string) => world.owner<{ res: string }[]>`select convert_from(body, 'UTF8')::jsonb->>'res' as res from event where convert_from(body, 'UTF8')::jsonb->>'op' = ${op} and convert_from(body, 'UTF8')::jsonb->>'obj' = ${of} order by id`;
const secretOf = (email: string) => /\/copy\/([\w-]{43})/.exec(mails.findLast((m) => m.to === email && m.text.includes('/copy/'))!.text)![1]!;
const request = async (ctx: SignerContext, recap?: string) => {
	const { sha256, texts } = await here.task(ctx);
	return here.requestCode(ctx, { consent: consentVersion, pagesReached: 1, sha256, values: { name: 'Zoë Müller', drawing: null, texts: allAgreed(texts), ...(recap ? { recap } : {}) } }, from.address);
};
/** Sets the clock of the database; null: back. */
const clock = (at: string | null) => world.owner`update app.clock set shift = ${at === null ? '0' : world.owner`${at}::timestamptz - clock_timestamp()`}`;

/** A contract concluded at an instant, and its consumer. */
async function concluded(contract: ContractWish, at: string) {
	const who = someone();
	const id = await sent([who], { contract });
	const { ctx } = await enter(who.email);
	await here.attempt(ctx, await ask(ctx, who.name));
	await work();
	await world.owner`update envelope set closed_at = ${at} where id = ${id}`;
	return { id, who, secret: secretOf(who.email), signer: ctx.signer };
}
async function opened(secret: string): Promise<string> {
	await askCode(stranger, secret, `source ${++people}`);
	await work();
	const { cookie } = await tryCode(stranger, secret, /(\d{6})/.exec(texts.at(-1)!.text)![1]!, null);
	await work();
	return cookie;
}
const bytes = async (secret: string, cookie: string, what: What) => Buffer.concat(await Array.fromAsync((await open(stranger, secret, cookie, what)).bytes));

test('SIGN-18 no code goes out before the recap is confirmed, in this session and in the words of now; it is bound into V and the evidence has its words', async () => {
	const who = someone();
	const id = await sent([who], { contract: { ...lessons, priceCents: 125_000, priceNote: 'en 3 fois' } });
	const first = (await enter(who.email)).ctx;
	const { recap, texts: legal } = await here.task(first);
	expect(legal[0]!.kind).toBe('consumer-proof-convention');
	const words = recap!.lines.map(([label, said]) => `${label}\n${said}`).join('\n\n');
	for (const said of ['Cours de piano, dix leçons', '1\u00a0250,00\u00a0€', 'en 3 fois', 'A client', 'Contrat de prestation', '14 jours', 'renoncer au contrat ici', 'dix ans']) expect(words).toContain(said);
	expect(recap!.said.split(' ')[1]).toBe(createHash('sha256').update(words).digest('hex'));
	await expect(request(first)).rejects.toMatchObject({ kind: 'invalid', reason: 'recap-needed' });
	await expect(request(first, recap!.said)).rejects.toMatchObject({ reason: 'recap-needed' });
	await expect(confirmRecap(first, recap!.said.replace(/.$/, (c) => (c === '0' ? '1' : '0')))).rejects.toMatchObject({ kind: 'conflict', reason: 'recap-changed' });
	await confirmRecap(first, recap!.said);
	await expect(request(first, `2000-01-01 ${'0'.repeat(64)}`)).rejects.toMatchObject({ reason: 'recap-changed' });
	const { ctx } = await enter(who.email); // another device: the session before is over, and what it confirmed with it
	expect((await here.task(ctx)).recap!.confirmedAt).toBeNull();
	await expect(request(ctx, recap!.said)).rejects.toMatchObject({ reason: 'recap-needed' });
	await here.attempt(ctx, await ask(ctx, who.name));
	await work();
	expect((await events('signer.recap', ctx.signer)).map((e) => e.res)).toEqual(['ok', 'ok']);
	const [{ values }] = await world.owner<[{ values: Uint8Array }]>`select "values" from signing_intent where signer = ${ctx.signer} and state = 'released'`;
	expect(here.readValues(values).recap).toBe(recap!.said);
	const dossier = await evidenceOf(worker, world, id);
	expect(dossier.contract).toMatchObject({ subject: lessons.subject, priceCents: 125_000, priceNote: 'en 3 fois', withdrawalDays: 14, exception: null, runsFrom: 'conclusion', longArchive: true, deliveredOn: null });
	expect(dossier.signers[0]!.consumer).toMatchObject({ recap: { version: recap!.said.split(' ')[0], sha256: recap!.said.split(' ')[1], words }, withdrawal: null });
	const sheet = dossierSheet(dossier, new Date());
	expect([...sheet.rows, ...sheet.sections!.flatMap((s) => s.rows)].map(([label]) => label)).toEqual(expect.arrayContaining(['Contrat avec un consommateur / consumer contract', 'Récapitulatif confirmé / recap confirmed']));
});

test('SIGN-18 whoever signs beside a consumer and is none confirms nothing; a consumer signs for themselves, is told of the contract, does not delegate, and is in no template', async () => {
	const [who, other] = [someone(), { ...someone(), consumer: false }];
	const id = await sent([{ ...who, step: 1 }, { ...other, step: 1 }], { contract: lessons, delegable: true });
	const { ctx } = await enter(other.email);
	expect(await here.task(ctx)).toMatchObject({ recap: null, delegable: true });
	expect((await here.task(ctx)).texts[0]!.kind).toBe('proof-convention');
	await expect(confirmRecap(ctx, `2026-11-30 ${'0'.repeat(64)}`)).rejects.toMatchObject({ kind: 'forbidden', reason: 'no-recap' });
	await expect(request(ctx, `2026-11-30 ${'0'.repeat(64)}`)).rejects.toMatchObject({ reason: 'recap-changed' });
	await expect(delegate((await enter(who.email)).ctx, { ...bob, reason: '' })).rejects.toMatchObject({ kind: 'forbidden', reason: 'delegation' });
	await expect(saveTemplate(ada.ctx, { envelope: id, name: 'T', template: '', roles: [{ label: 'a', keep: false }, { label: 'b', keep: false }] })).rejects.toMatchObject({ reason: 'template-consumer' });
	await expect(drafted([who])).rejects.toMatchObject({ kind: 'invalid', reason: 'consumer-contract' });
	await expect(drafted([other], { contract: lessons })).rejects.toMatchObject({ reason: 'consumer-nobody' });
	await expect(drafted([{ ...who, organisation: 'X', capacity: 'gérant' }], { contract: lessons })).rejects.toMatchObject({ reason: 'consumer-capacity' });
	await expect(drafted([{ ...who, capacityAsked: true }], { contract: lessons })).rejects.toMatchObject({ reason: 'consumer-capacity' });
});

test('SIGN-18 the mail with the signed document acknowledges, says what was confirmed, and leads to « renoncer au contrat ici » with the code’s form', async () => {
	const who = someone();
	await sent([who], { contract: lessons });
	const { ctx } = await enter(who.email);
	await here.attempt(ctx, await ask(ctx, who.name));
	await work();
	const mail = mails.findLast((m) => m.to === who.email)!;
	expect(mail.attachments!.map((a) => a.name)).toEqual([expect.stringMatching(/^[\w-]{9}\.pdf$/), expect.stringMatching(/attestation\.pdf$/)]);
	for (const said of ['Accusé de réception de votre accord', 'Cours de piano, dix leçons', 'Formulaire type de rétractation', 'Je vous notifie par la présente ma rétractation']) expect(mail.text).toContain(said);
	expect(mail.text).toMatch(/Renoncer au contrat ici \(jusqu’au \d+ \S+ \d{4} inclus\)\s*: https:\/\/safe\.test\/copy\/[\w-]{43}\/withdraw/);
	expect(mail.text).toContain('quitte ce service'); // less than 120 €: as long as the sender keeps it
});

test('SIGN-18 to the last minute of the term, midnight in Paris of a working day: one declaration, acknowledged under seal with date and time, told to the sender; the document stays as it was', async () => {
	const { id, who, secret, signer } = await concluded(lessons, '2027-03-14T20:00:00Z'); // a Sunday; fourteen days later Easter Sunday, then Easter Monday
	const before = await follow(ada.ctx, id);
	await clock('2027-03-30T21:50:00Z');
	expect(await withdrawalAt(stranger, secret)).toMatchObject({ state: 'open', lastDay: '2027-03-30', madeAt: null });
	await expect(draft(stranger, secret, null)).rejects.toMatchObject({ reason: 'copy-session' });
	await expect(declare(stranger, secret, null, { name: 'X', email: 'x@test.example' })).rejects.toMatchObject({ kind: 'unauthenticated', reason: 'copy-session' });
	const cookie = await opened(secret);
	expect(await draft(stranger, secret, cookie)).toMatchObject({ name: 'Zoë Müller', email: who.email, statement: expect.stringContaining('conclu le 14 mars 2027') as string });
	await clock('2027-03-30T21:59:30Z');
	const both = await Promise.allSettled([1, 2].map(() => declare(stranger, secret, cookie, { name: 'Zoë Müller', email: 'autre@test.example' })));
	expect(both.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected']);
	await expect(declare(stranger, secret, cookie, { name: 'Zoë Müller', email: who.email })).rejects.toMatchObject({ kind: 'conflict', reason: 'withdrawal-made' });
	await work();
	const [made] = await world.owner<[{ id: string; acknowledgement: string; at: Date }]>`select id, acknowledgement, at from withdrawal where signer = ${signer}`;
	expect(await withdrawalAt(stranger, secret)).toMatchObject({ state: 'made', madeAt: made.at, acknowledged: true });
	expect((await events('signer.withdraw', made.id)).map((e) => e.res)).toEqual(['ok']);
	expect((await events('signer.withdraw', signer)).map((e) => e.res)).toEqual(['denied', 'denied']);
	const mail = mails.findLast((m) => m.subject.startsWith('Accusé de réception'))!;
	expect(mail).toMatchObject({ to: `autre@test.example, ${who.email}` }); // the address known of them hears of it too
	expect(mail.text).toMatch(/30 mars 2027 à 23:59:3\d \(heure de Paris\)/);
	expect(mail.text).toContain('je vous notifie ma rétractation du contrat');
	const notice = mails.findLast((m) => m.to === `${ada.person}@test.example`)!;
	expect(notice.subject).toContain('renoncé au contrat');
	expect(notice.text).toContain('L221-23');
	const pdf = await bytes(secret, cookie, 'acknowledgement');
	expect(Buffer.compare(pdf, mail.attachments![0]!.content)).toBe(0);
	const report = await validate(p, pdf, { trust: { anchors: [world.root] }, at: made.at.getTime() + 60_000 });
	expect(report.signatures.map((s) => s.coverage)).toEqual(['whole-revision']);
	expect(run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': pdf }).text).toContain('Signature is Valid');
	const data = JSON.parse(run('sh', ['-c', 'pdfdetach -saveall a.pdf >&2; cat withdrawal.json'], { 'a.pdf': pdf }).text) as { kind: string; at: string; log: { inclusion: unknown[]; openings: object } };
	expect(data).toMatchObject({ kind: 'probant/withdrawal/v1', at: made.at.toISOString(), email: 'autre@test.example', lastDay: '2027-03-30' });
	expect(Object.keys(data.log.openings)).toEqual(expect.arrayContaining(['statement', 'name']));
	const after = await follow(ada.ctx, id);
	expect([after.state, after.currentVersion]).toEqual(['completed', before.currentVersion]);
	expect(await contractView(ada.ctx, id, 'fr')).toMatchObject({ consumers: [{ name: 'Zoë Müller', withdrawnAt: made.at, acknowledgement: made.acknowledgement }] });
	await clock(null);
	expect((await evidenceOf(worker, world, id)).signers[0]!.consumer!.withdrawal).toMatchObject({ at: made.at.toISOString(), lastDay: '2027-03-30' });
});

test('SIGN-18 a minute later it is over: refused, the page has the day, and the twelve months of L221-20 are not claimed of their own accord', async () => {
	const { secret, signer } = await concluded(lessons, '2027-03-14T20:00:00Z');
	await clock('2027-03-30T21:55:00Z');
	const cookie = await opened(secret);
	await clock('2027-03-30T22:00:00Z');
	expect(await withdrawalAt(stranger, secret)).toMatchObject({ state: 'over', lastDay: '2027-03-30' });
	await expect(declare(stranger, secret, cookie, { name: 'Zoë', email: 'zoe@test.example' })).rejects.toMatchObject({ kind: 'gone', reason: 'withdrawal-over' });
	expect((await events('signer.withdraw', signer)).map((e) => e.res)).toEqual(['denied']);
	expect(await world.owner`select from withdrawal where signer = ${signer}`).toHaveLength(0);
	await clock(null);
});

test('SIGN-18 goods: one may withdraw from the conclusion on, the term begins with the day of delivery, which the sender records, never in the future and never earlier', async () => {
	const { id, secret } = await concluded({ ...lessons, runsFrom: 'delivery' }, '2027-03-01T10:00:00Z');
	await clock('2027-04-20T10:00:00Z');
	expect(await withdrawalAt(stranger, secret)).toMatchObject({ state: 'before-delivery', lastDay: null, days: 14 });
	await expect(recordDelivery(ada.ctx, id, '2027-04-21')).rejects.toMatchObject({ kind: 'invalid', reason: 'delivery-future' });
	for (const day of ['2027-02-30', 'hier', '']) await expect(recordDelivery(ada.ctx, id, day)).rejects.toMatchObject({ reason: 'field-deliveredOn' });
	await recordDelivery(ada.ctx, id, '2027-04-16');
	expect(await withdrawalAt(stranger, secret)).toMatchObject({ state: 'open', lastDay: '2027-04-30' });
	await expect(recordDelivery(ada.ctx, id, '2027-04-15')).rejects.toMatchObject({ kind: 'conflict', reason: 'delivery-earlier' });
	await recordDelivery(ada.ctx, id, '2027-04-17');
	expect(await withdrawalAt(stranger, secret)).toMatchObject({ lastDay: '2027-05-03' }); // the 1st of May is a Saturday and a holiday
	await expect(ada.ctx.tx((tx) => tx`update consumer_contract set delivered_on = '2027-04-01' where envelope = ${id}`)).rejects.toMatchObject({ code: '23514' });
	await expect(ada.ctx.tx((tx) => tx`update consumer_contract set withdrawal_days = 30 where envelope = ${id}`)).rejects.toMatchObject(denied);
	expect((await events('envelope.deliver', id)).map((e) => e.res)).toEqual(['denied', 'denied', 'denied', 'denied', 'ok', 'denied', 'ok']);
	await expect(recordDelivery(ada.ctx, await drafted([someone()], { contract: lessons }), '2027-04-17')).rejects.toMatchObject({ reason: 'envelope-state' });
	await expect(recordDelivery(ada.ctx, await drafted([{ ...someone(), consumer: false }]), '2027-04-17')).rejects.toMatchObject({ reason: 'no-contract' });
	await clock(null);
});

test('SIGN-18 without the right, for a reason of L221-28, nothing is offered and nothing taken', async () => {
	const { secret, who } = await concluded({ ...lessons, withdrawalDays: null, exception: '12' }, new Date().toISOString());
	expect(await withdrawalAt(stranger, secret)).toMatchObject({ state: 'no-right', lastDay: null });
	await expect(declare(stranger, secret, await opened(secret), { name: 'Zoë', email: who.email })).rejects.toMatchObject({ kind: 'forbidden', reason: 'withdrawal-none' });
	expect(mails.findLast((m) => m.to === who.email && m.text.includes('/copy/'))!.text).not.toContain('/withdraw');
});

test('SIGN-18 120 € and more: the document and what proves it are kept ten years from delivery and open to the consumer, whoever asks to destroy them', async () => {
	const { id, secret, signer, who } = await concluded({ ...lessons, priceCents: 12_000 }, '2027-03-10T10:00:00Z');
	expect(mails.findLast((m) => m.to === who.email && m.text.includes('/copy/'))!.text).toContain('dix ans au moins');
	const { document } = await follow(ada.ctx, id);
	const [{ name, attestation }] = await world.owner<[{ name: string; attestation: string }]>`select d.name, s.attestation from document d, signer s where d.id = ${document} and s.id = ${signer}`;
	const destroy = (of: string, confirmation: string) => dispose(ada.ctx, { document: of, confirmation });
	await clock('2027-04-10T10:00:00Z');
	await expect(destroy(document, name)).rejects.toMatchObject({ kind: 'conflict', reason: 'consumer-delivery' });
	await recordDelivery(ada.ctx, id, '2027-04-02');
	expect(await contractView(ada.ctx, id, 'fr')).toMatchObject({ archivedUntil: '2037-04-02', state: 'over' });
	await clock('2037-04-02T21:59:00Z');
	await expect(destroy(document, name)).rejects.toMatchObject({ kind: 'conflict', reason: 'consumer-term' });
	const [{ name: other }] = await world.owner<[{ name: string }]>`select name from document where id = ${attestation}`;
	await expect(destroy(attestation, other)).rejects.toMatchObject({ reason: 'consumer-term' });
	await expect(ada.ctx.tx((tx) => tx`update document set state = 'disposed', disposed_at = app.now() where id = ${document}`)).rejects.toMatchObject(denied); // by whatever way
	const cookie = await opened(secret);
	expect(await visit(stranger, secret, cookie)).toMatchObject({ live: true, state: 'open' });
	expect((await bytes(secret, cookie, 'document')).length).toBeGreaterThan(1000);
	await clock('2037-04-02T22:01:00Z');
	await destroy(document, name);
	expect(await visit(stranger, secret, cookie)).toMatchObject({ live: false });
	expect(await withdrawalAt(stranger, secret)).toBeNull();
	await clock(null);
});

test('SIGN-18 below 120 € the document is kept for the term of withdrawal, so that « renoncer au contrat ici » is not taken away; without a consumer nothing is added', async () => {
	const { id } = await concluded(lessons, new Date().toISOString());
	const { document } = await follow(ada.ctx, id);
	const named = async (of: string) => (await world.owner<[{ name: string }]>`select name from document where id = ${of}`)[0].name;
	await expect(dispose(ada.ctx, { document, confirmation: await named(document) })).rejects.toMatchObject({ reason: 'consumer-term' });
	const plain = { ...someone(), consumer: false };
	const other = await sent([plain]);
	const { ctx } = await enter(plain.email);
	await here.attempt(ctx, await ask(ctx, plain.name));
	await work();
	const { document: free } = await follow(ada.ctx, other);
	await dispose(ada.ctx, { document: free, confirmation: await named(free) });
	await expect(bytesOf(ada.ctx, (await follow(ada.ctx, other)).currentVersion)).rejects.toBeDefined();
});

test('SIGN-18 what was told, confirmed and declared is one client’s, and nobody’s to change', async () => {
	const { id, signer, secret, who } = await concluded(lessons, new Date().toISOString());
	await declare(stranger, secret, await opened(secret), { name: 'Zoë', email: who.email });
	await work();
	const other = await world.administrator();
	for (const table of ['consumer_contract', 'recap_confirmation', 'withdrawal']) expect([table, (await other.ctx.tx((tx) => tx`select from ${tx(table)}`)).count, (await ada.ctx.tx((tx) => tx`select from ${tx(table)}`)).count > 0]).toEqual([table, 0, true]);
	for (const act of [
		() => ada.ctx.tx((tx) => tx`update withdrawal set at = app.now()`),
		() => ada.ctx.tx((tx) => tx`delete from withdrawal`),
		() => ada.ctx.tx((tx) => tx`update recap_confirmation set at = app.now()`),
		() => ada.ctx.tx((tx) => tx`delete from consumer_contract where envelope = ${id}`),
		() => worker.tx((tx) => tx`update withdrawal set statement = ''`),
		() => other.ctx.tx((tx) => tx`insert into withdrawal (id, client, signer, name, email, statement) values (gen_random_uuid(), ${ada.client}, ${signer}, 'x', 'x@x', '')`)
	])
		await expect(act()).rejects.toMatchObject(denied);
	const said = { client: ada.client, signer, version: '2026-11-30', words: 'x', sha256: Buffer.alloc(32) };
	await expect(ada.ctx.tx((tx) => tx`insert into recap_confirmation ${tx(said)}`)).rejects.toMatchObject({ code: '23514' }); // not their digest
});
