import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { degrees, PDFDocument } from 'pdf-lib';
import { expect, test } from 'vitest';
import { dispose } from '#lib/server/documents/dispose.ts';
import { drawFirstPage, firstPage, makeFirstPage } from '#lib/server/envelopes/first-page.ts';
import { cancel, follow } from '#lib/server/envelopes/send.ts';
import { attempt, open, task } from '#lib/server/envelopes/sign-here.ts';
import { bubblewrap } from '#lib/server/sandbox/bubblewrap.ts';
import type { Outcome, Sandbox } from '#lib/server/sandbox/sandbox.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { made } from '../support/openssl.ts';
import { contract } from '../support/signing.ts';
import { createWorld } from '../support/world.ts';

const sandbox = await bubblewrap();
const why = !sandbox ? 'no sandbox here' : existsSync('/usr/bin/gs') && existsSync('/usr/bin/gm') ? '' : 'Ghostscript or GraphicsMagick not installed';
const boxed = (name: string, act: () => Promise<void>) => (why ? test.skip(`${name} (skipped: ${why})`, act) : test(name, { timeout: 120_000 }, act));

const world = await createWorld();
const { ada, safe, worker, sent, enter, ask, work } = await createEnvelopes(world);
const { owner } = world;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** Width and height of a WebP, and the grey (0 black, 255 white) of its pixels. */
function seen(webp: Uint8Array): { width: number; height: number; grey: Buffer } {
	const pgm = Buffer.from(made('a.pgm', 'gm', ['convert', 'webp:a.webp', '-colorspace', 'Gray', '-depth', '8', 'pgm:a.pgm'], { 'a.webp': webp }));
	const [head, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.subarray(0, 40).toString('latin1'))!;
	return { width: Number(width), height: Number(height), grey: pgm.subarray(head.length) };
}
const events = async (envelope: string) => (await owner<{ op: string }[]>`select convert_from(body, 'UTF8')::jsonb->>'op' as op from event where convert_from(body, 'UTF8')::jsonb->>'obj' = ${envelope} order by id`).map(({ op }) => op);

boxed('SIGN-11 page one of what is to be signed is drawn, light, sealed, shown to its signer with an event before it, and gone with the document', async () => {
	const envelope = await sent([{ ...zoe }, { ...bob }], {}, await contract({ pages: 3 }));
	const { ctx } = await enter(zoe.email);
	const before = await task(ctx);
	expect(before.firstPage).toBeNull();
	await expect(firstPage(ctx, before.sha256)).rejects.toMatchObject({ kind: 'not-found', reason: 'first-page' });
	expect(await events(envelope)).not.toContain('signer.preview');

	await makeFirstPage(worker, { envelope });
	await makeFirstPage(worker, { envelope }); // repeated: the same one
	expect((await task(ctx)).firstPage).toEqual({ width: 595, height: 842 });
	const picture = await firstPage(ctx, before.sha256);
	expect(picture.length).toBeLessThanOrEqual(60_000);
	const { width, height, grey } = seen(picture);
	expect([width, Math.abs(height - (780 * 842) / 595) <= 2]).toEqual([780, true]);
	expect([grey.some((g) => g < 100), grey.some((g) => g > 250)]).toEqual([true, true]); // ink on paper
	expect((await events(envelope)).filter((op) => op === 'signer.preview')).toHaveLength(1);
	const rows = await owner<{ picture: Uint8Array }[]>`select picture from first_page where safe = ${safe}`;
	expect(rows).toHaveLength(1);
	expect(Buffer.from(rows[0]!.picture).includes('WEBP')).toBe(false);

	// It is of those bytes and no others; it counts as no reading of them.
	await expect(firstPage(ctx, '0'.repeat(64))).rejects.toMatchObject({ reason: 'document-moved' });
	expect(await events(envelope)).not.toContain('signer.read');

	await cancel(ada.ctx, envelope);
	await expect(firstPage(ctx, before.sha256)).rejects.toMatchObject({ kind: 'gone', reason: 'envelope-closed' });
	const { document } = await follow(ada.ctx, envelope);
	await dispose(ada.ctx, { document, confirmation: 'contrat.pdf' });
	expect(await owner`select from first_page where safe = ${safe}`).toHaveLength(0);
	await makeFirstPage(worker, { envelope });
	expect(await owner`select from first_page where safe = ${safe}`).toHaveLength(0);
});

