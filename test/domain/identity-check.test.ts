import { expect, test } from 'vitest';
import { withActor } from '#lib/server/context.ts';
import * as credits from '#lib/server/credits.ts';
import { connect } from '#lib/server/db/pool.ts';
import { correct } from '#lib/server/envelopes/correct.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { cancel, follow, send } from '#lib/server/envelopes/send.ts';
import type { SignerContext } from '#lib/server/envelopes/door.ts';
import { DomainError } from '#lib/server/errors.ts';
import { identityOf, isAccepted } from '#lib/server/identity-check/accepted.ts';
import * as capture from '#lib/server/identity-check/capture.ts';
import { decide } from '#lib/server/identity-check/decide.ts';
import { appoint, askTwo } from '#lib/server/identity-check/officers.ts';
import { openImage, queue, review } from '#lib/server/identity-check/queue.ts';
import type { Mrz } from '#lib/server/identity-check/mrz.ts';
import type { Reader } from '#lib/server/identity-check/reader.ts';
import type { Reading } from '#lib/server/identity-check/reading.ts';
import { attempt, requestCode } from '#lib/server/envelopes/sign-here.ts';
import { consentVersion } from '#lib/server/envelopes/consent.ts';
import { accepted } from '../support/accepted.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { pngOf } from '../support/pictures.ts';
import { createWorld, type Person } from '../support/world.ts';

/** ICAO 9303's own specimen holder, as a reader would give them. */
const eriksson: Mrz = { format: 'TD3', surname: 'ERIKSSON', givenNames: 'ANNA MARIA', documentNumber: 'L898902C3', issuer: 'UTO', nationality: 'UTO', birthDate: '1974-08-12', sex: 'F', expiryDate: '2032-04-15', checks: [{ name: 'composite', ok: true }] };
const good: Reading = { mrz: eriksson, quality: [{ image: 0, sharpness: 220, glare: 0, ok: true, reason: null }] };
let reads: () => Promise<Reading> = () => Promise.resolve(good);
let given: readonly Uint8Array[] = [];
const fold = (s: string) => s.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
const reader: Reader = {
	readDocument: (_, images) => ((given = images), reads()),
	compareNames: (a, b) => ({ agrees: fold(a.surname) === b.surname && fold(a.givenNames) === b.givenNames, reasons: fold(a.surname) === b.surname ? [] : ['surname'] })
};

const world = await createWorld();
const { ada, worker, mails, texts, work, draft, sent, enter, ask } = await createEnvelopes(world, reader);
const anna = { name: 'Anna Maria Eriksson', email: 'anna@test.example', number: '06 12 34 57 91', locale: 'fr', level: 2, surname: 'Eriksson', givenNames: 'Anna Maria', birthDate: '1974-08-12' } as const;
const officer = await world.person(ada.client, 'reader');
const second = await world.person(ada.client, 'reader');
for (const [who, name] of [[officer, 'Olga Officer'], [second, 'Sven Second']] as const) {
	await world.owner`update person set name = ${name} where id = ${who.person}`;
	await appoint(ada.ctx, who.person, true);
}
const notice = capture.noticeVersion;
const events = async (op: string, obj: string) => (await world.owner<{ res: string }[]>`select convert_from(body, 'utf8')::json ->> 'res' as res from event where convert_from(body, 'utf8')::json ->> 'op' = ${op} and convert_from(body, 'utf8')::json ->> 'obj' = ${obj} order by id`).map((e) => e.res);
const checkOf = async (signer: string) => (await world.owner<[{ id: string; state: string; findings: string[]; erased: Date | null; wrapped_key: Uint8Array | null; reading: Uint8Array | null }]>`select id, state, findings, erased_at as erased, wrapped_key, reading from identity_check where signer = ${signer} order by created_at desc limit 1`)[0];
const objects = async () => (await Array.fromAsync(world.objects.list('identity/'))).length;
const later = (days: number) => world.owner`update app.clock set shift = shift + ${days} * interval '1 day'`;
const code = (ctx: SignerContext) => requestCode(ctx, { consent: consentVersion, pagesReached: 1, sha256: '0'.repeat(64), values: { name: 'Anna', drawing: null } }, '198.51.100.1');

