import { createHash } from 'node:crypto';
import { PDFDocument, PDFName } from 'pdf-lib';
import { expect, test } from 'vitest';
import { validate } from '#crypto/pades/validate.ts';
import { withActor } from '#lib/server/context.ts';
import type { NewEnvelope } from '#lib/server/envelopes/prepare.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { accept } from '#lib/server/signed-copy/accept.ts';
import { askCode, tryCode } from '#lib/server/signed-copy/ask.ts';
import { visit } from '#lib/server/signed-copy/door.ts';
import { open, type What } from '#lib/server/signed-copy/open.ts';
import { destroy, dispose } from '#lib/server/documents/dispose.ts';
import { bytesOf } from '#lib/server/documents/read.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { run } from '../support/openssl.ts';
import { untilOneWaits } from '../support/waits.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, worker, mails, texts, stranger, work, sent, enter, ask } = await createEnvelopes(world);
const carla = { name: 'Carla Núñez', email: 'carla@test.example', number: '', locale: 'en', role: 'copy' } as const;
const secretOf = (email: string) => /\/copy\/(\S{43})/.exec(mails.findLast((m) => m.to === email && m.text.includes('/copy/'))!.text)![1]!;
const codeIn = (text: string) => /(\d{6})/.exec(text)![1]!;
const read = async (secret: string, cookie: string | null, what: What = 'document') => Buffer.concat(await Array.fromAsync((await open(stranger, secret, cookie, what)).bytes));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const events = (op: string) => world.owner<{ obj: string; res: string }[]>`select convert_from(body, 'UTF8')::jsonb->>'obj' as obj, convert_from(body, 'UTF8')::jsonb->>'res' as res from event where convert_from(body, 'UTF8')::jsonb->>'op' = ${op} order by id`;

/** A completed envelope that Zoë and Bob have signed, Carla getting a copy. */
async function completed(signers: NewEnvelope['signers'] = [{ ...zoe, step: 1 }, { ...bob, step: 2 }, carla], bytes?: Uint8Array) {
	const id = await sent(signers, {}, bytes);
	for (const who of signers.filter((s) => s.role !== 'copy')) {
		const { ctx } = await enter(who.email);
		await here.attempt(ctx, await ask(ctx, who.name));
		await work();
	}
	return id;
}
async function opened(email: string): Promise<{ secret: string; cookie: string }> {
	const secret = secretOf(email);
	await askCode(stranger, secret, 'here');
	await work();
	const { cookie } = await tryCode(stranger, secret, codeIn(texts.at(-1)!.text), null);
	await work();
	return { secret, cookie };
}

test('SIGN-19 SIGN-9 the completion mail carries a link that is good after completion: looking changes nothing, a code by SMS to the known number opens that document and one’s own attestation, and each opening is logged first', async () => {
	const id = await completed();
	const secret = secretOf(zoe.email);
	const before = await world.owner`select count(*) from event`;
	expect(await visit(stranger, secret, null)).toMatchObject({ live: true, state: 'closed', sender: 'A client', to: { channel: 'sms', masked: expect.stringMatching(/^•+78$/) as string }, document: null, attestation: null });
	await expect(read(secret, null)).rejects.toMatchObject({ kind: 'unauthenticated', reason: 'copy-session' });
	expect(await world.owner`select count(*) from event`).toEqual(before);
	await askCode(stranger, secret, 'here');
	await work();
	expect(texts.at(-1)).toMatchObject({ to: '+33612345678' });
	expect(texts.at(-1)!.text).toContain('pour ouvrir');
	const { cookie } = await tryCode(stranger, secret, codeIn(texts.at(-1)!.text), null);
	expect(await visit(stranger, secret, cookie)).toMatchObject({ state: 'checking' });
	await expect(read(secret, cookie)).rejects.toMatchObject({ reason: 'copy-session' });
	await work();
	const { currentVersion } = await follow(ada.ctx, id);
	const bytes = await read(secret, cookie);
	expect(sha256(bytes)).toBe(sha256(await bytesOf(ada.ctx, currentVersion)));
	expect(await visit(stranger, secret, cookie)).toMatchObject({ state: 'open', document: { title: 'Contrat de prestation', size: bytes.length, sha256: sha256(bytes) }, attestation: 'ready' });
	await read(secret, cookie, 'attestation');
	expect((await events('copy.open')).map((e) => e.res)).toEqual(['ok', 'ok']);
	expect((await events('document.open')).filter((e) => e.obj === currentVersion).length).toBeGreaterThan(0);
});