boxed('SIGN-11 whoever signs next is shown page one with the signature before theirs', async () => {
	const envelope = await sent([{ ...zoe, email: 'z2@test.example' }, { ...bob, email: 'b2@test.example' }]);
	await makeFirstPage(worker, { envelope });
	const { ctx: first } = await enter('z2@test.example');
	const { sha256: base } = await task(first);
	const unsigned = seen(await firstPage(first, base));
	const code = await ask(first, 'Zoë');
	await attempt(first, code);
	await work();
	const { ctx: second } = await enter('b2@test.example');
	expect((await task(second)).firstPage).toBeNull();
	await makeFirstPage(worker, { envelope });
	const now = await task(second);
	const bytes = Buffer.concat(await Array.fromAsync((await open(second)).bytes));
	expect(now.sha256).toBe(sha256(bytes));
	const signed = seen(await firstPage(second, now.sha256));
	const ink = ({ grey }: { grey: Buffer }) => grey.filter((g) => g < 128).length;
	expect(ink(signed)).toBeGreaterThan(ink(unsigned));
});

boxed('SIGN-11 a page is drawn as it is seen: turned, cropped, wide; a heavy one is made lighter', async () => {
	const pdf = await PDFDocument.create();
	const page = pdf.addPage([595, 842]);
	page.setCropBox(0, 421, 595, 421);
	page.setRotation(degrees(90));
	page.drawRectangle({ x: 0, y: 800, width: 40, height: 42 });
	const drawn = await drawFirstPage(sandbox, await pdf.save({ useObjectStreams: false }));
	expect([drawn?.width, drawn?.height]).toEqual([421, 595]);
	const { width, height, grey } = seen(drawn!.picture);
	expect(Math.abs(width / height - 421 / 595)).toBeLessThan(0.01);
	expect([grey[5 * width + width - 5]! < 60, grey[5 * width + 5]! > 240]).toEqual([true, true]); // its top left corner is turned to the top right

	const dense = await PDFDocument.create();
	const full = dense.addPage([595, 842]);
	for (let i = 0; i < 65; i++) full.drawText(`${i} Le prestataire s'engage dans les conditions et les délais convenus en annexe, sous réserve des dispositions.`.slice(0, 105), { x: 30, y: 815 - i * 12, size: 10 });
	const light = await drawFirstPage(sandbox, await dense.save({ useObjectStreams: false }));
	expect(light!.picture.length).toBeLessThanOrEqual(60_000);
});

test('SIGN-11 where it cannot be drawn there is none, and nothing is said of it', async () => {
	const pdf = await contract();
	const answering = (outcome: Partial<Outcome>, has = true): Sandbox => ({ has: () => has, run: () => Promise.resolve({ status: 0, stopped: null, output: new Uint8Array(), complaint: '', ...outcome }) });
	const webp = Buffer.from('RIFF\x04\x00\x00\x00WEBPVP8 ', 'latin1');
	expect(await drawFirstPage(answering({ output: webp }), pdf)).toMatchObject({ width: 595 });
	for (const box of [null, answering({ output: webp }, false), answering({ output: webp, status: 1 }), answering({ output: webp, stopped: 'wall' }), answering({ output: Buffer.from('%PDF-1.7 not a picture') })]) expect(await drawFirstPage(box, pdf)).toBeNull();
	const envelope = await sent([{ ...zoe, email: 'z3@test.example' }]);
	await makeFirstPage({ ...worker, sandbox: null }, { envelope });
	expect((await task((await enter('z3@test.example')).ctx)).firstPage).toBeNull();
});