async function showPassport(ctx: SignerContext, seed = 1): Promise<void> {
	await capture.begin(ctx, { document: 'passport', notice });
	await capture.addImage(ctx, { side: 'front', bytes: pngOf(800, 560, seed) });
	await capture.submit(ctx);
	await work();
}
/** A signer at their door, of an envelope of their own. */
async function atTheDoor(signer: Parameters<typeof sent>[0][number] = anna) {
	const envelope = await sent([signer]);
	const entered = await enter(signer.email);
	return { envelope, ...entered };
}
const yes = { verdict: 'accept', reason: '' } as const;

test('SIGN-3 level 2: no code before an officer has accepted what the worker has read; then the code goes to the number given beforehand and the signature is made', async () => {
	const { ctx, signer, envelope } = await atTheDoor();
	await expect(code(ctx)).rejects.toMatchObject({ kind: 'forbidden', reason: 'identity-needed' });
	expect(await capture.isAsked(ctx)).toBe(true);
	await showPassport(ctx);
	const check = await checkOf(signer);
	expect(check).toMatchObject({ state: 'to-review', findings: [] });
	expect(given).toEqual([pngOf(800, 560)]);
	await expect(code(ctx)).rejects.toMatchObject({ reason: 'identity-needed' });
	expect((await follow(ada.ctx, envelope)).signers[0]).toMatchObject({ level: 2, identity: 'to-review' });
	expect(mails.at(-1)).toMatchObject({ to: [officer, second].map((o) => `${o.person}@test.example`).sort().join(', ') });

	expect(await decide(officer.ctx, check.id, yes)).toBe(true);
	await work();
	expect(mails.at(-1)!.to).toBe(anna.email);
	expect(mails.at(-1)!.text).toMatch(/vous pouvez maintenant lire et signer.*\/sign\/\S{43}/s);
	const back = await enter(anna.email);
	expect(await capture.isAsked(back.ctx)).toBe(false);
	const sms = await ask(back.ctx, 'Anna Maria Eriksson');
	expect(texts.at(-1)).toMatchObject({ to: '+33612345791' });
	expect(await withActor(world.worker, { person: null, client: ada.client, via: 'worker' }).tx((tx) => identityOf(tx, signer))).toMatchObject({ check: check.id, surname: 'Eriksson', givenNames: 'Anna Maria' });
	await attempt(back.ctx, sms);
	await work();
	expect((await follow(ada.ctx, envelope)).signers[0]).toMatchObject({ state: 'signed', identity: 'accepted' });
	for (const op of ['begin', 'capture', 'submit', 'read', 'decide']) expect([op, await events(`identity.${op}`, check.id)]).toEqual([op, ['ok']]);
});

test('SIGN-3 a code the web let through is refused by the worker, who looks at the identity itself', async () => {
	const { ctx, signer } = await atTheDoor({ ...anna, email: 'worker@test.example' });
	await showPassport(ctx);
	const { id } = await checkOf(signer);
	await decide(officer.ctx, id, yes);
	await work();
	const back = await enter('worker@test.example');
	const sms = await ask(back.ctx, 'Anna');
	const [challenge] = await world.owner<[{ id: string; client: string }]>`select id, client from challenge where signer = ${signer}`;
	await world.owner`update identity_check set valid_until = app.now() - interval '1 second' where id = ${id}`;
	const [{ id: attempt }] = await world.owner<[{ id: string }]>`insert into attempt (client, challenge, code) values (${challenge.client}, ${challenge.id}, ${sms}) returning id`;
	await accepted(worker, { attempt });
	expect(await world.owner`select outcome from attempt where id = ${attempt}`).toEqual([{ outcome: 'expired' }]);
	expect(await world.owner`select from signing_intent where signer = ${signer}`).toHaveLength(0);
	await world.owner`update identity_check set valid_until = app.now() + interval '1 day' where id = ${id}`;
	const [{ id: again }] = await world.owner<[{ id: string }]>`insert into attempt (client, challenge, code) values (${challenge.client}, ${challenge.id}, ${sms}) returning id`;
	await accepted(worker, { attempt: again });
	expect(await world.owner`select outcome from attempt where id = ${again}`).toEqual([{ outcome: 'right' }]);
});

