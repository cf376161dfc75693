// Signing in person on the sender's device: the hand-over, the lock, and both classes of signature (SIGN-6, SIGN-14).

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { withActor } from '#lib/server/context.ts';
import * as door from '#lib/server/envelopes/door.ts';
import { digitise } from '#lib/server/envelopes/digitise.ts';
import { evidence } from '#lib/server/envelopes/evidence.ts';
import { handed, handOver, unlockByPassword } from '#lib/server/envelopes/hand-over.ts';
import { cancel, follow, remind } from '#lib/server/envelopes/send.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { standing } from '#lib/server/envelopes/standing.ts';
import type { consentVersion } from '#lib/server/envelopes/consent.ts';
import * as read from '#lib/server/documents/read.ts';
import { hash as hashPassword } from '#lib/server/identity/password.ts';
import { find, requireAlive, secretHash, type Session } from '#lib/server/identity/sessions.ts';
import { accepted } from '../support/accepted.ts';
import { cover } from '../support/covered.ts';
import { allAgreed, bob, createEnvelopes, from, zoe } from '../support/envelopes.ts';
import { run } from '../support/openssl.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { owner } = world;
const { ada, worker, mails, texts, work, sent, ask } = await createEnvelopes(world);
const password = 'vélo crépuscule tarmac';
await owner`update person set password_hash = ${await hashPassword(password)} where id = ${ada.person}`;
const caller = { source: '198.51.100.4', agent: 'Tablet' };
const drawing: [number, number][][] = [[[100, 500], [400, 200], [800, 700]], [[150, 800], [900, 820]]];

/** A session of the sender's, as the tablet has it. */
async function session(): Promise<{ secret: string; session: Session }> {
	const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
	await owner`insert into session (hash, person, client) values (${secretHash(secret)}, ${ada.person}, ${ada.client})`;
	return { secret, session: (await find(withActor(world.web, { person: null, client: null, via: 'web' }), secret))! };
}
const again = (secret: string) => find(withActor(world.web, { person: null, client: null, via: 'web' }), secret);
const signerOf = async (envelope: string, position = 1) => (await owner<{ id: string }[]>`select id from signer where envelope = ${envelope} and position = ${position}`)[0]!.id;
/** Hands over and enters as the signer. */
async function hand(envelope: string, position = 1) {
	const [tablet, signer] = [await session(), await signerOf(envelope, position)];
	const cookie = await handOver(ada.ctx, tablet.session, { envelope, signer }, from);
	return { ...tablet, cookie, signer, ctx: await door.inside(world.web, cookie, signer) };
}
async function consented(ctx: door.SignerContext, drawn: [number, number][][] | null = drawing): Promise<here.Signing> {
	const { consent, texts: legal, sha256, name } = await here.task(ctx);
	return { consent: consent.version as typeof consentVersion, pagesReached: 1, sha256, values: { name, drawing: drawn, texts: allAgreed(legal) } };
}
const events = async (obj: string) => (await owner<{ op: string; res: string }[]>`select convert_from(body, 'UTF8')::jsonb->>'op' as op, convert_from(body, 'UTF8')::jsonb->>'res' as res from event where convert_from(body, 'UTF8')::jsonb->>'obj' = ${obj} order by id`).map((e) => `${e.op} ${e.res}`);

test('SIGN-6 the device is handed over: no link is mailed, the sender’s session is locked until they prove themselves, and the signer’s ends with it', async () => {
	const before = mails.length;
	const envelope = await sent([{ ...zoe, manner: 'in-person' }]);
	expect(mails.slice(before).filter((m) => m.to === zoe.email)).toEqual([]);
	await expect(remind(ada.ctx, envelope)).rejects.toMatchObject({ reason: 'envelope-state' }); // nobody to send a link to
	const { secret, session: own, cookie, signer, ctx } = await hand(envelope);
	const locked = (await again(secret))!;
	expect(locked).toMatchObject({ handedTo: signer, person: ada.person });
	await expect(requireAlive(ada.ctx, locked)).rejects.toMatchObject({ reason: 'session-ended' }); // streams opened before end
	expect(await handed(ada.ctx, locked)).toMatchObject({ envelope, name: zoe.name, open: true, signed: false });
	expect(await here.task(ctx)).toMatchObject({ inPerson: true, level: 1, state: 'opened', delegable: false });
	await expect(handOver(ada.ctx, locked, { envelope, signer }, from)).rejects.toMatchObject({ reason: 'session-ended' }); // a locked session hands over nothing more
	await expect(door.inside(world.web, cookie, signer)).resolves.toBeTruthy(); // and what failed ended nothing
	await expect(unlockByPassword(ada.ctx, caller, locked, 'wrong')).rejects.toMatchObject({ reason: 'wrong-password' });
	expect((await again(secret))?.handedTo).toBe(signer);
	const fresh = await unlockByPassword(ada.ctx, caller, locked, password);
	expect(await again(secret)).toBeNull();
	expect(await again(fresh)).toMatchObject({ handedTo: null, handOver: null, steppedUp: true });
	await expect(door.inside(world.web, cookie, signer)).rejects.toMatchObject({ reason: 'signing-session' });
	expect(await events(signer)).toEqual(expect.arrayContaining(['signer.hand-over ok', 'signer.hand-over denied', 'signer.hand-back ok']));
	expect(await events(own.id)).toEqual(expect.arrayContaining(['session.lock ok', 'session.unlock ok']));
});

