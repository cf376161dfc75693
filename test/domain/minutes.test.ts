// Minutes drawn up on the sender's tablet: a new PDF, and the client's decision bound to what they sign (SIGN-14, C. civ. 1792-6).

import { expect, test } from 'vitest';
import type { consentVersion } from '#lib/server/envelopes/consent.ts';
import { decisionFields, decisionOf } from '#lib/server/envelopes/decision.ts';
import { digitise } from '#lib/server/envelopes/digitise.ts';
import * as door from '#lib/server/envelopes/door.ts';
import { evidence } from '#lib/server/envelopes/evidence.ts';
import { placeFields } from '#lib/server/envelopes/fields.ts';
import { handOver } from '#lib/server/envelopes/hand-over.ts';
import { drawUp, type NewMinutes } from '#lib/server/envelopes/minutes.ts';
import { follow, send } from '#lib/server/envelopes/send.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import * as read from '#lib/server/documents/read.ts';
import { find, secretHash } from '#lib/server/identity/sessions.ts';
import { cover } from '../support/covered.ts';
import { allAgreed, createEnvelopes, from, zoe } from '../support/envelopes.ts';
import { run } from '../support/openssl.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { owner } = world;
const { ada, safe, stranger, worker, work } = await createEnvelopes(world);
const client = { ...zoe, number: '', manner: 'digitised' } as const;
const wish: NewMinutes = { safe, kind: 'acceptance', place: '12 rue des Lilas, Lyon', date: '2026-11-30', present: 'Zoë Müller\nAda Lovelace', works: 'Ravalement de la façade nord', text: '', reservations: 'Joint à reprendre', language: 'fr', signers: [client] };
const text = (pdf: Uint8Array) => run('pdftotext', ['-layout', 'a.pdf', '-'], { 'a.pdf': pdf }).text.replace(/\s+/g, ' ');

/** Sent, and in the client's hands. */
async function inHand(minutes: NewMinutes) {
	const envelope = await drawUp(ada.ctx, minutes);
	await send(ada.ctx, envelope);
	await work();
	const [signer] = (await follow(ada.ctx, envelope)).signers;
	const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
	await owner`insert into session (hash, person, client) values (${secretHash(secret)}, ${ada.person}, ${ada.client})`;
	const cookie = await handOver(ada.ctx, (await find(stranger, secret))!, { envelope, signer: signer!.id }, from);
	const ctx = await door.inside(world.web, cookie, signer!.id);
	const task = await here.task(ctx);
	const sign = (fields: Record<string, string>) => digitise(ctx, { consent: task.consent.version as typeof consentVersion, pagesReached: 2, sha256: task.sha256, values: { name: zoe.name, drawing: [[[10, 10], [900, 800]]], fields, texts: allAgreed(task.texts) } });
	return { envelope, ctx, task, sign };
}

test('SIGN-14 an intervention report is a new PDF with what was entered, and asks for no decision', async () => {
	const { envelope, task, sign } = await inHand({ ...wish, kind: 'intervention', works: 'Remplacement du compteur', reservations: 'Une vanne à changer\nUn joint' });
	const { document, state } = await follow(ada.ctx, envelope);
	const [{ id }] = await owner<[{ id: string }]>`select id from version where document = ${document} and number = 1`;
	for (const words of ['Procès-verbal d’intervention', '12 rue des Lilas, Lyon', '30 novembre 2026', 'Remplacement du compteur', '1. Une vanne à changer', '2. Un joint']) expect(text(await read.bytesOf(ada.ctx, id))).toContain(words);
	expect([state, task.decision, task.fields]).toEqual(['waiting', null, []]);
	await sign({});
	await work();
	expect((await follow(ada.ctx, envelope)).state).toBe('completed');
});

test('SIGN-14 acceptance minutes: the choice is bound to what is signed, written on the page, and in the evidence', async () => {
	const { envelope, task, sign } = await inHand(wish);
	const d = task.decision!;
	await expect(sign({})).rejects.toMatchObject({ reason: 'decision-one' });
	await expect(sign({ [d.accept]: 'Yes', [d.refuse]: 'Yes', [d.reason]: 'x' })).rejects.toMatchObject({ reason: 'decision-one' });
	await expect(sign({ [d.reserve]: 'Yes' })).rejects.toMatchObject({ reason: 'decision-reservations' });
	await sign({ [d.reserve]: 'Yes', [d.reservations[0]!]: 'Fissure sous la fenêtre', [d.reservations[1]!]: 'Peinture à reprendre', [d.deadline]: '15 janvier 2027' });
	await work();
	await cover(world, worker, envelope);
	await evidence(worker, { envelope });
	const { state, currentVersion, evidence: file } = await follow(ada.ctx, envelope);
	expect(state).toBe('completed');
	const signed = text(await read.bytesOf(ada.ctx, currentVersion));
	for (const words of ['Fissure sous la fenêtre', 'Peinture à reprendre', '15 janvier 2027', '1. Joint à reprendre', 'Décision du maître de l’ouvrage']) expect(signed).toContain(words);
	const [{ id }] = await owner<[{ id: string }]>`select id from version where document = ${file!}`;
	expect(text(await read.bytesOf(ada.ctx, id))).toMatch(/accepte avec réserves, à lever avant le .* 15 janvier 2027.*Fissure sous la fenêtre/);
});

test('SIGN-14 a decision is one of four, with what it takes and nothing of another', () => {
	const id = () => crypto.randomUUID();
	const f = decisionFields.parse({ accept: id(), reserve: id(), reservations: [id(), id()], deadline: id(), postpone: id(), until: id(), refuse: id(), reason: id() });
	const yes = 'Yes';
	expect(decisionOf(f, { [f.accept]: yes })).toEqual({ choice: 'accept' });
	expect(decisionOf(f, { [f.postpone]: yes, [f.until]: 'lundi' })).toEqual({ choice: 'postpone', until: 'lundi' });
	expect(decisionOf(f, { [f.refuse]: yes, [f.reason]: 'inachevé' })).toEqual({ choice: 'refuse', reason: 'inachevé' });
	for (const [values, reason] of [
		[{}, 'decision-one'],
		[{ [f.accept]: yes, [f.reservations[1]!]: 'x' }, 'decision-stray'],
		[{ [f.accept]: yes, [f.until]: 'x' }, 'decision-stray'],
		[{ [f.reserve]: yes, [f.reservations[0]!]: 'x' }, 'decision-reservations'],
		[{ [f.reserve]: yes, [f.deadline]: 'x' }, 'decision-reservations'],
		[{ [f.postpone]: yes }, 'decision-until'],
		[{ [f.refuse]: yes, [f.reason]: ' ' }, 'decision-reason']
	] as const)
		expect(() => decisionOf(f, values), reason).toThrow(expect.objectContaining({ reason }) as Error);
});

test('SIGN-14 minutes need deposit and send, good people before anything is deposited, and keep their fields', async () => {
	const eve = await world.person(ada.client, 'reader');
	await expect(drawUp(eve.ctx, wish)).rejects.toMatchObject({ kind: 'not-found' });
	const before = (await owner`select from document`).count;
	await expect(drawUp(ada.ctx, { ...wish, signers: [client, { ...client, number: '+1 202 555 0123' }] })).rejects.toMatchObject({ reason: 'number-country' });
	expect((await owner`select from document`).count).toBe(before);
	const envelope = await drawUp(ada.ctx, wish);
	await expect(placeFields(ada.ctx, envelope, { revision: 1, fields: [] })).rejects.toMatchObject({ reason: 'minutes-fields' });
});