test('SIGN-3 at level 2 a number that the signer entered themselves gets no code', async () => {
	const { ctx, signer } = await atTheDoor({ ...anna, email: 'number@test.example' });
	await showPassport(ctx);
	await decide(officer.ctx, (await checkOf(signer)).id, yes);
	expect(await ctx.tx((tx) => isAccepted(tx, signer))).toBe(true);
	await world.owner`update signer set number_source = 'signer' where id = ${signer}`;
	await expect(code(ctx)).rejects.toMatchObject({ reason: 'identity-needed' });
});

test('SIGN-3 level 2 is declared with both names, or not at all', async () => {
	const { document } = await world.owner<{ document: string }[]>`select document from envelope limit 1`.then(([row]) => row!);
	const make = (signer: object) => prepareEnvelope(ada.ctx, { document, title: 'T', note: '', days: 7, signers: [{ ...zoe, level: 2, ...signer }] });
	await expect(make({ surname: 'Müller' })).rejects.toMatchObject({ kind: 'invalid', reason: 'identity-undeclared' });
	await expect(make({ givenNames: 'Zoë' })).rejects.toMatchObject({ reason: 'identity-undeclared' });
});

test('SIGN-3 what the worker finds is told in words, and it decides nothing', async () => {
	const cases: readonly [Reading, readonly string[]][] = [
		[{ mrz: null, quality: [{ image: 0, sharpness: 3, glare: 0.4, ok: false, reason: 'glare' }] }, ['mrz-missing', 'glare']],
		[{ ...good, mrz: { ...eriksson, surname: 'ERICSSON' } }, ['name-differs']],
		[{ ...good, mrz: { ...eriksson, birthDate: '1974-08-13' } }, ['birth-date-differs']],
		[{ ...good, mrz: { ...eriksson, expiryDate: '2012-04-15' } }, ['expired']],
		[{ ...good, mrz: { ...eriksson, checks: [{ name: 'composite', ok: false }] } }, ['check-digits']]
	];
	for (const [i, [reading, findings]] of cases.entries()) {
		const { ctx, signer } = await atTheDoor({ ...anna, email: `finding${i}@test.example` });
		reads = () => Promise.resolve(reading);
		await showPassport(ctx);
		const check = await checkOf(signer);
		expect(check).toMatchObject({ state: 'to-review', findings });
		expect((await review(officer.ctx, check.id)).reading).toMatchObject({ mrz: reading.mrz });
		await expect(decide(officer.ctx, check.id, yes)).rejects.toMatchObject({ kind: 'invalid', reason: 'decision-reason' });
		expect(await ctx.tx((tx) => isAccepted(tx, signer))).toBe(false);
	}
	reads = () => Promise.resolve(good);
});

test('SIGN-12 a reader that fails is tried three times, then the officer gets the check unread and is told', async () => {
	const { ctx, signer } = await atTheDoor({ ...anna, email: 'failing@test.example' });
	reads = () => Promise.reject(new Error('the sandbox is gone'));
	await capture.begin(ctx, { document: 'passport', notice });
	await capture.addImage(ctx, { side: 'front', bytes: pngOf(800, 560) });
	await capture.submit(ctx);
	await work(['identity.read']);
	const { id } = await checkOf(signer);
	const { readCheck } = await import('#lib/server/identity-check/read.ts');
	for (let i = 0; i < 2; i++) await expect(readCheck(worker, { check: id }, reader)).rejects.toThrow('the sandbox is gone');
	expect((await checkOf(signer)).state).toBe('reading');
	expect(await world.database.connect('worker')`select task from app.unfinished_identity_checks() where id = ${id}`).toEqual([{ task: 'identity.read' }]);
	await readCheck(worker, { check: id }, reader);
	expect(await checkOf(signer)).toMatchObject({ state: 'to-review', findings: ['reading-failed'], reading: null });
	expect(await events('identity.read', id)).toEqual(['error']);
	reads = () => Promise.resolve(good);
});

