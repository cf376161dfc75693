// Every kind of file that comes to be signed: signed by appending, judged by us and by others; its mark where it was asked for, upright.

import { degrees, PDFDocument, PDFName, PDFNumber, rgb } from 'pdf-lib';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { made, run } from '../../test/support/openssl.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { answers, contract, signField, stamped, withFields } from '../../test/support/signing.ts';
import { concat, fromLatin1, latin1 } from '../bytes.ts';
import { openDocument } from '../pdf/document.ts';
import { array, dict, name, number, stream, textString, withEntries, writeObject } from '../pdf/objects.ts';
import { pageView, toUserSpace, type Place } from '../pdf/page.ts';
import { beginRevision } from '../pdf/revision.ts';
import { addSignatureFields, footOfLastPage } from './fields.ts';
import { validate } from './validate.ts';

const at = epoch + year / 2;
const pki = await createPki();
const authority = await pki.authority();
const holder = await pki.issue('Zoë Müller');
const revocation = await answers(pki, [holder, authority], at + 600);
const trust = { anchors: [pki.root.certificate.der] };
const qpdf = async (args: readonly string[], pdf?: Uint8Array) => made('out.pdf', 'qpdf', [...args, 'in.pdf', 'out.pdf'], { 'in.pdf': pdf ?? (await contract({ pages: 2 })) });

async function passed(signed: Uint8Array, signatures: number): Promise<void> {
	const report = await validate(p, signed, { trust, at: at + 1000, revocation });
	expect([...report.reasons, ...report.signatures.flatMap((s) => s.reasons)]).toEqual([]);
	expect(report.indication).toBe('TOTAL-PASSED');
	expect(report.signatures).toHaveLength(signatures);
}

async function accepted(before: Uint8Array, signed: Uint8Array, signatures = 1): Promise<void> {
	expect(Buffer.from(before).equals(Buffer.from(signed.subarray(0, before.length)))).toBe(true);
	await passed(signed, signatures);
	const files = { 'a.pdf': signed };
	expect(run('qpdf', ['--check', 'a.pdf'], files).text).toContain('No syntax or stream encoding errors found');
	expect(run('pdfsig', ['-nocert', 'a.pdf'], files).text.match(/Signature is Valid/g)).toHaveLength(signatures);
	const mutool = run('mutool', ['sign', '-v', 'a.pdf'], files).text;
	expect(mutool.match(/The document is unchanged since signing|The signature is valid but there have been edits since signing/g), mutool).toHaveLength(signatures); // a later signature is an edit to it
	expect(mutool).not.toMatch(/repair/i);
}

const inputs: Record<string, () => Promise<Uint8Array>> = {
	'a classic cross-reference table': () => qpdf(['--object-streams=disable']),
	'a cross-reference stream and object streams': () => qpdf(['--object-streams=generate']),
	'a cross-reference stream, no object streams': async () => streamed(await qpdf(['--object-streams=disable'])),
	'an update that frees an object': async () => freed(await qpdf(['--object-streams=disable'])),
	'a linearized file': () => qpdf(['--linearize', '--object-streams=disable']),
	'a linearized file with object streams': () => qpdf(['--linearize', '--object-streams=generate']),
	...Object.fromEntries(['1.4', '1.5', '1.6', '1.7', '2.0'].map((version) => [`PDF ${version}`, () => qpdf([`--force-version=${version}`, `--object-streams=${version === '1.4' ? 'disable' : 'generate'}`])])),
	'two incremental updates before': async () => {
		let pdf = await contract();
		for (const title of ['one', 'two']) {
			const writer = beginRevision(openDocument(pdf));
			const info = openDocument(pdf).trailer.map.get('Info');
			writer.set(info as never, dict({ Title: textString(title) }));
			pdf = writer.finish(p.random(16)).bytes;
		}
		return pdf;
	},
	'a form of its own, filled in': async () => {
		const pdf = await PDFDocument.create();
		const field = pdf.getForm().createTextField('somme');
		field.addToPage(pdf.addPage([595, 842]), { x: 60, y: 600, width: 200, height: 20 });
		field.setText('1 200 €');
		return pdf.save({ useObjectStreams: false });
	},
	'a page turned by 90 degrees': () => turned(90),
	'a page turned by 180 degrees': () => turned(180),
	'a page turned by 270 degrees': () => turned(270),
	'a page turned by -90 degrees': () => turned(-90),
	'a page cropped, its media box not from zero': () => turned(0, { crop: true }),
	'a page cropped and turned by 90 degrees': () => turned(90, { crop: true }),
	'a page cropped and turned by 270 degrees': () => turned(270, { crop: true }),
	'a page in units of a quarter inch': () => turned(0, { unit: 18 }),
	'a page in units of a quarter inch, turned by 90 degrees': () => turned(90, { unit: 18 })
};

