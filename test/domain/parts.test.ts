import { PDFDocument } from 'pdf-lib';
import { expect, test } from 'vitest';
import { hex } from '#crypto/bytes.ts';
import { openDocument } from '#crypto/pdf/document.ts';
import { validate } from '#crypto/pades/validate.ts';
import { digest } from '#crypto/primitives.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import { metadata } from '#lib/server/documents/read.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { closedEnvelope } from '#lib/server/envelopes/dossier.ts';
import { assembleDocuments, partsOf } from '#lib/server/envelopes/parts.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { follow, send } from '#lib/server/envelopes/send.ts';
import { attempt } from '#lib/server/envelopes/sign-here.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import * as safes from '#lib/server/safes.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { made, run } from '../support/openssl.ts';
import { contract } from '../support/signing.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, safe, mails, work, enter, ask } = await createEnvelopes(world);

async function put(name: string, bytes: Uint8Array, into = safe): Promise<string> {
	const s = await stage.create(ada.ctx, { safe: into, name, length: bytes.length });
	await stage.write(ada.ctx, s.id, 0, (async function* () { yield bytes; })());
	return (await deposit(ada.ctx, { stage: s.id })).document;
}
async function withForm(): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	pdf.getForm().createTextField('a').addToPage(pdf.addPage([300, 300]));
	return pdf.save({ useObjectStreams: false });
}
const refusals = () => world.owner<{ reason: string }[]>`
	select o.value as reason from event e join event_opening o on o.event = e.id and o.name = 'reason' where convert_from(e.body, 'UTF8')::jsonb->>'op' = 'document.assemble' and convert_from(e.body, 'UTF8')::jsonb->>'res' = 'denied' order by e.id`;

test('SIGN-5 several documents in their order: put together, signed as one, listed in the file, in the envelope and for the evidence; each stays as it was deposited', async () => {
	const [terms, annex] = [await contract({ pages: 2 }), await contract({ pages: 3, useObjectStreams: true })];
	const [first, second] = [await put('Conditions générales.pdf', terms), await put('Annexe « prix ».pdf', annex)];
	const whole = await assembleDocuments(ada.ctx, { documents: [first, second], title: 'Contrat / annexes', locale: 'fr' });
	expect(await partsOf(ada.ctx, whole)).toEqual([
		{ position: 1, document: first, name: 'Conditions générales.pdf', sha256: hex(digest(p, 'SHA-256', terms)), firstPage: 1, pages: 2 },
		{ position: 2, document: second, name: 'Annexe « prix ».pdf', sha256: hex(digest(p, 'SHA-256', annex)), firstPage: 3, pages: 3 }
	]);
	expect((await metadata(ada.ctx, whole)).name).toBe('Contrat - annexes.pdf');
	expect((await metadata(ada.ctx, second)).versions).toHaveLength(1);
	const envelope = await prepareEnvelope(ada.ctx, { document: whole, title: 'Contrat et annexes', note: '', days: 30, signers: [zoe] });
	await send(ada.ctx, envelope);
	await work();
	const { ctx } = await enter(zoe.email);
	await attempt(ctx, await ask(ctx, zoe.name));
	await work();
	expect((await follow(ada.ctx, envelope)).state).toBe('completed');
	const pdf = mails.findLast((m) => m.attachments)!.attachments![0]!.content;
	expect(Buffer.from(terms).equals(pdf.subarray(0, terms.length))).toBe(true);
	expect(openDocument(pdf).pages()).toHaveLength(6);
	const report = await validate(p, pdf, { trust: { anchors: [world.root] }, at: Date.now() + 60_000 });
	expect(report.indication).toBe('TOTAL-PASSED');
	expect(run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': pdf }).text).toContain('Signature is Valid');
	const list = new TextDecoder().decode(made('t.txt', 'pdftotext', ['-f', '6', '-l', '6', 'a.pdf', 't.txt'], { 'a.pdf': pdf })).replace(/\s+/g, ' ');
	for (const said of ['Liste des pièces', 'Annexe « prix ».pdf', 'pages 3 à 5', 'celui qui vient avant']) expect(list).toContain(said);
	expect(list.replaceAll(' ', '')).toContain(hex(digest(p, 'SHA-256', annex)));
	const closed = await closedEnvelope(world.worker, envelope);
	expect((await partsOf(world.worker, closed!.document)).map((part) => part.name)).toEqual(['Conditions générales.pdf', 'Annexe « prix ».pdf']);
});

test('SIGN-5 what cannot be put together is refused, named, and an event: fields that would be lost, another safe, what is no PDF, one alone', async () => {
	const plain = await put('plain.pdf', await contract());
	const form = await put('form.pdf', await withForm());
	const elsewhere = await put('elsewhere.pdf', await contract(), (await safes.create(ada.ctx, { name: 'Autre' })).id);
	const text = await put('notes.txt', new TextEncoder().encode('text'));
	const put2 = (documents: string[]) => () => assembleDocuments(ada.ctx, { documents, title: 'T', locale: 'en' });
	await expect(put2([plain, form])()).rejects.toMatchObject({ reason: 'parts-annotations', details: { document: 'form.pdf' } });
	await expect(put2([plain, elsewhere])()).rejects.toMatchObject({ reason: 'parts-safe' });
	await expect(put2([plain, text])()).rejects.toMatchObject({ reason: 'pdf-not-a-pdf', details: { document: 'notes.txt' } });
	await expect(put2([plain, plain])()).rejects.toThrow();
	await expect(put2([plain])()).rejects.toThrow();
	expect(await partsOf(ada.ctx, await put2([form, plain])())).toHaveLength(2);
	expect((await refusals()).map((r) => r.reason)).toEqual(['parts-annotations']);
	const reader = await world.person(ada.client, 'reader');
	await expect(assembleDocuments(reader.ctx, { documents: [plain, form], title: 'T', locale: 'fr' })).rejects.toMatchObject({ kind: 'not-found' });
	expect(await partsOf(reader.ctx, plain)).toEqual([]);
});
