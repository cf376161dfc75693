// What DocMDP, FieldMDP and locks permit after a signature (ISO 32000-2 §12.8.2.2, §12.8.2.4, §12.7.5.5): each rule both ways.

import { expect, test } from 'vitest';
import { docMdp, fieldMdp, kinds, rect, signature, signed, update, widget, type Form } from '../../test/support/signed-form.ts';
import { concat, latin1 } from '../bytes.ts';
import { classifyChanges } from './changes.ts';
import { openDocument } from './document.ts';
import { array, dict, name, number, ref, stream, textString, withEntries, type Dict, type PdfArray, type PdfObject, type Ref } from './objects.ts';
import type { RevisionWriter } from './revision.ts';

const fill = (form: Form, more: Readonly<Record<string, PdfObject>> = {}) => kinds(form, (writer, d) => writer.set(form.text, withEntries(d(form.text), { V: textString('10 €'), ...more })));
const sign = (form: Form) => kinds(form, (writer, d) => writer.set(form.empty, withEntries(d(form.empty), { V: signature(), F: number(132) })));
const annotate = (form: Form) =>
	kinds(form, (writer, d) => {
		const note = writer.allocate();
		writer.set(note, dict({ Type: name('Annot'), Subtype: name('Text'), Rect: rect(0, 0, 9, 9), Contents: textString('note') }));
		writer.set(form.page, withEntries(d(form.page), { Annots: array(...(d(form.page).map.get('Annots') as PdfArray).items, note) }));
	}).filter((kind) => kind !== 'new-object!'); // the note itself, where nothing permits it

test('LOG-5 without a certification, signing is permitted, filling in and annotating are changes', async () => {
	const form = await signed();
	expect([sign(form), fill(form), annotate(form)]).toEqual([['signature-fill'], ['changed-field!'], ['new-annotation!']]);
});

test('LOG-5 DocMDP 1 permits neither, 2 filling in and signing, 3 annotations too; another number is 1', async () => {
	for (const [p, expected] of [
		[1, [['changed-field!'], ['changed-field!'], ['new-annotation!']]],
		[2, [['signature-fill'], ['form-fill'], ['new-annotation!']]],
		[3, [['signature-fill'], ['form-fill'], ['annotation']]],
		[7, [['changed-field!'], ['changed-field!'], ['new-annotation!']]]
	] as const) {
		const form = await signed({ transforms: [docMdp(p)] });
		expect([sign(form), fill(form), annotate(form)], `P ${p}`).toEqual(expected);
	}
});

test('LOG-5 FieldMDP and a field’s lock: named fields, all but those, or all; a lock’s own P counts', async () => {
	const after = async (...transforms: PdfObject[]) => fill(await signed({ transforms: [docMdp(2), ...transforms] }));
	expect(await after(fieldMdp('Include', 'amount'))).toEqual(['changed-field!']);
	expect(await after(fieldMdp('Include', 'other'))).toEqual(['form-fill']);
	expect(await after(fieldMdp('Exclude', 'amount'))).toEqual(['form-fill']);
	expect(await after(fieldMdp('Exclude', 'other'))).toEqual(['changed-field!']);
	expect(await after(fieldMdp('All'))).toEqual(['changed-field!']);
	expect(await after(fieldMdp('Whatever'))).toEqual(['changed-field!']);
	const locked = async (lock: Dict) => fill(await signed({ transforms: [docMdp(2)], lock }));
	expect(await locked(dict({ Action: name('Include'), Fields: array(textString('amount')) }))).toEqual(['changed-field!']);
	expect(await locked(dict({ Action: name('Include'), Fields: array(textString('amou')) }))).toEqual(['form-fill']);
	expect(await locked(dict({ Action: name('Include'), Fields: array(), P: number(1) }))).toEqual(['changed-field!']);
});

test('LOG-5 filling in writes values, appearances and read-only, and nothing else of a field', async () => {
	const form = await signed({ transforms: [docMdp(2)] });
	expect(fill(form, { Ff: number(1) })).toEqual(['form-fill']);
	for (const more of [{ Ff: number(3) }, { Rect: rect(0, 0, 500, 500) }, { MaxLen: number(3) }, { DA: textString('x') }]) expect(fill(form, more)).toEqual(['changed-field!']);
	const appearance = (f: Form) => kinds(f, (writer) => writer.set(f.appearance, stream({ Type: name('XObject'), Subtype: name('Form'), BBox: rect(0, 0, 80, 20) }, latin1('0 g'))));
	expect(appearance(form)).toEqual(['form-fill']);
	expect(appearance(await signed({ transforms: [docMdp(2)], shared: true }))).toEqual(['changed-object!']);
	expect(appearance(await signed())).toEqual(['changed-object!']);
	expect(fill(form, { AP: dict({ N: ref(1) }) })).toEqual(['changed-field!']); // not its own
});