/** The same objects under a cross-reference stream (ISO 32000-2 §7.5.8). */
function streamed(pdf: Uint8Array): Uint8Array {
	const { revisions, trailer } = openDocument(pdf);
	const { xref, entries } = revisions[0]!;
	const own = (trailer.map.get('Size') as { value: number }).value;
	const offsets = Array.from({ length: own }, (_, num) => entries.get(num)).map((e) => (e?.type === 'offset' ? e.offset : 0));
	const rows = Uint8Array.from([...offsets, xref].flatMap((at) => [at ? 1 : 0, at >> 16, (at >> 8) & 255, at & 255, 0]));
	const object = writeObject(stream({ ...Object.fromEntries(trailer.map), Type: name('XRef'), Size: number(own + 1), W: array(...[1, 3, 1].map(number)) }, rows));
	return Buffer.concat([pdf.subarray(0, xref), latin1(`${own} 0 obj\n`), object, latin1(`\nendobj\nstartxref\n${xref}\n%%EOF\n`)]);
}

/** An object that nothing refers to, added by one update and freed by the next (§7.5.4). */
function freed(pdf: Uint8Array): Uint8Array {
	const { revisions, trailer } = openDocument(pdf);
	const num = (trailer.map.get('Size') as { value: number }).value;
	const update = (before: string, body: string, table: string, prev: number) => {
		const entries = writeObject(dict({ ...Object.fromEntries(trailer.map), Size: number(num + 1), Prev: number(prev) }));
		return `${before}${body}xref\n${table}trailer\n${fromLatin1(entries)}\nstartxref\n${before.length + body.length}\n%%EOF\n`;
	};
	const body = `${num} 0 obj\n<</Note true>>\nendobj\n`;
	const added = update(fromLatin1(pdf), body, `${num} 1\n${String(pdf.length).padStart(10, '0')} 00000 n\r\n`, revisions[0]!.xref);
	return latin1(update(added, '', `0 1\n${String(num).padStart(10, '0')} 65535 f\r\n${num} 1\n0000000000 00001 f\r\n`, pdf.length + body.length));
}

async function turned(rotate: number, { crop = false, unit = 1 }: { crop?: boolean; unit?: number } = {}): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	const page = pdf.addPage([612 / unit, 400 / unit]);
	page.setRotation(degrees(rotate));
	if (crop) {
		page.setMediaBox(-100, 50, 612, 400);
		page.setCropBox(-80, 90, 550, 310);
	}
	if (unit !== 1) page.node.set(PDFName.of('UserUnit'), PDFNumber.of(unit));
	return pdf.save({ useObjectStreams: false });
}

describe('SIGN-7 what is signed by appending, and accepted by us, pdfsig, qpdf and mutool', () => {
	test.each(Object.keys(inputs))('%s', async (kind) => {
		const pdf = await inputs[kind]!();
		const empty = withFields(pdf, ['a', 'b']);
		expect(Buffer.from(pdf).equals(Buffer.from(empty.subarray(0, pdf.length)))).toBe(true);
		const first = await signField(empty, 'a', holder, { at, authority });
		await accepted(empty, first);
		const second = await signField(first, 'b', holder, { at: at + 500, authority });
		await accepted(first, second, 2);
	});
});

