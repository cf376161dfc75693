import { degrees, PDFDocument, PDFName, rgb } from 'pdf-lib';
import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { made, run } from '../../test/support/openssl.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { contract, signField, withFields } from '../../test/support/signing.ts';
import { validate } from '../pades/validate.ts';
import { assemble } from './assemble.ts';
import { openDocument } from './document.ts';
import { dict, dictOf, name, ref, withEntries } from './objects.ts';
import { preflight } from './preflight.ts';
import { beginRevision } from './revision.ts';

/** Pages turned, cropped, in a unit of their own, with what they inherit. */
async function crooked(): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	for (const turn of [90, 180, 270]) {
		const page = pdf.addPage([400, 300]);
		page.drawText(`Annexe ${turn}`, { x: 60, y: 120 });
		page.drawRectangle({ x: 30, y: 30, width: 80, height: 40, color: rgb(0.2, 0.4, 0.9) });
		page.setRotation(degrees(turn));
		page.setCropBox(20, 20, 340, 240);
	}
	const root = pdf.catalog.Pages();
	root.set(PDFName.of('MediaBox'), pdf.context.obj([0, 0, 400, 300]));
	for (const page of pdf.getPages()) page.node.delete(PDFName.of('MediaBox'));
	return pdf.save({ useObjectStreams: false });
}

/** Every page as other people's software paints it. */
const painted = (pdf: Uint8Array, pages: number): string[] =>
	Array.from({ length: pages }, (_, i) => Buffer.from(made('p.pnm', 'mutool', ['draw', '-q', '-r', '40', '-o', 'p.pnm', 'a.pdf', String(i + 1)], { 'a.pdf': pdf })).toString('base64'));

const qpdf = (args: readonly string[], pdf: Uint8Array) => made('out.pdf', 'qpdf', [...args, 'in.pdf', 'out.pdf'], { 'in.pdf': pdf });
const id = () => p.random(16);

test('SIGN-5 several documents become one: the first byte for byte, every page of the others painted as it was, and it is signed like any other', async () => {
	const [main, turned, packed] = [await contract({ pages: 2 }), await crooked(), qpdf(['--object-streams=generate'], await contract({ pages: 3 }))];
	for (const first of [main, packed, turned]) {
		const { bytes, pages } = assemble(first, [turned, packed], id());
		const own = openDocument(first).pages().length;
		expect(pages).toEqual([own, 3, 3]);
		expect(Buffer.from(first).equals(bytes.subarray(0, first.length))).toBe(true);
		expect(run('qpdf', ['--check', 'a.pdf'], { 'a.pdf': bytes }).text).toContain('No syntax or stream encoding errors found');
		expect(preflight(bytes)).toMatchObject({ refusals: [], pages: own + 6 });
		expect(painted(bytes, own + 6)).toEqual([...painted(first, own), ...painted(turned, 3), ...painted(packed, 3)]);
	}
	const pki = await createPki();
	const holder = await pki.issue('Zoë Müller');
	const signed = await signField(withFields(assemble(main, [turned], id()).bytes, ['a']), 'a', holder, { at: epoch + year / 2, authority: null });
	expect((await validate(p, signed, { trust: { anchors: [pki.root.certificate.der] }, at: epoch + year / 2 + 1000 })).signatures).toMatchObject([{ subIndication: 'TRY_LATER', coverage: 'whole-file' }]);
	expect(run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': signed }).text).toContain('Signature is Valid');
});

test('SIGN-5 nothing that lies over a page is lost in silence: annotations and layers of the documents that follow are refused', async () => {
	const main = await contract();
	const writer = beginRevision(openDocument(main));
	const page = openDocument(main).pages()[0]!;
	const note = writer.allocate();
	writer.set(note, dict({ Type: name('Annot'), Subtype: name('FreeText') }));
	writer.set(page.ref, withEntries(page.page, { Annots: { kind: 'array', items: [note] } }));
	const noted = writer.finish(id()).bytes;
	expect(() => assemble(main, [main, noted], id())).toThrow(/document 3, page 1/);
	expect(assemble(noted, [main], id()).pages).toEqual([1, 1]);
	const layered = beginRevision(openDocument(main));
	const root = openDocument(main).trailer.map.get('Root') as ReturnType<typeof ref>;
	layered.set(root, withEntries(openDocument(main).catalog, { OCProperties: dict({}) }));
	expect(() => assemble(main, [layered.finish(id()).bytes], id())).toThrow(/layers|document 2/);
});

test('SIGN-5 a page that leads to 100,000 objects in a row is followed to its end', async () => {
	const main = await contract();
	const document = openDocument(main);
	const writer = beginRevision(document);
	const chain = Array.from({ length: 100_000 }, () => writer.allocate());
	chain.forEach((target, i) => writer.set(target, dict(i + 1 < chain.length ? { Next: chain[i + 1]! } : {})));
	const { ref: target, page } = document.pages()[0]!;
	writer.set(target, withEntries(page, { Resources: withEntries(dictOf(document.resolve(page.map.get('Resources')))!, { Properties: dict({ a: chain[0]! }) }) }));
	const { bytes } = assemble(main, [writer.finish(id()).bytes], id());
	expect(openDocument(bytes).numbers().length).toBeGreaterThan(100_000);
});