test('SIGN-19 a session reads its own envelope’s document and no other; another’s code or link opens nothing of it; a code is good once', async () => {
	const others = { ...bob, email: 'bob2@test.example', number: '+33 7 58 76 54 33' };
	await completed([{ ...zoe, email: 'zoe2@test.example', step: 1 }, { ...others, step: 2 }]);
	const mine = await opened('zoe2@test.example');
	const theirs = secretOf('bob2@test.example');
	await expect(read(theirs, mine.cookie)).rejects.toMatchObject({ reason: 'copy-session' });
	const used = codeIn(texts.at(-1)!.text);
	await expect(tryCode(stranger, mine.secret, used, null)).rejects.toMatchObject({ reason: 'code-expired' });
	await expect(tryCode(stranger, theirs, used, null)).rejects.toMatchObject({ reason: 'code-expired' });
	const second = await opened('zoe2@test.example').catch((e: { reason: string }) => e.reason);
	expect(second).toMatchObject({ secret: mine.secret });
	await expect(read(mine.secret, mine.cookie)).rejects.toMatchObject({ reason: 'copy-session' }); // a later session takes its place
	await expect(visit(stranger, 'x'.repeat(43), null)).rejects.toMatchObject({ kind: 'gone', reason: 'copy-gone' });
});

test('SIGN-19 a copy and an approver without a number get the code by mail, at the known address, with none of it in the subject; a copy has no attestation', async () => {
	await completed([{ ...zoe, email: 'zoe3@test.example', step: 1 }, carla]);
	const secret = secretOf(carla.email);
	await askCode(stranger, secret, 'here');
	await work();
	const mail = mails.at(-1)!;
	expect(mail).toMatchObject({ to: carla.email, subject: expect.not.stringMatching(/\d{6}/) as string });
	const { cookie } = await tryCode(stranger, secret, codeIn(mail.text), null);
	await work();
	expect(await visit(stranger, secret, cookie)).toMatchObject({ state: 'open', attestation: null });
	await expect(open(stranger, secret, cookie, 'attestation')).rejects.toMatchObject({ reason: 'attestation-pending' });
	expect(mails.findLast((m) => m.to === carla.email && m.text.includes('/copy/'))!.attachments!.map((a) => a.name)).toHaveLength(1);
});

/** Somebody of this address and number who has signed, and asked for a code at the door of the copy. */
async function asked(email: string, number: string, from: string) {
	await completed([{ ...zoe, email, number, step: 1 }]);
	const secret = secretOf(email);
	await askCode(stranger, secret, from);
	await work();
	return { secret, code: codeIn(texts.at(-1)!.text) };
}

test('SIGN-19 what is said to be left counts the try that is judged while one looks', async () => {
	const { secret, code: right } = await asked('zoe6@test.example', '06 12 34 57 03', 'there');
	const { cookie } = await tryCode(stranger, secret, right === '111111' ? '222222' : '111111', null);
	const { seen } = await world.owner.begin(async (tx) => {
		await tx`lock table signed_copy_attempt in access exclusive mode`;
		const seen = visit(stranger, secret, cookie);
		await untilOneWaits(tx);
		await tx`update signed_copy_challenge set tries = tries + 1 where ended_at is null`;
		await tx`update signed_copy_attempt set outcome = 'wrong', code = null where outcome is null`;
		return { seen };
	});
	expect(await seen).toMatchObject({ outcome: 'wrong', triesLeft: 4 });
});