const corpora = new URL('../../../shared/corpora/signed/', import.meta.url);
const there = existsSync(corpora);
const skipped = there ? '' : ' (skipped: no corpora folder)';

describe(`SIGN-7 files signed by other people’s software${skipped}`, () => {
	const bytesOf = (file: string) => new Uint8Array(readFileSync(new URL(file.split('/').map(encodeURIComponent).join('/'), corpora)));
	const judged = async (pdf: Uint8Array) => (await validate(p, pdf, { trust: 'embedded', at: at + 1000 })).signatures.map((s) => [s.field, s.integrity, s.indication, s.revision]);

	/** Its bytes and what is said of its signatures stay; one comes, and passes. */
	async function countersigned(before: Uint8Array, after: Uint8Array): Promise<void> {
		expect(Buffer.from(before).equals(Buffer.from(after.subarray(0, before.length)))).toBe(true);
		const [were, are] = [await judged(before), await judged(after)];
		expect(are.slice(0, -1)).toEqual(were);
		expect(are.at(-1)!.slice(1, 3)).toEqual(['intact', 'TOTAL-PASSED']);
	}

	test.skipIf(!there)('we sign the empty field of one', async () => {
		const pdf = bytesOf('in-the-wild/test_signed-1.pdf');
		await countersigned(pdf, await signField(pdf, 'sig9', holder, { at, authority }));
	});

	test.skipIf(!there)('we put a document time-stamp over each whose signatures are intact', { timeout: 60_000 }, async () => {
		let count = 0;
		for (const file of readdirSync(corpora, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.pdf'))) {
			const pdf = bytesOf(file);
			const integrities = (await judged(pdf)).map(([, integrity]) => integrity);
			if (!integrities.length || integrities.some((i) => i !== 'intact')) continue;
			await countersigned(pdf, await stamped(pdf, authority, at));
			count++;
		}
		expect(count).toBeGreaterThan(30);
	});
});

/** Red in its upper left quarter, blue in its lower right. */
async function quarters(width: number, height: number): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	const page = pdf.addPage([width, height]);
	page.drawRectangle({ x: 0, y: height / 2, width: width / 2, height: height / 2, color: rgb(1, 0, 0) });
	page.drawRectangle({ x: width / 2, y: 0, width: width / 2, height: height / 2, color: rgb(0, 0, 1) });
	return pdf.save();
}

/** The page as a reader draws it, a pixel a point: the colour there. */
function drawn(pdf: Uint8Array): (x: number, y: number) => readonly number[] {
	const ppm = Buffer.from(made('out.ppm', 'mutool', ['draw', '-q', '-r', '72', '-o', 'out.ppm', 'a.pdf', '1'], { 'a.pdf': pdf }));
	const [header, width] = /^P6\s(\d+) (\d+)\s255\s/.exec(ppm.toString('latin1', 0, 40))!;
	return (x, y) => [...ppm.subarray(header.length).subarray(3 * (Math.round(y) * Number(width) + Math.round(x))).subarray(0, 3)];
}

/** The colours in the middle of the four quarters of a place. */
const quartersAt = (colour: ReturnType<typeof drawn>, { x, y, width, height }: Place) => [0.25, 0.75].flatMap((down) => [0.25, 0.75].map((across) => colour(x + across * width, y + down * height)));
const [red, blue, white] = [[255, 0, 0], [0, 0, 255], [255, 255, 255]];
const place = { x: 40, y: 30, width: 120, height: 40 };