test('SIGN-12 a host without a sandbox, or an image that does not open, leaves the check to the officer at once', async () => {
	for (const [kind, reason, finding] of [['unavailable', 'reading-off', 'reading-off'], ['invalid', 'image-damaged', 'image-damaged']] as const) {
		const { ctx, signer } = await atTheDoor({ ...anna, email: `${reason}@test.example` });
		reads = () => Promise.reject(new DomainError(kind, reason));
		await showPassport(ctx);
		expect(await checkOf(signer)).toMatchObject({ state: 'to-review', findings: [finding], reading: null });
	}
	reads = () => Promise.resolve(good);
});

test('SIGN-3 a card has two sides, an image taken again replaces the one before, and nothing is added once it was sent off', async () => {
	const { ctx, signer } = await atTheDoor({ ...anna, email: 'card@test.example' });
	await expect(capture.addImage(ctx, { side: 'front', bytes: pngOf(800, 560) })).rejects.toMatchObject({ reason: 'check-state' });
	await capture.begin(ctx, { document: 'passport', notice });
	await capture.begin(ctx, { document: 'card', notice });
	const before = await objects();
	await capture.addImage(ctx, { side: 'front', bytes: pngOf(800, 560, 1) });
	await expect(capture.submit(ctx)).rejects.toMatchObject({ reason: 'identity-side', details: { side: 'back' } });
	await capture.addImage(ctx, { side: 'front', bytes: pngOf(800, 560, 2) });
	await capture.addImage(ctx, { side: 'back', bytes: pngOf(800, 560, 3) });
	expect((await capture.identityTask(ctx))?.check).toMatchObject({ state: 'capturing', taken: ['front', 'back'] });
	await capture.submit(ctx);
	await work();
	expect(given).toEqual([pngOf(800, 560, 2), pngOf(800, 560, 3)]);
	await expect(capture.addImage(ctx, { side: 'front', bytes: pngOf(800, 560) })).rejects.toMatchObject({ reason: 'check-state' });
	await expect(capture.begin(ctx, { document: 'card', notice })).rejects.toMatchObject({ reason: 'check-state' });
	const { id } = await checkOf(signer);
	await later(1);
	const { eraseCheck } = await import('#lib/server/identity-check/erase.ts');
	await eraseCheck(worker, { check: id });
	expect((await objects()) - before).toBe(2);
	await world.owner`update app.clock set shift = '0'`;
	for (const bad of [new TextEncoder().encode('%PDF-1.7'), new Uint8Array(11 << 20)]) await expect(capture.addImage(ctx, { side: 'front', bytes: bad })).rejects.toMatchObject({ name: 'DomainError' });
});

test('SIGN-20 images are sealed, outside every document, and open for officers alone, each look an event with its reason', async () => {
	const { ctx, signer } = await atTheDoor({ ...anna, email: 'sealed@test.example' });
	await showPassport(ctx, 7);
	const { id, reading } = await checkOf(signer);
	const shown = await review(officer.ctx, id);
	const image = shown.images[0]!.id;
	expect((await openImage(officer.ctx, { check: id, image, why: '' })).bytes).toEqual(pngOf(800, 560, 7));
	expect(Buffer.from(reading!).toString('latin1')).not.toContain('ERIKSSON');
	const [{ key, version }] = await world.owner<[{ key: string; version: string }]>`select object_key as key, store_version as version from identity_image where id = ${image}`;
	const raw = Buffer.concat(await Array.fromAsync(world.objects.get(key, { version })));
	expect(raw.includes(Buffer.from('IHDR'))).toBe(false);
	await expect(openImage(ada.ctx, { check: id, image, why: 'review' })).rejects.toMatchObject({ kind: 'forbidden', reason: 'officers-only' });
	await expect(queue(ada.ctx, 'waiting')).rejects.toMatchObject({ reason: 'officers-only' });
	expect(await ada.ctx.tx((tx) => tx`select id from identity_check`)).toHaveLength(0);
	expect(await ada.ctx.tx((tx) => tx`select id from identity_image`)).toHaveLength(0);
	const abroad = await world.administrator();
	await appoint(abroad.ctx, abroad.person, true);
	await expect(review(abroad.ctx, id)).rejects.toMatchObject({ kind: 'not-found' });
	await expect(openImage(abroad.ctx, { check: id, image, why: 'I would like to' })).rejects.toMatchObject({ kind: 'not-found' });
	await decide(officer.ctx, id, yes);
	await expect(openImage(officer.ctx, { check: id, image, why: '' })).rejects.toMatchObject({ reason: 'identity-why' });
	await openImage(officer.ctx, { check: id, image, why: 'a complaint of the signer' });
	expect(await events('identity.open', id)).toEqual(['ok', 'denied', 'ok']);
});