test('SIGN-14 in person with a code on the signer’s own phone: level 1, and the mark and the evidence say where', async () => {
	const envelope = await sent([{ ...zoe, manner: 'in-person' }]);
	const { ctx } = await hand(envelope);
	await expect(digitise(ctx, await consented(ctx))).rejects.toMatchObject({ reason: 'code-needed' }); // no way around the code
	const code = await ask(ctx, zoe.name);
	expect(texts.at(-1)!.to).toBe('+33612345678');
	await here.attempt(ctx, code);
	await work();
	await cover(world, worker, envelope);
	await evidence(worker, { envelope });
	const { state, evidence: file, currentVersion, signers } = await follow(ada.ctx, envelope);
	expect([state, signers[0]!.state, signers[0]!.inPerson]).toEqual(['completed', 'signed', true]);
	expect(run('pdftotext', ['-layout', 'a.pdf', '-'], { 'a.pdf': await read.bytesOf(ada.ctx, currentVersion) }).text.replace(/\s+/g, ' ')).toMatch(/code SMS ..78, en personne sur l’appareil/);
	const [{ id }] = await owner<[{ id: string }]>`select id from version where document = ${file!}`;
	expect(run('pdftotext', ['-layout', 'a.pdf', '-'], { 'a.pdf': await read.bytesOf(ada.ctx, id) }).text.replace(/\s+/g, ' ')).toMatch(/en personne, sur l’appareil du demandeur, avec un code.*session du demandeur verrouillée/);
});

test('SIGN-14 a digitised signature: its own class below level 1, said on the mark, in the signature, the evidence and the attestation', async () => {
	const envelope = await sent([{ ...zoe, number: '', manner: 'digitised' }]);
	const { ctx, signer } = await hand(envelope);
	expect(await here.task(ctx)).toMatchObject({ level: 0, inPerson: true, numberAsked: false });
	expect((await here.task(ctx)).consent.text).toMatch(/Aucun code ne confirme qui je suis.*classe inférieure au niveau 1/);
	expect((await here.task(ctx)).consent.text).not.toContain('{sender}');
	expect((await here.task(ctx)).texts.map((t) => t.kind)).toEqual(['electronic-form', 'privacy-notice']); // the proof conventions speak of a code
	await expect(here.requestCode(ctx, await consented(ctx), from.address)).rejects.toMatchObject({ reason: 'no-code' });
	await expect(digitise(ctx, await consented(ctx, null))).rejects.toMatchObject({ reason: 'drawing-needed' });
	await expect(digitise(ctx, { ...(await consented(ctx)), sha256: createHash('sha256').update('another').digest('hex') })).rejects.toMatchObject({ reason: 'document-moved' });
	const sms = texts.length;
	const attempt = await digitise(ctx, await consented(ctx));
	await work();
	expect((await standing(ctx, attempt)).outcome).toBe('right');
	expect(texts).toHaveLength(sms);
	await cover(world, worker, envelope);
	await work();
	await evidence(worker, { envelope });
	const { state, evidence: file, currentVersion } = await follow(ada.ctx, envelope);
	expect(state).toBe('completed');
	const text = (pdf: Uint8Array) => run('pdftotext', ['-layout', 'a.pdf', '-'], { 'a.pdf': pdf }).text.replace(/\s+/g, ' ');
	const signed = await read.bytesOf(ada.ctx, currentVersion);
	expect(text(signed)).toMatch(/Signature manuscrite numérisée, sans code : classe inférieure au niveau 1/);
	expect(text(signed)).not.toContain('code SMS');
	const [{ attestation }] = await owner<[{ attestation: string }]>`select attestation from signer where id = ${signer}`;
	for (const document of [file!, attestation]) {
		const [{ id }] = await owner<[{ id: string }]>`select id from version where document = ${document}`;
		const words = text(await read.bytesOf(ada.ctx, id));
		expect(words).toMatch(/classe inférieure au niveau 1/);
		expect(words).toMatch(/ne prouve pas qui tenait l’appareil/);
		expect(words).not.toMatch(/Niveau 1 : identité déclarée/);
	}
	expect(await events((await owner<[{ id: string }]>`select id from challenge where signer = ${signer}`)[0].id)).toEqual(['signer.draw ok']);
});