describe('SIGN-5 a mark asked for at a place of the page as seen is there, upright', () => {
	test.each(Object.keys(inputs).filter((kind) => kind.startsWith('a page')))('%s', async (kind) => {
		const pdf = await inputs[kind]!();
		const document = openDocument(pdf);
		const view = pageView(document, document.pages()[0]!.page);
		const empty = addSignatureFields(pdf, [{ name: 'a', page: 0, rect: toUserSpace(view, place) }], p.random(16));
		const signed = await signField(empty, 'a', holder, { at, authority, wishes: { appearance: await quarters(place.width, place.height) } });
		expect(quartersAt(drawn(signed), place)).toEqual([red, white, white, blue]);
	});

	test.each([[595, 842], [842, 595], [298, 420], [420, 298], [150, 100]])('twenty that nobody placed are within a page of %i by %i, none over another', async (width, height) => {
		const pdf = await PDFDocument.create();
		pdf.addPage([width, height]);
		const rects = footOfLastPage(await pdf.save(), 20).map(({ rect }) => rect);
		for (const [left, bottom, right, top] of rects) expect([left > 0, bottom > 0, right > left, top > bottom, right < width, top < height]).toEqual(Array(6).fill(true));
		for (const [i, a] of rects.entries()) for (const b of rects.slice(i + 1)) expect(a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1]).toBe(true);
	});

	test('in the coordinates of the PDF', async () => {
		const empty = addSignatureFields(await contract(), [{ name: 'a', page: 0, rect: [100, 500, 220, 540] }], p.random(16));
		const signed = await signField(empty, 'a', holder, { at, authority, wishes: { appearance: await quarters(120, 40) } });
		expect(quartersAt(drawn(signed), { x: 100, y: 842 - 540, width: 120, height: 40 })).toEqual([red, white, white, blue]);
	});

	test('in a field whose widget is its kid', async () => {
		const document = openDocument(await contract());
		const writer = beginRevision(document);
		const { ref, page } = document.pages()[0]!;
		const [field, widget, form] = [writer.allocate(), writer.allocate(), writer.allocate()];
		writer.set(field, dict({ FT: name('Sig'), T: textString('a'), Kids: array(widget) }));
		writer.set(widget, dict({ Type: name('Annot'), Subtype: name('Widget'), Parent: field, Rect: array(...[100, 500, 220, 540].map(number)), F: number(132) }));
		writer.set(form, dict({ Fields: array(field), SigFlags: number(3) }));
		writer.set(ref, withEntries(page, { Annots: array(widget) }));
		writer.set(document.trailer.map.get('Root') as never, withEntries(document.catalog, { AcroForm: form }));
		const empty = writer.finish(p.random(16)).bytes;
		const signed = await signField(empty, 'a', holder, { at, authority, wishes: { appearance: await quarters(120, 40) } });
		expect(quartersAt(drawn(signed), { x: 100, y: 842 - 540, width: 120, height: 40 })).toEqual([red, white, white, blue]);
		await passed(signed, 1); // pdfsig looks for /V in the widget alone
	});
});

test('SIGN-5 a photograph (JPEG) stands in the mark', async () => {
	const jpeg = made('p-1.jpg', 'pdftoppm', ['-jpeg', '-r', '72', 'q.pdf', 'p'], { 'q.pdf': await quarters(128, 64) });
	const authored = await PDFDocument.create();
	authored.addPage([120, 40]).drawImage(await authored.embedJpg(jpeg), { x: 0, y: 0, width: 120, height: 40 });
	const empty = addSignatureFields(await contract(), [{ name: 'a', page: 0, rect: [100, 500, 220, 540] }], p.random(16));
	const signed = await signField(empty, 'a', holder, { at, authority, wishes: { appearance: await authored.save() } });
	const seen = quartersAt(drawn(signed), { x: 100, y: 842 - 540, width: 120, height: 40 });
	for (const [i, colour] of [red, white, white, blue].entries()) for (const [j, n] of colour!.entries()) expect(Math.abs(seen[i]![j]! - n)).toBeLessThan(8);
	await accepted(empty, signed);
});

