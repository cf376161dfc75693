import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { consentVersion } from '#lib/server/envelopes/consent.ts';
import { delegate } from '#lib/server/envelopes/delegate.ts';
import { dossierSheet } from '#lib/server/envelopes/dossier-sheet.ts';
import type { SignerContext } from '#lib/server/envelopes/door.ts';
import { giveMandate, maximumMandate } from '#lib/server/envelopes/mandate.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { attempt, requestCode, task } from '#lib/server/envelopes/sign-here.ts';
import type { SignerValues } from '#lib/server/envelopes/values.ts';
import { bytesOf, metadata } from '#lib/server/documents/read.ts';
import { openDocument } from '#crypto/pdf/document.ts';
import { dictOf, isString } from '#crypto/pdf/objects.ts';
import { signatureFields } from '#crypto/pades/fields.ts';
import { allAgreed, createEnvelopes, zoe } from '../support/envelopes.ts';
import { evidenceOf } from '../support/evidence.ts';
import { run } from '../support/openssl.ts';
import { pngOf } from '../support/pictures.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, worker, texts, work, draft, sent, enter } = await createEnvelopes(world);
const dupont = { organisation: 'Dupont SARL', capacity: 'gérante' };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
let people = 0;
/** At their door, in an envelope of their own. */
async function signer(more: object, envelopeMore: object = {}) {
	const email = `capacity-${++people}@test.example`;
	const envelope = await sent([{ ...zoe, email, ...more }], envelopeMore);
	return { envelope, email, ...(await enter(email)) };
}
async function request(ctx: SignerContext, capacity?: SignerValues['capacity']): Promise<string> {
	const now = await task(ctx);
	await requestCode(ctx, { consent: consentVersion, pagesReached: 1, sha256: now.sha256, values: { name: 'Zoë Müller', drawing: null, texts: allAgreed(now.texts), ...(capacity ? { capacity } : {}) } }, '198.51.100.1');
	await work();
	return /(\d{6})/.exec(texts.at(-1)!.text)![1]!;
}

test('SIGN-13 a signer signs for the organisation the sender named, and in no other capacity: in the code, the mark, the signature’s reason, the event and the evidence', async () => {
	const { envelope, ctx } = await signer(dupont);
	expect((await task(ctx)).capacity).toEqual({ given: dupont, asked: false, mandateAsked: false, mandate: null });
	for (const said of [undefined, { ...dupont, capacity: 'présidente' }, { ...dupont, organisation: 'Durand SA' }, { ...dupont, mandate: '0'.repeat(64) }]) await expect(request(ctx, said)).rejects.toMatchObject({ kind: 'conflict', reason: 'capacity-changed' });
	await attempt(ctx, await request(ctx, dupont));
	await work();
	const { currentVersion, signers } = await follow(ada.ctx, envelope);
	expect(signers[0]).toMatchObject({ state: 'signed', ...dupont });
	const pdf = await bytesOf(worker, currentVersion);
	expect(run('pdftotext', ['a.pdf', '-'], { 'a.pdf': pdf }).text.replace(/\s+/g, ' ')).toContain('pour Dupont SARL, en qualité de gérante');
	const document = openDocument(pdf);
	const [field] = signatureFields(document).filter((f) => f.signed);
	const reason = dictOf(document.resolve(field!.dict.map.get('V')))!.map.get('Reason');
	expect(isString(reason) && new TextDecoder('utf-16be').decode(reason.bytes.subarray(2))).toContain('pour Dupont SARL, en qualité de gérante');
	const dossier = await evidenceOf(worker, world, envelope);
	expect(dossier.signers[0]!.capacity).toEqual({ ...dupont, source: 'client' });
	expect(dossierSheet(dossier, new Date()).sections!.flatMap((s) => s.rows).find(([label]) => label.startsWith('Qualité'))![1]).toMatch(/^pour Dupont SARL, en qualité de gérante, déclarée par \/ declared by A client/);
	const [consent] = await world.owner<{ value: string }[]>`select o.value from event e join event_opening o on o.event = e.id where convert_from(e.body, 'utf8')::jsonb->>'op' = 'signer.consent' and convert_from(e.body, 'utf8')::jsonb->>'obj' = ${envelope} and o.name = 'capacity'`;
	expect(consent!.value).toBe('pour Dupont SARL, en qualité de gérante');
});

