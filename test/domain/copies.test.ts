import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PDFDocument } from 'pdf-lib';
import { expect, test } from 'vitest';
import { fromLatin1 } from '#crypto/bytes.ts';
import { preflight } from '#crypto/pdf/preflight.ts';
import { convert } from '#lib/server/conversion/convert.ts';
import { askForCopy, decideCopy, find } from '#lib/server/conversion/copies.ts';
import { flatten, programs } from '#lib/server/conversion/flatten.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import { bytesOf, metadata } from '#lib/server/documents/read.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { inspect, prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { bubblewrap } from '#lib/server/sandbox/bubblewrap.ts';
import type { Sandbox } from '#lib/server/sandbox/sandbox.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { docxOf, odtOf, zipOf } from '../support/office.ts';
import { made } from '../support/openssl.ts';
import { pngOf } from '../support/pictures.ts';
import { contract } from '../support/signing.ts';
import { createWorld } from '../support/world.ts';

const sandbox = await bubblewrap();
const why = !sandbox ? 'no sandbox here' : programs.every((p) => existsSync(`/usr/bin/${p}`)) ? '' : 'Ghostscript, GraphicsMagick or LibreOffice not installed';
const boxed = (name: string, act: () => Promise<void>) => (why ? test.skip(`${name} (skipped: ${why})`, act) : test(name, { timeout: 300_000 }, act));

const world = await createWorld();
const { ada, safe } = await createEnvelopes(world);
const worker = { ...world.worker, sandbox };

async function put(name: string, bytes: Uint8Array): Promise<string> {
	const s = await stage.create(ada.ctx, { safe, name, length: bytes.length });
	await stage.write(ada.ctx, s.id, 0, (async function* () { yield bytes; })());
	return (await deposit(ada.ctx, { stage: s.id })).document;
}
async function copyOf(name: string, bytes: Uint8Array) {
	const document = await put(name, bytes);
	const id = await askForCopy(ada.ctx, document);
	await convert(worker, { conversion: id });
	return { document, ...(await find(ada.ctx, id)) };
}
const textOf = (pdf: Uint8Array) => new TextDecoder().decode(made('t.txt', 'pdftotext', ['a.pdf', 't.txt'], { 'a.pdf': pdf }));
const qpdf = (args: readonly string[], pdf: Uint8Array) => made('out.pdf', 'qpdf', [...args, 'in.pdf', 'out.pdf'], { 'in.pdf': pdf });

async function scripted(): Promise<Uint8Array> {
	const pdf = await PDFDocument.load(await contract({ pages: 2 }));
	pdf.addJavaScript('a', 'app.alert("x")');
	return pdf.save({ useObjectStreams: false });
}

boxed('SAFE-21 a Word document becomes a PDF that its sender looks at and approves; only then it can be sent; the original is kept', async () => {
	const bytes = docxOf('Contrat de prestation – été');
	const { id, document, state, copy } = await copyOf('Contrat été.docx', bytes);
	expect([state, copy?.name]).toEqual(['made', 'Contrat été.pdf']);
	const pdf = await bytesOf(ada.ctx, copy!.version);
	expect(textOf(pdf)).toContain('Contrat de prestation – été');
	expect((await inspect(ada.ctx, copy!.document)).refusals).toMatchObject([{ reason: 'unapproved-copy' }]);
	const envelope = { document: copy!.document, title: 'T', note: '', days: 7, signers: [zoe] };
	await expect(prepareEnvelope(ada.ctx, envelope)).rejects.toMatchObject({ reason: 'pdf-unapproved-copy' });
	await decideCopy(ada.ctx, id, 'approved');
	expect(await prepareEnvelope(ada.ctx, envelope)).toBeTruthy();
	await expect(decideCopy(ada.ctx, id, 'refused')).rejects.toMatchObject({ reason: 'copy-state' });
	expect(Buffer.from(await bytesOf(ada.ctx, (await metadata(ada.ctx, document)).versions[0]!.id)).equals(Buffer.from(bytes))).toBe(true);
	const events = await world.owner<{ op: string }[]>`select convert_from(body, 'UTF8')::jsonb->>'op' as op from event where convert_from(body, 'UTF8')::jsonb->>'op' in ('document.convert', 'document.approve-copy') order by id`;
	expect(events.map((e) => e.op)).toEqual(['document.convert', 'document.approve-copy', 'document.approve-copy']); // the last is the refusal
});

boxed('SAFE-21 an OpenDocument text becomes one too', async () => {
	const { state, copy } = await copyOf('Avenant.odt', odtOf('Avenant n° 2 – prorogation'));
	expect([state, copy?.name]).toEqual(['made', 'Avenant.pdf']);
	const pdf = await bytesOf(ada.ctx, copy!.version);
	expect(textOf(pdf)).toContain('Avenant n° 2 – prorogation');
	expect(preflight(pdf)).toMatchObject({ refusals: [], pages: 1 });
});