test('SIGN-20 at their term key, reading and objects of an identity are gone, the record stays; a moved key opens nothing', async () => {
	const { ctx, signer } = await atTheDoor({ ...anna, email: 'term@test.example' });
	await showPassport(ctx);
	const { id } = await checkOf(signer);
	await decide(officer.ctx, id, yes);
	await work();
	const { eraseCheck } = await import('#lib/server/identity-check/erase.ts');
	await eraseCheck(worker, { check: id });
	expect(await checkOf(signer)).toMatchObject({ erased: null });
	const { ctx: other, signer: otherSigner } = await atTheDoor({ ...anna, email: 'moved@test.example' });
	await showPassport(other);
	const moved = await checkOf(otherSigner);
	const image = (await review(officer.ctx, moved.id)).images[0]!.id;
	await world.owner`update identity_check set wrapped_key = (select wrapped_key from identity_check where id = ${id}) where id = ${moved.id}`;
	await expect(openImage(officer.ctx, { check: moved.id, image, why: '' })).rejects.toMatchObject({ name: 'CryptoError' });
	await later(2558);
	expect((await world.database.connect('worker')`select task from app.unfinished_identity_checks() where id = ${id}`).map((u) => u.task as string)).toEqual(['identity.erase']);
	await eraseCheck(worker, { check: id });
	await eraseCheck(worker, { check: id });
	expect(await checkOf(signer)).toMatchObject({ state: 'accepted', wrapped_key: null, reading: null, erased: expect.any(Date) as Date });
	const left = await world.owner<{ key: string; removed: Date }[]>`select object_key as key, removed_at as removed from identity_image where identity_check = ${id}`;
	for (const { key, removed } of left) expect([removed instanceof Date, await Array.fromAsync(world.objects.list(key))]).toEqual([true, []]);
	expect(await events('identity.erase', id)).toEqual(['ok']);
	expect(await review(officer.ctx, id)).toMatchObject({ reading: null, images: [], surname: 'Eriksson' });
	await world.owner`update app.clock set shift = '0'`;
});

test('SIGN-20 four eyes: where the client asks for two officers, the second acceptance is another person’s; one refusal is enough', async () => {
	await expect(askTwo(officer.ctx, true)).rejects.toMatchObject({ reason: 'administrators-only' });
	await askTwo(ada.ctx, true);
	const { ctx, signer } = await atTheDoor({ ...anna, email: 'two@test.example' });
	await showPassport(ctx);
	const { id } = await checkOf(signer);
	expect(await decide(officer.ctx, id, yes)).toBe(false);
	expect((await queue(second.ctx, 'waiting')).find((q) => q.id === id)).toMatchObject({ halfway: true });
	await expect(decide(officer.ctx, id, yes)).rejects.toMatchObject({ kind: 'conflict', reason: 'second-officer' });
	expect(await ctx.tx((tx) => isAccepted(tx, signer))).toBe(false);
	expect(await decide(second.ctx, id, yes)).toBe(true);
	expect(await ctx.tx((tx) => isAccepted(tx, signer))).toBe(true);
	await expect(decide(officer.ctx, id, { verdict: 'refuse', reason: 'second thoughts' })).rejects.toMatchObject({ reason: 'check-decided' });
	const other = await atTheDoor({ ...anna, email: 'two-no@test.example' });
	await showPassport(other.ctx);
	const refused = await checkOf(other.signer);
	expect(await decide(officer.ctx, refused.id, yes)).toBe(false);
	expect(await decide(second.ctx, refused.id, { verdict: 'refuse', reason: 'another face' })).toBe(true);
	expect((await checkOf(other.signer)).state).toBe('refused');
	await askTwo(ada.ctx, false);
});