test('LOG-5 a signature once given is not given again, and an empty field gets no look without one', async () => {
	const form = await signed({ transforms: [docMdp(2)] });
	expect(kinds(form, (writer, d) => writer.set(form.empty, withEntries(d(form.empty), { AP: dict({}) })))).toEqual(['changed-field!']);
	const twice = { ...form, bytes: update(form.bytes, (writer) => writer.set(form.empty, withEntries(openDocument(form.bytes).get(form.empty.num) as Dict, { V: signature() }))) };
	const again = update(twice.bytes, (writer) => writer.set(form.empty, withEntries(openDocument(twice.bytes).get(form.empty.num) as Dict, { V: signature(docMdp(3)) })));
	expect(classifyChanges(openDocument(again), 3).map((c) => [c.kind, c.allowed])).toEqual([['changed-field', false]]);
});

const addField = (form: Form, box: PdfObject, value: Dict) =>
	kinds(form, (writer, d) => {
		const field = writer.allocate();
		writer.set(field, widget('Sig', 'third', { Rect: box, V: value }));
		const document = openDocument(form.bytes);
		const acroForm = document.catalog.map.get('AcroForm') as Dict;
		writer.set(form.page, withEntries(d(form.page), { Annots: array(...(d(form.page).map.get('Annots') as PdfArray).items, field) }));
		writer.set(document.trailer.map.get('Root') as Ref, withEntries(document.catalog, { AcroForm: withEntries(acroForm, { Fields: array(...(acroForm.map.get('Fields') as PdfArray).items, field) }) }));
	});

test('LOG-5 a field that comes with its signature is permitted where nothing is seen of it; a time-stamp always', async () => {
	const stamp = withEntries(signature(), { Type: name('DocTimeStamp') });
	const [free, fixed] = [await signed(), await signed({ transforms: [docMdp(1)] })];
	expect([addField(free, rect(0, 0, 0, 0), signature()), addField(fixed, rect(0, 0, 0, 0), signature())]).toEqual([['new-signature-field'], ['new-signature-field!']]);
	expect([addField(free, rect(0, 0, 9, 9), signature()), addField(free, rect(0, 0, 9, 9), stamp)]).toEqual([['new-visible-field!'], ['new-visible-field!']]);
	expect([addField(free, rect(0, 0, 0, 0), stamp), addField(fixed, rect(0, 0, 0, 0), stamp)]).toEqual([['document-timestamp'], ['document-timestamp']]);
	expect(addField(free, rect(0, 0, 0, 0), dict({}))).toContain('new-field!');
});

test('LOG-5 validation data and metadata may come under any certification; metadata that is none, and a page, may not', async () => {
	const form = await signed({ transforms: [docMdp(1)] });
	const root = openDocument(form.bytes).trailer.map.get('Root') as Ref;
	const catalog = (more: (writer: RevisionWriter) => Readonly<Record<string, PdfObject>>) => kinds(form, (writer) => writer.set(root, withEntries(openDocument(form.bytes).catalog, more(writer))));
	const put = (writer: RevisionWriter, o: PdfObject) => {
		const target = writer.allocate();
		writer.set(target, o);
		return target;
	};
	expect(catalog((w) => ({ DSS: put(w, dict({ Type: name('DSS'), Certs: array(put(w, stream({}, latin1('c')))) })) }))).toEqual(['dss']);
	expect(catalog((w) => ({ Metadata: put(w, stream({ Type: name('Metadata') }, latin1('<y/>'))) }))).toEqual(['metadata']);
	expect(catalog((w) => ({ Metadata: put(w, stream({ Type: name('XObject') }, latin1('q'))) }))).toContain('changed-catalog!');
	expect(catalog(() => ({ Names: dict({}) }))).toEqual(['changed-catalog!']);
	expect(kinds(form, (writer, d) => writer.set(form.page, withEntries(d(form.page), { Rotate: number(90) })))).toEqual(['changed-page!']);
});

test('LOG-5 an update with a hybrid cross-reference is a change: readers disagree on what it says', async () => {
	const form = await signed();
	const document = openDocument(form.bytes);
	const size = (document.trailer.map.get('Size') as { value: number }).value;
	const at = form.bytes.length;
	const body = `${size} 0 obj\n<</Type/XRef/Size ${size}/W[1 2 1]/Index[0 0]/Length 0>>\nstream\n\nendstream\nendobj\n`;
	const table = `xref\n0 0\ntrailer\n<</Size ${size}/Root ${(document.trailer.map.get('Root') as Ref).num} 0 R/Prev ${document.revisions.at(-1)!.xref}/XRefStm ${at}>>\nstartxref\n${at + body.length}\n%%EOF\n`;
	expect(classifyChanges(openDocument(concat(form.bytes, latin1(body + table))), 2).map((c) => [c.kind, c.allowed])).toEqual([['hybrid-xref', false]]);
});