test('SIGN-13 one who signs for themselves says nothing else; one who is asked says it, and the evidence says that nobody checked', async () => {
	const { ctx: alone } = await signer({});
	await expect(request(alone, dupont)).rejects.toMatchObject({ reason: 'capacity-changed' });
	await request(alone);
	const { envelope, ctx } = await signer({ capacityAsked: true });
	await request(ctx); // for themselves, until they say otherwise
	await attempt(ctx, await request(ctx, dupont)); // another V: another code
	await work();
	const dossier = await evidenceOf(worker, world, envelope);
	expect(dossier.signers[0]!.capacity).toEqual({ ...dupont, source: 'signer' });
	expect(dossierSheet(dossier, new Date()).sections!.flatMap((s) => s.rows).find(([label]) => label.startsWith('Qualité'))![1]).toContain('non contrôlée');
	for (const [wrong, reason] of [[{ organisation: 'X' }, 'capacity-half'], [{ ...dupont, capacityAsked: true }, 'capacity-both'], [{ mandateAsked: true }, 'capacity-no-mandate']] as const) await expect(draft([{ ...zoe, ...wrong }])).rejects.toMatchObject({ kind: 'invalid', reason });
});

test('SIGN-13 a mandate that is asked for is kept in the safe byte for byte, bound to the code by its digest, and in the evidence; without it no code goes out', async () => {
	const { envelope, ctx, signer: id } = await signer({ ...dupont, mandateAsked: true });
	await expect(request(ctx, dupont)).rejects.toMatchObject({ kind: 'invalid', reason: 'mandate-needed' });
	await expect(giveMandate(ctx, new TextEncoder().encode('<html>'))).rejects.toMatchObject({ kind: 'invalid', reason: 'mandate-type' });
	await expect(giveMandate(ctx, new Uint8Array(maximumMandate + 1))).rejects.toMatchObject({ kind: 'too-large', reason: 'mandate-too-large' });
	const [first, second] = [pngOf(400, 300, 1), pngOf(400, 300, 2)];
	await giveMandate(ctx, first);
	const code = await request(ctx, { ...dupont, mandate: sha256(first) });
	await giveMandate(ctx, second);
	await expect(attempt(ctx, code)).rejects.toMatchObject({ reason: 'code-expired' });
	await expect(request(ctx, { ...dupont, mandate: sha256(first) })).rejects.toMatchObject({ reason: 'capacity-changed' });
	await attempt(ctx, await request(ctx, { ...dupont, mandate: sha256(second) }));
	await work();
	await expect(giveMandate(ctx, first)).rejects.toMatchObject({ reason: 'envelope-closed' });
	const { signers } = await follow(ada.ctx, envelope);
	const kept = await metadata(ada.ctx, signers[0]!.mandate!);
	expect(kept.name).toMatch(/ – mandat\.png$/);
	expect(sha256(await bytesOf(worker, kept.versions[0]!.id))).toBe(sha256(second));
	const dossier = await evidenceOf(worker, world, envelope);
	expect(dossier.signers[0]!.capacity).toMatchObject({ mandate: sha256(second) });
	const [{ n }] = await world.owner<[{ n: number }]>`select count(*)::int as n from event where convert_from(body, 'utf8')::jsonb->>'op' = 'signer.mandate' and convert_from(body, 'utf8')::jsonb->>'obj' = ${id} and convert_from(body, 'utf8')::jsonb->>'res' = 'ok'`;
	expect(n).toBe(2);
	const { ctx: unasked } = await signer(dupont);
	await expect(giveMandate(unasked, first)).rejects.toMatchObject({ kind: 'forbidden', reason: 'mandate-unasked' });
});

test('SIGN-13 who it is handed over to does not inherit the capacity of the one before: they say their own', async () => {
	const { ctx } = await signer(dupont, { delegable: true });
	const email = `capacity-deputy@test.example`;
	await delegate(ctx, { name: 'Ève Curie', email, number: '06 98 76 54 32', reason: '' });
	await work();
	expect((await task((await enter(email)).ctx)).capacity).toEqual({ given: null, asked: true, mandateAsked: false, mandate: null });
});