test('SIGN-3 nobody decides on their own identity, nor on that of one they sign with', async () => {
	const own: Person = await world.person(ada.client, 'reader');
	await world.owner`update person set email = 'own@test.example', name = 'Somebody Else' where id = ${own.person}`;
	await appoint(ada.ctx, own.person, true);
	const { ctx, signer } = await atTheDoor({ ...anna, email: 'own@test.example' });
	await showPassport(ctx);
	const { id } = await checkOf(signer);
	await expect(decide(own.ctx, id, yes)).rejects.toMatchObject({ kind: 'forbidden', reason: 'own-identity' });
	await expect(openImage(own.ctx, { check: id, image: (await review(own.ctx, id)).images[0]!.id, why: '' })).rejects.toMatchObject({ reason: 'own-identity' });
	await world.owner`update person set email = 'elsewhere@test.example', name = 'anna maria eriksson' where id = ${own.person}`;
	await expect(decide(own.ctx, id, yes)).rejects.toMatchObject({ reason: 'own-identity' });
	expect(await events('identity.decide', id)).toEqual(['denied', 'denied']);
	await appoint(ada.ctx, own.person, false);
	await world.owner`update person set name = 'Somebody Else' where id = ${own.person}`;
	await expect(decide(own.ctx, id, yes)).rejects.toMatchObject({ reason: 'officers-only' });
	await appoint(ada.ctx, own.person, true);
	expect(await decide(own.ctx, id, yes)).toBe(true);
});

test('SIGN-3 asked again: the reason and a link go to the signer, the images are erased at once, and another document may be shown; refused: it is over until the sender corrects', async () => {
	const { ctx, signer, envelope } = await atTheDoor({ ...anna, email: 'again@test.example' });
	await showPassport(ctx);
	const first = await checkOf(signer);
	await expect(decide(officer.ctx, first.id, { verdict: 'again', reason: ' ' })).rejects.toMatchObject({ reason: 'decision-reason' });
	await decide(officer.ctx, first.id, { verdict: 'again', reason: 'Le bas de la page est coupé' });
	await work();
	expect(mails.at(-1)).toMatchObject({ to: 'again@test.example' });
	expect(mails.at(-1)!.text).toMatch(/> Le bas de la page est coupé.*\/sign\/\S{43}/s);
	expect(await checkOf(signer)).toMatchObject({ state: 'again', wrapped_key: null, erased: expect.any(Date) as Date });
	const back = await enter('again@test.example');
	expect((await capture.identityTask(back.ctx))?.check).toMatchObject({ state: 'again', reason: 'Le bas de la page est coupé' });
	await showPassport(back.ctx);
	const next = await checkOf(signer);
	expect(next.id).not.toBe(first.id);
	await decide(officer.ctx, next.id, { verdict: 'refuse', reason: 'Ce n’est pas la même personne' });
	await work();
	expect(mails.at(-1)).toMatchObject({ to: 'again@test.example', subject: expect.stringContaining('Identité non acceptée') as string });
	await expect(capture.begin(back.ctx, { document: 'passport', notice })).rejects.toMatchObject({ kind: 'forbidden', reason: 'identity-refused' });
	await expect(code(back.ctx)).rejects.toMatchObject({ reason: 'identity-needed' });
	await correct(ada.ctx, envelope, signer, { ...anna, email: 'again@test.example', surname: 'Ericsson' });
	await work();
	const corrected = await enter('again@test.example');
	expect(await capture.identityTask(corrected.ctx)).toMatchObject({ surname: 'Ericsson', check: null });
	await capture.begin(corrected.ctx, { document: 'passport', notice });
});