boxed('SAFE-21 a copy that was refused can never be sent', async () => {
	const { id, copy } = await copyOf('refused.docx', docxOf('No'));
	await decideCopy(ada.ctx, id, 'refused');
	expect((await inspect(ada.ctx, copy!.document)).refusals).toMatchObject([{ reason: 'unapproved-copy' }]);
});

boxed('SAFE-21 PDFs with JavaScript, or under an owner’s password, become pictures of their pages, with nothing else left', async () => {
	for (const [name, bytes, refused] of [['script.pdf', await scripted(), 'javascript'], ['owner.pdf', qpdf(['--encrypt', '', 'owner', '256', '--modify=none', '--'], await contract({ pages: 2 })), 'encrypted']] as const) {
		expect(preflight(bytes).refusals.map((r) => r.reason)).toEqual([refused]);
		const { state, copy } = await copyOf(name, bytes);
		expect([state, copy?.name]).toEqual(['made', `${name.slice(0, -4)} – copie à plat.pdf`]);
		const pdf = await bytesOf(ada.ctx, copy!.version);
		expect(preflight(pdf)).toMatchObject({ refusals: [], pages: 2 });
		expect(fromLatin1(pdf)).not.toMatch(/JavaScript|app\.alert|\/Encrypt/);
	}
});

boxed('SAFE-21 a picture becomes a sheet of A4', async () => {
	const { state, copy } = await copyOf('scan.png', pngOf(900, 600));
	expect(state).toBe('made');
	const page = (await PDFDocument.load(await bytesOf(ada.ctx, copy!.version))).getPage(0).getSize();
	expect([Math.round(page.width), Math.round(page.height)].sort((a, b) => a - b)).toEqual([595, 842]);
});

boxed('SAFE-21 nothing that a document names outside is fetched while it is converted', async () => {
	const asked: string[] = [];
	const server = createServer((request, response) => (asked.push(request.url ?? ''), response.end()));
	await new Promise<void>((ok) => server.listen(0, '127.0.0.1', ok));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const bytes = docxOf('Lettre', { picture: `${origin}/picture.png`, template: `${origin}/template.dotm` });
	expect(textOf(await flatten(sandbox!, bytes, 'application/zip'))).toContain('Lettre');
	expect(asked).toEqual([]);
	await fetch(`${origin}/reached`); // it can be reached from here
	expect(asked).toEqual(['/reached']);
	server.close();
});

boxed('SAFE-21 what cannot be converted says why, is an event, and leaves the original', async () => {
	const reasons = [
		['archive.zip', zipOf({ 'a.txt': 'a' }), 'unknown'],
		['user.pdf', qpdf(['--encrypt', 'user', 'owner', '256', '--'], await contract()), 'password'],
		['broken.pdf', (await contract()).slice(0, 300), 'damaged'],
		['bad.png', pngOf(40, 40).slice(0, 60), 'damaged']
	] as const;
	for (const [name, bytes, failure] of reasons) expect(await copyOf(name, bytes), name).toMatchObject({ state: 'failed', failure, copy: null });
	await expect(askForCopy(ada.ctx, await put('notes.txt', new TextEncoder().encode('text')))).rejects.toMatchObject({ reason: 'copy-type' });
	const slow: Sandbox = { ...sandbox!, run: (command) => sandbox!.run({ ...command, limits: { ...command.limits, wall: 0.05 } }) };
	await expect(flatten(slow, docxOf('x'), 'application/zip')).rejects.toMatchObject({ failure: 'too-long' });
	const bomb = docxOf('x', { filler: 300_000_000 });
	expect(bomb.length).toBeLessThan(1_000_000);
	await expect(flatten(sandbox!, bomb, 'application/zip')).rejects.toMatchObject({ failure: expect.stringMatching(/^(damaged|too-long|too-large)$/) as string });
	const none = await askForCopy(ada.ctx, await put('later.docx', docxOf('x')));
	await convert({ ...worker, sandbox: null }, { conversion: none });
	expect(await find(ada.ctx, none)).toMatchObject({ state: 'failed', failure: 'missing' });
});

boxed('SAFE-21 a worker killed at it twice does not try again; asked twice it is one copy; a copy of another client is nobody’s business', async () => {
	const document = await put('deadly.docx', docxOf('x'));
	const id = await askForCopy(ada.ctx, document);
	expect(await askForCopy(ada.ctx, document)).toBe(id);
	const killed = { ...worker, sandbox: { ...sandbox!, run: () => Promise.reject(new Error('killed')) } };
	for (let i = 0; i < 2; i++) await expect(convert(killed, { conversion: id })).rejects.toThrow('killed');
	await convert(worker, { conversion: id });
	expect(await find(ada.ctx, id)).toMatchObject({ state: 'failed', failure: 'damaged' });
	const stranger = await world.administrator();
	await expect(find(stranger.ctx, id)).rejects.toMatchObject({ kind: 'not-found' });
});