test('SIGN-19 SIGN-4 five tries, then another code; a code asked twice is one, and goes out again after thirty seconds; five challenges an hour', async () => {
	await completed([{ ...zoe, email: 'zoe4@test.example', number: '06 12 34 57 01', step: 1 }]);
	const secret = secretOf('zoe4@test.example');
	const before = texts.length;
	await Promise.all(Array.from({ length: 10 }, () => askCode(stranger, secret, 'there')));
	await work();
	expect(texts.length).toBe(before + 1);
	const right = codeIn(texts.at(-1)!.text);
	const wrong = right === '111111' ? '222222' : '111111';
	let cookie: string | null = null;
	for (let left = 4; left >= 0; left--) {
		({ cookie } = await tryCode(stranger, secret, wrong, cookie));
		await work();
		expect(await visit(stranger, secret, cookie)).toMatchObject({ outcome: 'wrong', triesLeft: left });
	}
	await expect(tryCode(stranger, secret, right, null)).rejects.toMatchObject({ reason: 'code-exhausted' });
	await expect(tryCode(stranger, secret, '12', null)).rejects.toMatchObject({ reason: 'code-shape' });
	await askCode(stranger, secret, 'there');
	await work();
	expect(codeIn(texts.at(-1)!.text)).not.toBe(right);
	for (let i = 0; i < 3; i++) {
		await world.owner`update signed_copy_challenge set ended_at = app.now() where ended_at is null`;
		await askCode(stranger, secret, 'there');
	}
	await world.owner`update signed_copy_challenge set ended_at = app.now() where ended_at is null`;
	await expect(askCode(stranger, secret, 'there')).rejects.toMatchObject({ kind: 'too-many', reason: 'codes' });
	expect((await events('copy.challenge')).filter((e) => e.res === 'denied')).toHaveLength(1);
});

test('SIGN-19 two tries of the right code at once open one session; the web can neither read a code back nor say that one is right', async () => {
	const { secret, code } = await asked('zoe5@test.example', '06 12 34 57 02', 'here');
	const tries = await Promise.all([0, 1].map(() => tryCode(stranger, secret, code, null)));
	const own = withActor(world.web, { person: null, client: ada.client, via: 'link' });
	await expect(own.tx((tx) => tx`select code from signed_copy_attempt`)).rejects.toMatchObject({ code: '42501' });
	await expect(own.tx((tx) => tx`update signed_copy_attempt set outcome = 'right'`)).rejects.toMatchObject({ code: '42501' });
	await Promise.all(tries.map(({ attempt }) => accept(worker, { attempt })));
	const states = await Promise.all(tries.map(async ({ cookie }) => (await visit(stranger, secret, cookie)).state));
	expect(states.filter((s) => s === 'open')).toHaveLength(1);
	expect(await world.owner`select from signed_copy_attempt where code is not null`).toHaveLength(0);
});

test('SIGN-19 above ten megabytes the document is linked and not attached, the attestation is, and the link gives the document', async () => {
	const pdf = await PDFDocument.create();
	const page = pdf.addPage([595, 842]);
	const picture = pdf.context.stream(p.random(2000 * 1900 * 3), { Type: 'XObject', Subtype: 'Image', Width: 2000, Height: 1900, ColorSpace: 'DeviceRGB', BitsPerComponent: 8 });
	page.node.setXObject(PDFName.of('Im0'), pdf.context.register(picture));
	await completed([{ ...zoe, email: 'zoe8@test.example', number: '06 12 34 57 06', step: 1 }], await pdf.save({ useObjectStreams: false }));
	const mail = mails.findLast((m) => m.to === 'zoe8@test.example' && m.text.includes('/copy/'))!;
	expect(mail.text).toContain('Il est trop grand pour être joint');
	expect(mail.attachments!.map((a) => a.name)).toEqual([expect.stringMatching(/attestation\.pdf$/)]);
	const { secret, cookie } = await opened('zoe8@test.example');
	expect((await read(secret, cookie)).length).toBeGreaterThan(11_000_000);
});