test('SIGN-6 a correction unties an accepted identity and ends a check under way', async () => {
	const { ctx, signer, envelope } = await atTheDoor({ ...anna, email: 'corrected@test.example' });
	await showPassport(ctx);
	const { id } = await checkOf(signer);
	await decide(officer.ctx, id, yes);
	expect(await ctx.tx((tx) => isAccepted(tx, signer))).toBe(true);
	await expect(correct(ada.ctx, envelope, signer, { ...zoe, email: 'corrected@test.example' })).rejects.toMatchObject({ reason: 'identity-undeclared' });
	await correct(ada.ctx, envelope, signer, { ...anna, email: 'corrected@test.example', number: '06 12 34 57 90' });
	expect(await ctx.tx((tx) => isAccepted(tx, signer))).toBe(false);
	await work();
	const back = await enter('corrected@test.example');
	await showPassport(back.ctx);
	const under = await checkOf(signer);
	await correct(ada.ctx, envelope, signer, { ...anna, email: 'corrected@test.example' });
	expect((await checkOf(signer)).state).toBe('ended');
	await expect(decide(officer.ctx, under.id, yes)).rejects.toMatchObject({ reason: 'check-decided' });
	expect(await ctx.tx((tx) => isAccepted(tx, signer)), 'what was accepted was of this very identity').toBe(true);
});

test('SIGN-3 an accepted identity is used again for the same client, name, address and number, until its term and with a fresh code', async () => {
	const known = { ...anna, email: 'known@test.example' };
	const first = await atTheDoor(known);
	await showPassport(first.ctx);
	await decide(officer.ctx, (await checkOf(first.signer)).id, yes);
	await work();
	const next = await atTheDoor(known);
	expect(await capture.isAsked(next.ctx)).toBe(true);
	expect((await capture.identityTask(next.ctx))?.reusable).toMatchObject({ validUntil: expect.any(Date) as Date });
	await capture.reuse(next.ctx);
	expect(await checkOf(next.signer)).toMatchObject({ state: 'accepted', wrapped_key: null });
	await ask(next.ctx, 'Anna');
	for (const changed of [{ surname: 'Eriksen' }, { givenNames: 'Anna' }, { birthDate: '1974-08-11' }, { number: '06 12 34 57 90' }]) {
		const other = await atTheDoor({ ...known, ...changed });
		await expect(capture.reuse(other.ctx)).rejects.toMatchObject({ kind: 'gone', reason: 'identity-not-reusable' });
	}
	await later(91);
	const [{ envelope }] = await world.owner<[{ envelope: string }]>`select envelope from signer where id = ${next.signer}`;
	expect(envelope).toBe(next.envelope);
	expect(await next.ctx.tx((tx) => isAccepted(tx, next.signer))).toBe(false);
	await world.owner`update app.clock set shift = '0'`;
});

test('SIGN-20 a closed envelope ends the check of one who had not been accepted, and its images go', async () => {
	const { ctx, signer, envelope } = await atTheDoor({ ...anna, email: 'closed@test.example' });
	await showPassport(ctx);
	const { id } = await checkOf(signer);
	await cancel(ada.ctx, envelope);
	await expect(decide(officer.ctx, id, yes)).rejects.toMatchObject({ kind: 'conflict', reason: 'envelope-state' });
	expect((await world.database.connect('worker')`select task from app.unfinished_identity_checks() where id = ${id}`).map((u) => u.task as string)).toEqual(['identity.erase']);
	const { eraseCheck } = await import('#lib/server/identity-check/erase.ts');
	await eraseCheck(worker, { check: id });
	expect(await checkOf(signer)).toMatchObject({ state: 'ended', wrapped_key: null });
	expect(await world.owner`select from identity_image where identity_check = ${id} and removed_at is null`).toHaveLength(0);
});