/** A PNG of one colour, half of its columns transparent (PNG §11.2, colour type 6). */
function png(width: number, height: number, [r, g, b]: readonly [number, number, number]): Uint8Array {
	const crcTable = Uint32Array.from({ length: 256 }, (_, n) => Array.from({ length: 8 }).reduce<number>((c) => (c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1), n));
	const chunk = (type: string, data: Uint8Array) => {
		const body = Buffer.concat([Buffer.from(type), data]);
		const out = Buffer.alloc(body.length + 8);
		out.writeUInt32BE(data.length);
		body.copy(out, 4);
		out.writeUInt32BE((body.reduce((c, byte) => crcTable[(c ^ byte) & 255]! ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0, body.length + 4);
		return out;
	};
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width);
	head.writeUInt32BE(height, 4);
	head.set([8, 6], 8);
	const rows = Buffer.concat(Array.from({ length: height }, () => Buffer.from([0, ...Array.from({ length: width }, (_, x) => [r, g, b, x < width / 2 ? 255 : 0]).flat()])));
	return new Uint8Array(Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]));
}

test('SIGN-5 an image with transparency stands in the mark', async () => {
	const authored = await PDFDocument.create();
	const page = authored.addPage([120, 40]);
	page.drawRectangle({ x: 0, y: 0, width: 120, height: 40, color: rgb(0, 0, 1) });
	page.drawImage(await authored.embedPng(png(60, 20, [255, 0, 0])), { x: 0, y: 0, width: 120, height: 40 });
	const empty = addSignatureFields(await contract(), [{ name: 'a', page: 0, rect: [100, 500, 220, 540] }], p.random(16));
	const signed = await signField(empty, 'a', holder, { at, authority, wishes: { appearance: await authored.save() } });
	expect(quartersAt(drawn(signed), { x: 100, y: 842 - 540, width: 120, height: 40 })).toEqual([red, blue, red, blue]);
	await accepted(empty, signed);
});

/** A cross-reference table whose trailer names a stream beside it (ISO 32000-2 §7.5.8.4). */
async function hybrid(): Promise<Uint8Array> {
	const pdf = await contract();
	const document = openDocument(pdf);
	const size = (document.trailer.map.get('Size') as { value: number }).value;
	const root = (document.trailer.map.get('Root') as { num: number }).num;
	const body = `${size} 0 obj\n<</Type/XRef/Size ${size + 1}/W[1 2 1]/Index[0 0]/Length 0>>\nstream\n\nendstream\nendobj\n`;
	return concat(pdf, latin1(`${body}xref\n0 0\ntrailer\n<</Size ${size + 1}/Root ${root} 0 R/Prev ${document.revisions.at(-1)!.xref}/XRefStm ${pdf.length}>>\nstartxref\n${pdf.length + body.length}\n%%EOF\n`));
}

describe('SIGN-7 what is not signed, and the reason', () => {
	test.each([
		['encrypted', async () => qpdf(['--encrypt', '', 'owner', '256', '--'])],
		['encrypted', async () => qpdf(['--encrypt', 'user', 'owner', '256', '--'])],
		['encrypted', async () => qpdf(['--encrypt', '', 'owner', '128', '--use-aes=y', '--'])],
		['encrypted', async () => qpdf(['--allow-weak-crypto', '--encrypt', '', 'owner', '128', '--use-aes=n', '--'])],
		['damaged', async () => latin1(fromLatin1(await contract()).replace('\n', '\n% a line more than the offsets know\n'))],
		['damaged', async () => latin1(fromLatin1(await contract()).replace(/(\d{10}) 00000 n/, '0000000099 00000 n'))],
		['damaged', async () => (await contract()).slice(0, -40)],
		['damaged', async () => latin1(fromLatin1(await contract()).replace(/startxref\n\d+/, 'startxref\n77'))],
		['trailing-bytes', async () => latin1(`${fromLatin1(await contract())}more than nothing`)],
		['hybrid-xref', hybrid],
		['not-a-pdf', async () => latin1('PK\u0003\u0004')]
	] as const)('%s', async (reason, make) => {
		const pdf = await make();
		expect(() => withFields(pdf, ['a'])).toThrow(expect.objectContaining({ code: reason === 'damaged' || reason === 'not-a-pdf' ? 'malformed' : 'refused' }));
		expect(() => addSignatureFields(pdf, [{ name: 'a', page: 0, rect: [0, 0, 9, 9] }], p.random(16))).toThrow(expect.objectContaining({ code: 'refused', reason }));
	});
});
