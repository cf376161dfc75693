// Every kind of file that comes to be signed: signed by appending, judged by us and by others; its mark where it was asked for, upright.

import { degrees, PDFDocument, PDFName, PDFNumber, rgb } from 'pdf-lib';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { made, run } from '../../test/support/openssl.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { answers, contract, signField, withFields } from '../../test/support/signing.ts';
import { fromLatin1, latin1 } from '../bytes.ts';
import { openDocument } from '../pdf/document.ts';
import { array, dict, name, number, textString, withEntries } from '../pdf/objects.ts';
import { pageView, toUserSpace, type Place } from '../pdf/page.ts';
import { beginRevision } from '../pdf/revision.ts';
import { addSignatureFields } from './fields.ts';
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

describe('SIGN-7 what is not signed, and the reason', () => {
	test.each([
		['encrypted', async () => qpdf(['--encrypt', '', 'owner', '256', '--'])],
		['damaged', async () => (await contract()).slice(0, -40)],
		['damaged', async () => latin1(fromLatin1(await contract()).replace(/startxref\n\d+/, 'startxref\n77'))],
		['trailing-bytes', async () => latin1(`${fromLatin1(await contract())}more than nothing`)],
		['not-a-pdf', async () => latin1('PK\u0003\u0004')]
	] as const)('%s', async (reason, make) => {
		const pdf = await make();
		expect(() => withFields(pdf, ['a'])).toThrow(expect.objectContaining({ code: reason === 'damaged' || reason === 'not-a-pdf' ? 'malformed' : 'refused' }));
		expect(() => addSignatureFields(pdf, [{ name: 'a', page: 0, rect: [0, 0, 9, 9] }], p.random(16))).toThrow(expect.objectContaining({ code: 'refused', reason }));
	});
});