test('SIGN-10 an identity reviewed for one who then does not sign is a line of its own: the unit goes back, once, and what signs has no such line', async () => {
	const paying = { ...ada.ctx, settings: { ...ada.ctx.settings, privateInstance: false } };
	await world.owner`update client set verified_at = app.now() where id = ${ada.client}`;
	await credits.purchase(withActor({ ...world.web, database: connect(world.owner) }, { person: null, client: null, via: 'cli' }), { client: ada.client, level: 2, units: 3, reference: 'F-2026-002' });
	const lines = async () => (await credits.entries(paying)).filter((e) => e.kind !== 'purchase').map((e) => [e.kind, e.units, e.level]).reverse();
	const [leaves, signs, unseen] = [{ ...anna, email: 'leaves@test.example' }, { ...anna, email: 'signs@test.example' }, { ...anna, email: 'unseen@test.example' }];
	const envelopes: string[] = [];
	for (const signer of [leaves, signs, unseen]) {
		const envelope = await draft([signer]);
		await send(paying, envelope);
		await work();
		envelopes.push(envelope);
	}
	for (const { email } of [leaves, signs]) {
		const { ctx, signer } = await enter(email);
		await showPassport(ctx);
		await decide(officer.ctx, (await checkOf(signer)).id, yes);
		await work();
	}
	const back = await enter(signs.email);
	await attempt(back.ctx, await ask(back.ctx, anna.name));
	await work();
	for (const envelope of [envelopes[0]!, envelopes[2]!]) await cancel(paying, envelope);
	await expect(cancel(paying, envelopes[0]!)).rejects.toThrow();
	expect(await lines()).toEqual([['hold', 1, 2], ['hold', 1, 2], ['hold', 1, 2], ['consume', 1, 2], ['review', 1, 2], ['return', 1, 2], ['return', 1, 2]]);
	expect(await credits.balances(paying)).toEqual([{ level: 2, purchased: 3, available: 2, held: 0, consumed: 1, reviews: 1 }]);
	const [{ id: hold }] = await world.owner<[{ id: string }]>`select signer as id from credit_hold where envelope = ${envelopes[0]!}`;
	await expect(paying.tx((tx) => tx`update credit_hold set state = 'held' where signer = ${hold}`)).rejects.toMatchObject({ code: '42501' });
});

test('SIGN-20 an image that was being stored when its process ended is swept; one that comes after the sweep names nothing', async () => {
	const { ctx, signer } = await atTheDoor({ ...anna, email: 'killed@test.example' });
	await capture.begin(ctx, { document: 'passport', notice });
	const { id } = await checkOf(signer);
	const store = { ...ctx.objects, put: () => new Promise<never>(() => {}) };
	void capture.addImage({ ...ctx, objects: store }, { side: 'front', bytes: pngOf(800, 560) });
	await expect.poll(async () => (await world.owner`select from identity_image where identity_check = ${id}`).count).toBe(1);
	const { eraseCheck } = await import('#lib/server/identity-check/erase.ts');
	await later(1);
	await eraseCheck(worker, { check: id });
	expect(await world.owner`select wrapped_key, stored_at, removed_at is not null as removed from identity_image where identity_check = ${id}`).toEqual([{ wrapped_key: null, stored_at: null, removed: true }]);
	await world.owner`update app.clock set shift = '0'`;
	const before = await objects();
	const slow = { ...ctx.objects, put: async (...given: Parameters<typeof ctx.objects.put>) => {
		const stored = await ctx.objects.put(...given);
		await later(1);
		await eraseCheck(worker, { check: id });
		return { ...stored };
	} };
	await expect(capture.addImage({ ...ctx, objects: slow }, { side: 'front', bytes: pngOf(800, 560) })).rejects.toMatchObject({ name: expect.stringMatching(/Error/) as string });
	expect(await objects()).toBe(before);
	expect((await capture.identityTask(ctx))?.check?.taken).toEqual([]);
	await world.owner`update app.clock set shift = '0'`;
});

test('SIGN-3 two officers at the same moment: one decision', async () => {
	const { ctx, signer } = await atTheDoor({ ...anna, email: 'race@test.example' });
	await showPassport(ctx);
	const { id } = await checkOf(signer);
	const before = mails.length;
	const tries = await Promise.allSettled([decide(officer.ctx, id, yes), decide(second.ctx, id, { verdict: 'refuse', reason: 'another face' }), decide(officer.ctx, id, yes), decide(second.ctx, id, yes)]);
	expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
	await work();
	expect(mails.slice(before)).toHaveLength(1);
});