test('SIGN-14 the worker accepts no drawing once the device is taken back, of another level, or without the lock: it looks itself', async () => {
	const envelope = await sent([{ ...zoe, manner: 'digitised' }, { ...bob, step: 1, manner: 'in-person' }]);
	const first = await hand(envelope);
	const late = await digitise(first.ctx, await consented(first.ctx));
	await unlockByPassword(ada.ctx, caller, (await again(first.secret))!, password);
	await work();
	const outcome = async (id: string) => (await owner<{ outcome: string }[]>`select outcome from attempt where id = ${id}`)[0]!.outcome;
	expect(await outcome(late)).toBe('expired');
	// A web process that writes what it likes: a drawing for a signer of level 1, and one in a hand-over whose session was ended.
	const second = await hand(envelope, 2);
	const forge = async (signer: string, handOverId: string) => {
		const [challenge, attempt] = [crypto.randomUUID(), crypto.randomUUID()];
		await ada.ctx.tx(async (tx) => {
			await tx`update challenge set ended_at = app.now() where signer = ${signer} and ended_at is null`;
			await tx`insert into challenge (id, client, signer, nonce, document_hash, shown_version, "values", action, hand_over) select ${challenge}, client, id, ${Buffer.alloc(16)}, ${Buffer.alloc(32)}, (select base_version from envelope where id = ${envelope}), '{}', 'digitise', ${handOverId} from signer where id = ${signer}`;
			await tx`insert into attempt (id, client, challenge) values (${attempt}, ${ada.client}, ${challenge})`;
		});
		await accepted(worker, { attempt });
		return outcome(attempt);
	};
	expect(await forge(second.signer, second.ctx.handOver!)).toBe('expired');
	const third = await hand(envelope, 1);
	await owner`update session set ended_at = app.now() where id = ${third.session.id}`;
	expect(await forge(third.signer, third.ctx.handOver!)).toBe('expired');
	await expect(digitise(third.ctx, await consented(third.ctx))).rejects.toMatchObject({ reason: 'not-handed-over' });
	expect((await owner`select from signing_intent where envelope = ${envelope}`).count).toBe(0);
});

test('SIGN-6 only who is to sign in person, when it is their turn, by one who may send, and not at level 2', async () => {
	const envelope = await sent([{ ...zoe, manner: 'in-person' }, bob]);
	const tablet = (await session()).session;
	await expect(handOver(ada.ctx, tablet, { envelope, signer: await signerOf(envelope, 2) }, from)).rejects.toMatchObject({ reason: 'not-in-person' });
	await expect(handOver(ada.ctx, tablet, { envelope, signer: 'none' }, from)).rejects.toMatchObject({ kind: 'not-found' });
	const stranger = await world.administrator();
	await expect(handOver(stranger.ctx, tablet, { envelope, signer: await signerOf(envelope) }, from)).rejects.toMatchObject({ kind: 'not-found' });
	await cancel(ada.ctx, envelope);
	await expect(handOver(ada.ctx, tablet, { envelope, signer: await signerOf(envelope) }, from)).rejects.toMatchObject({ reason: 'envelope-state' });
	await expect(sent([{ ...zoe, manner: 'in-person', level: 2, surname: 'Müller', givenNames: 'Zoë' }])).rejects.toMatchObject({ reason: 'level-2-in-person' });
	await expect(sent([{ ...zoe, manner: 'digitised', advanced: true, surname: 'Müller', givenNames: 'Zoë' }])).rejects.toMatchObject({ kind: 'invalid', reason: 'own-name-digitised' });
});