test('SIGN-19 the mail says what becomes of the link when the client leaves; once the document is destroyed the link gives nothing', async () => {
	const id = await completed([{ ...zoe, email: 'zoe6@test.example', number: '06 12 34 57 03', step: 1 }]);
	const attached = mails.findLast((m) => m.to === 'zoe6@test.example' && m.text.includes('/copy/'))!;
	expect(attached.text).toContain('quitte ce service');
	expect(attached.attachments!.map((a) => a.name)).toEqual([expect.stringMatching(/^[\w-]{9}\.pdf$/), expect.stringMatching(/attestation\.pdf$/)]);
	const { secret, cookie } = await opened('zoe6@test.example');
	await read(secret, cookie);
	const { document } = await follow(ada.ctx, id);
	const [{ name }] = await world.owner<[{ name: string }]>`select name from document where id = ${document}`;
	await dispose(ada.ctx, { document, confirmation: name });
	expect(await visit(stranger, secret, cookie)).toMatchObject({ live: false, document: null });
	await expect(read(secret, cookie)).rejects.toMatchObject({ kind: 'gone', reason: 'copy-gone' });
	await expect(askCode(stranger, secret, 'here')).rejects.toMatchObject({ reason: 'copy-gone' });
});

test('SAFE-2 a signed document that is disposed of leaves nothing of itself in the store, and no key', async () => {
	const id = await completed([{ ...zoe, email: 'zoe9@test.example', number: '06 12 34 57 07', step: 1 }]);
	const { document } = await follow(ada.ctx, id);
	const [{ name }] = await world.owner<[{ name: string }]>`select name from document where id = ${document}`;
	await dispose(ada.ctx, { document, confirmation: name });
	await destroy(world.worker, { document });
	const kept = await world.owner<{ key: string }[]>`select object_key as key from version where removed_at is null union select object_key from receipt union select object_key from intent`;
	expect(world.objects.held.map((o) => o.key).filter((key) => !key.startsWith('anchor/') && !kept.some((k) => k.key === key))).toEqual([]);
	expect(await world.owner`select state from signing_intent where envelope = ${id} and wrapped_key is null and sealed is null`).toEqual([{ state: 'released' }]);
});

test('SIGN-8 one attestation for each who signed: sealed, valid to us, pdfsig and qpdf, with the proof of its events inside and of the other signer the name alone', async () => {
	const id = await completed([{ ...zoe, email: 'zoe7@test.example', number: '06 12 34 57 04', step: 1 }, { ...bob, email: 'bob7@test.example', number: '06 12 34 57 05', step: 2 }]);
	const mail = mails.findLast((m) => m.to === 'zoe7@test.example' && m.text.includes('/copy/'))!;
	const pdf = mail.attachments!.find((a) => a.name.endsWith('attestation.pdf'))!.content;
	const report = await validate(p, pdf, { trust: { anchors: [world.root] }, at: Date.now() + 60_000 });
	expect(report.signatures.map((s) => [s.indication, s.coverage])).toEqual([['TOTAL-PASSED', 'whole-revision']]);
	expect(run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': pdf }).text).toContain('Signature is Valid');
	expect(run('qpdf', ['--check', 'a.pdf'], { 'a.pdf': pdf }).text).toContain('No syntax or stream encoding errors');
	const text = run('pdftotext', ['-layout', 'a.pdf', '-'], { 'a.pdf': pdf }).text;
	const { reference, currentVersion } = await follow(ada.ctx, id);
	for (const said of [reference, 'Zoë Müller', 'signature électronique simple', 'sans présomption de fiabilité', 'Bob Łuczak', sha256(await bytesOf(ada.ctx, currentVersion))]) expect(text.replace(/\s+/g, ' ').toLowerCase()).toContain(said.toLowerCase());
	const json = run('sh', ['-c', 'pdfdetach -saveall a.pdf >&2; cat attestation.json'], { 'a.pdf': pdf }).text;
	for (const kept of ['bob7@test.example', '612345705', '203.0.113.7']) expect([text, json].join()).not.toContain(kept);
	const data = JSON.parse(json) as { kind: string; others: string[]; log: { entries: { index: number }[] }; places: { sign: number; seal: number } };
	expect(data).toMatchObject({ kind: 'probant/attestation/v1', others: ['Bob Łuczak'] });
	expect(data.log.entries.map((e) => e.index)).toEqual(expect.arrayContaining([data.places.sign, data.places.seal]));
	expect(await world.owner`select from signer where envelope = ${id} and attestation is not null`).toHaveLength(2);
	expect((await events('signer.attest')).length).toBeGreaterThanOrEqual(2);
});
