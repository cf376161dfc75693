// What a later revision may do to each part of a signed document, where the part is an object of its own: the rule, and the change next to it that breaks it.

import { describe, expect, test } from 'vitest';
import { docMdp, fieldMdp, kinds, rect, signature, signed, update, widget, type Form, type Parts } from '../../test/support/signed-form.ts';
import { concat, latin1 } from '../bytes.ts';
import { classifyChanges } from './changes.ts';
import { openDocument, type View } from './document.ts';
import { formFields } from './form.ts';
import { array, dict, name, number, ref, stream, textString, withEntries, type Dict, type PdfArray, type PdfObject, type Ref } from './objects.ts';
import type { RevisionWriter } from './revision.ts';

const put = (writer: RevisionWriter, o: PdfObject): Ref => {
	const target = writer.allocate();
	writer.set(target, o);
	return target;
};
const without = (d: Dict, key: string): Dict => ({ kind: 'dict', map: new Map([...d.map].filter(([k]) => k !== key)) });
const note = (more: Readonly<Record<string, PdfObject>> = {}) => dict({ Type: name('Annot'), Subtype: name('Text'), Rect: rect(0, 0, 9, 9), ...more });
const certificate = stream({}, latin1('c'));
const invisible = rect(0, 0, 0, 0);

/** A signed form whose catalog has these entries, each an object of its own, and how that object is changed. */
async function held(key: string, was: (writer: RevisionWriter, parts: Parts) => PdfObject, transforms: PdfObject[] = [docMdp(3)]) {
	let target!: Ref;
	const form = await signed({ transforms, more: (writer, parts) => (target = put(writer, was(writer, parts)), writer.set(parts.root, withEntries(parts.catalog, { [key]: target }))) });
	return { form, target, to: (now: (writer: RevisionWriter) => PdfObject) => kinds(form, (writer) => writer.set(target, now(writer))) };
}
/** The catalog or the page written anew. */
const rootOf = (form: Form) => openDocument(form.bytes).trailer.map.get('Root') as Ref;
const recatalogued = (form: Form, change: (catalog: Dict, writer: RevisionWriter) => Dict) => kinds(form, (writer) => writer.set(rootOf(form), change(openDocument(form.bytes).catalog, writer)));
const repaged = (form: Form, change: (page: Dict, writer: RevisionWriter) => Dict) => kinds(form, (writer, d) => writer.set(form.page, change(d(form.page), writer)));
const annots = (d: Dict) => (d.map.get('Annots') as PdfArray).items;
const acroForm = (catalog: Dict) => catalog.map.get('AcroForm') as Dict;
const fieldsOf = (form: Dict) => (form.map.get('Fields') as PdfArray).items;

/** A revision written by hand: entries of a cross-reference table by number, and another /Root. */
function byHand(bytes: Uint8Array, entries: Readonly<Record<number, string>>, root?: number, body = ''): Uint8Array {
	const document = openDocument(bytes);
	const size = Math.max((document.trailer.map.get('Size') as { value: number }).value, ...Object.keys(entries).map((n) => Number(n) + 1));
	const table = Object.entries(entries).map(([num, entry]) => `${num} 1\n${entry} \n`).join('');
	const at = bytes.length + body.length;
	return concat(bytes, latin1(`${body}xref\n${table}trailer\n<</Size ${size}/Root ${root ?? rootOf({ bytes } as Form).num} 0 R/Prev ${document.revisions.at(-1)!.xref}>>\nstartxref\n${at}\n%%EOF\n`));
}
const kindsOf = (bytes: Uint8Array, since = 2) => [...new Set(classifyChanges(openDocument(bytes), since).map((c) => `${c.kind}${c.allowed ? '' : '!'}`))];

describe('LOG-5 objects come, go and stay', () => {
	test('an object freed is removed; a number freed that never was changes nothing; object 0 is never one', async () => {
		const form = await signed();
		expect(kindsOf(byHand(form.bytes, { [form.appearance.num]: '0000000000 00001 f' }))).toEqual(['removed-object!']);
		expect(kindsOf(byHand(form.bytes, { 0: '0000000000 65535 f', 5000: '0000000000 00001 f' }))).toEqual([]);
	});

	test('another catalog in the trailer is another document', async () => {
		const form = await signed();
		const num = Math.max(...openDocument(form.bytes).numbers()) + 1;
		const body = `${num} 0 obj\n<</Type/Catalog/Pages ${(openDocument(form.bytes).catalog.map.get('Pages') as Ref).num} 0 R>>\nendobj\n`;
		expect(kindsOf(byHand(form.bytes, { [num]: `${String(form.bytes.length).padStart(10, '0')} 00000 n` }, num, body))).toEqual(['catalog-replaced!', 'new-object!']);
	});

	test('EN 319 142-1 §5.4.2.3: validation data that nothing refers to any more may come along; nothing else', async () => {
		const form = await signed();
		const alone = (o: PdfObject) => kinds(form, (writer) => put(writer, o));
		for (const key of ['Cert', 'CRL', 'OCSP', 'TU', 'TS']) expect(alone(dict({ Type: name('VRI'), [key]: textString('x') })), key).toEqual([]);
		for (const other of [dict({ Type: name('VRI'), JS: textString('x') }), dict({ TU: textString('x') }), dict({ Type: name('Action') })]) expect(alone(other)).toEqual(['new-object!']);
	});

	test('what the signed revision already referred to, also from a list, may not be filled in later', async () => {
		const form = await signed({ transforms: [docMdp(3)], more: (writer, { page, pageDict }) => writer.set(page, withEntries(pageDict, { B: array(ref(900)) })) });
		expect(repaged(form, (page, writer) => (writer.set(ref(900), note()), withEntries(page, { Annots: array(...annots(page), ref(900)) })))).toContain('new-object!');
	});

	test('a list, or a dictionary that becomes a stream, is not changed', async () => {
		let [list, content]: Ref[] = [];
		const form = await signed({ transforms: [docMdp(2)], more: (writer, { page, pageDict }) => ([list, content] = [put(writer, array(number(1))), put(writer, certificate)], writer.set(page, withEntries(pageDict, { B: list, C: content }))) });
		expect(kinds(form, (writer) => writer.set(content!, array(number(2))))).toEqual(['changed-object!']);
		expect(kinds(form, (writer) => writer.set(list!, certificate))).toEqual(['changed-object!']);
		expect(kinds(form, (writer) => writer.set(list!, array(number(2))))).toEqual(['changed-object!']);
		expect(kinds(form, (writer, d) => writer.set(form.text, stream({ ...Object.fromEntries(d(form.text).map), V: textString('x') }, latin1('q'))))).toEqual(['changed-object!']);
	});
});

describe('LOG-5 parts of the catalog that are objects of their own', () => {
	test('metadata may be rewritten as metadata', async () => {
		const { to } = await held('Metadata', () => stream({ Type: name('Metadata') }, latin1('<x/>')));
		expect(to(() => stream({ Type: name('Metadata') }, latin1('<y/>')))).toEqual(['metadata']);
		expect(to(() => stream({ Type: name('XObject') }, latin1('<y/>')))).toEqual(['changed-object!']);
	});

	test('the information dictionary holds strings and names, before and after', async () => {
		const info = (form: Form) => openDocument(form.bytes).trailer.map.get('Info') as Ref;
		const form = await signed();
		const to = (o: PdfObject, of = form) => kinds(of, (writer) => writer.set(info(of), o));
		expect(to(dict({ Title: textString('x'), Trapped: name('False') }))).toEqual(['metadata']);
		for (const o of [dict({ Title: textString('x'), Font: dict({}) }), stream({}, latin1('q')), array()]) expect(to(o)).toEqual(['changed-object!']);
		const resources = await signed({ more: (writer, _) => writer.set(info({ bytes: form.bytes } as Form), dict({ Title: textString('x'), Font: dict({}) })) });
		expect(to(dict({ Title: textString('y') }), resources)).toEqual(['changed-object!']);
	});

	test('the security store grows in its own arrays and keys', async () => {
		let certs!: Ref;
		const { form, to } = await held('DSS', (writer) => dict({ Certs: (certs = put(writer, array(put(writer, certificate)))) }), [docMdp(1)]);
		expect(kinds(form, (writer) => writer.set(certs, array(put(writer, certificate))))).toEqual(['dss']);
		expect(to((writer) => dict({ Type: name('DSS'), Certs: certs, OCSPs: array(put(writer, certificate)) }))).toEqual(['dss']);
		for (const o of [dict({ Certs: certs, CRLs: array(), JS: textString('x') }), array()]) expect(to(() => o)).toEqual(['changed-object!']);
	});

	test('extensions and the version of the file may change, another entry may not, and none goes', async () => {
		const form = await signed();
		expect(recatalogued(form, (c) => withEntries(c, { Extensions: dict({}) }))).toEqual(['extensions']);
		expect(recatalogued(form, (c, writer) => withEntries(c, { Extensions: put(writer, dict({})) }))).toEqual(['extensions']);
		expect(recatalogued(form, (c) => withEntries(c, { Version: name('2.0') }))).toEqual(['extensions']);
		expect(recatalogued(form, (c) => without(c, 'Metadata'))).toEqual(['changed-catalog!']);
		expect((await held('Extensions', () => dict({}))).to(() => dict({ ADBE: name('x') }))).toEqual(['extensions']);
	});
});

describe('LOG-5 the form', () => {
	const signing = (writer: RevisionWriter, more: Readonly<Record<string, PdfObject>> = {}) => put(writer, widget('Sig', 'third', { Rect: invisible, V: signature(), ...more }));
	const reformed = (form: Form, change: (f: Dict, writer: RevisionWriter) => Dict) => recatalogued(form, (c, writer) => withEntries(c, { AcroForm: change(acroForm(c), writer) }));
	const adding = (form: Form, field: (writer: RevisionWriter) => PdfObject) => reformed(form, (f, writer) => withEntries(f, { Fields: array(...fieldsOf(f), field(writer)) }));

	test('its list of fields, and itself, may be objects of their own or become ones', async () => {
		let list!: Ref;
		const form = await signed({ more: (writer, { root, catalog }) => (list = put(writer, array(...fieldsOf(acroForm(catalog)))), writer.set(root, withEntries(catalog, { AcroForm: withEntries(acroForm(catalog), { Fields: list }) }))) });
		const items = () => (openDocument(form.bytes).get(list.num) as PdfArray).items;
		expect(kinds(form, (writer) => writer.set(list, array(...items(), signing(writer))))).toEqual(['new-signature-field']);
		expect(kinds(form, (writer) => writer.set(list, array(...items().slice(1))))).toEqual(['removed-field!']);
		const direct = await signed();
		expect(recatalogued(direct, (c, writer) => withEntries(c, { AcroForm: put(writer, acroForm(c)) }))).toEqual([]);
		expect(reformed(direct, (f, writer) => withEntries(f, { Fields: put(writer, array(...fieldsOf(f))) }))).toEqual([]);
		expect(reformed(direct, (f) => withEntries(f, { Fields: array(...fieldsOf(f).slice(1)) }))).toEqual(['removed-field!']);
		const { to } = await held('AcroForm', (_, { catalog }) => acroForm(catalog));
		expect(to(() => array())).toEqual(['changed-object!']);
		expect(to(() => stream({}, latin1('q')))).toEqual(['changed-object!']);
	});

	test('its flags say nothing; resources are added to, not replaced; no other entry changes', async () => {
		const helvetica = dict({ Type: name('Font'), BaseFont: name('Helvetica') });
		const resources = dict({ Font: dict({ Helv: helvetica }), Encoding: name('x') });
		const [bare, free, fixed] = [await signed(), ...await Promise.all([[], [docMdp(1)]].map((transforms) => signed({ transforms, more: (writer, { root, catalog }) => writer.set(root, withEntries(catalog, { AcroForm: withEntries(acroForm(catalog), { DR: resources }) })) })))] as [Form, Form, Form];
		const resourced = (form: Form, to: PdfObject) => reformed(form, (f) => withEntries(f, { DR: to }));
		expect(reformed(bare, (f) => withEntries(f, { SigFlags: number(1) }))).toEqual([]);
		expect(reformed(bare, (f) => withEntries(f, { NeedAppearances: true }))).toEqual(['changed-form!']);
		expect(resourced(bare, resources)).toEqual([]);
		expect(reformed(bare, (f, writer) => withEntries(f, { DR: dict({ Font: dict({ Helv: put(writer, helvetica) }) }) }))).toEqual([]);
		const more = withEntries(resources, { Font: dict({ Helv: helvetica, Cour: helvetica }), XObject: dict({}) });
		expect(resourced(free, more)).toEqual([]);
		expect(resourced(fixed, more)).toEqual(['changed-form!']);
		for (const to of [withEntries(resources, { Font: dict({ Helv: dict({}) }) }), without(resources, 'Font'), withEntries(resources, { Font: array() }), withEntries(resources, { Encoding: name('y') }), array(), null]) expect(resourced(free, to)).toEqual(['changed-form!']);
		const odd = await signed({ more: (writer, { root, catalog }) => writer.set(root, withEntries(catalog, { AcroForm: withEntries(acroForm(catalog), { DR: array() }) })) });
		expect(resourced(odd, resources)).toEqual(['changed-form!']);
		expect(reformed(free, (f) => without(f, 'DR'))).toEqual(['changed-form!']);
	});

	test('a field that comes is fresh, of type /Sig, signed, and nothing is seen of any widget of it', async () => {
		const form = await signed();
		expect(adding(form, (w) => signing(w))).toEqual(['new-signature-field']);
		expect(adding(form, (w) => put(w, without(widget('Sig', 'third', { V: signature() }), 'Rect')))).toEqual(['new-signature-field']);
		const appearance = dict({ N: name('x') });
		for (const seen of [rect(5, 0, 5, 9), rect(0, 5, 9, 5), rect(0, 0, 9, 9), array(name('x'), number(0), number(0), number(0))]) expect(adding(form, (w) => signing(w, { Rect: seen }))).toEqual(['new-visible-field!']);
		expect(adding(form, (w) => put(w, without(widget('Sig', 'third', { V: signature(), AP: appearance }), 'Rect')))).toEqual(['new-visible-field!']);
		const kids = (w: RevisionWriter, ...rects: PdfObject[]) => signing(w, { Kids: array(...rects.map((r) => put(w, dict({ Subtype: name('Widget'), Rect: r })))) });
		expect(adding(form, (w) => kids(w, invisible, invisible))).toEqual(['new-signature-field']);
		expect(adding(form, (w) => kids(w, invisible, rect(0, 0, 9, 9)))).toEqual(['new-visible-field!']);
		expect(adding(form, (w) => signing(w, { FT: name('Tx') }))).toEqual(['new-field!', 'new-object!']);
		expect(adding(form, (w) => signing(w, { V: without(signature(), 'Contents') }))).toEqual(['new-field!', 'new-object!']);
		expect(adding(form, () => ref(8000))).toEqual(['new-field!']);
		let lying!: Ref;
		const hiding = await signed({ more: (writer) => (lying = put(writer, widget('Sig', 'third', { Rect: invisible, V: signature() }))) });
		expect(adding(hiding, () => lying)).toEqual(['new-field!']);
	});

	test('what signing or filling in refers to is of the same revision, however deep', async () => {
		const form = await signed({ transforms: [docMdp(2)] });
		const fill = (more: (writer: RevisionWriter) => Readonly<Record<string, PdfObject>>) => kinds(form, (writer, d) => writer.set(form.text, withEntries(d(form.text), more(writer))));
		const look = (w: RevisionWriter) => put(w, stream({}, latin1('q')));
		expect(fill((w) => ({ AP: dict({ N: dict({ Yes: look(w), Off: number(1) }), D: look(w) }) }))).toEqual(['form-fill']);
		for (const AP of [ref(1), dict({ N: ref(1) }), dict({ N: dict({ Off: ref(1) }) })]) expect(fill(() => ({ AP }))).toEqual(['changed-field!']);
		expect(fill((w) => ({ AP: dict({ N: dict({ Yes: look(w), Off: ref(1) }) }) }))).toEqual(['changed-field!', 'new-object!']);
		expect(fill((w) => ({ AP: dict({ N: look(w), D: ref(1) }) }))).toEqual(['changed-field!', 'new-object!']);
		expect(fill(() => ({ V: form.appearance }))).toEqual(['changed-field!']);
		for (const V of [without(signature(), 'ByteRange'), without(signature(), 'Contents'), withEntries(signature(), { Type: name('Sigh') })]) expect(kinds(form, (writer, d) => writer.set(form.empty, withEntries(d(form.empty), { V })))).toEqual(['changed-field!']);
	});

	test('an appearance is rewritten where it stands, not what it holds beside; and says whose it is', async () => {
		let deep!: Ref;
		const form = await signed({ transforms: [docMdp(2)], more: (writer, { text, appearance }) => (deep = put(writer, dict({ A: number(1) })), writer.set(text, widget('Tx', 'amount', { AP: dict({ N: appearance, D: dict({ On: dict({ Deep: deep }) }) }) }))) });
		expect(kinds(form, (writer) => writer.set(deep, dict({ A: number(2) })))).toEqual(['changed-object!']);
		expect(kinds(form, (writer) => writer.set(form.appearance, number(5)))).toEqual(['changed-object!']);
		const told = (f: Form) => classifyChanges(openDocument(update(f.bytes, (writer) => writer.set(f.appearance, stream({}, latin1('q'))))), 2).map((c) => c.detail);
		const shared = await signed({ transforms: [docMdp(2)], shared: true });
		expect(told(shared)).toEqual([`object ${shared.appearance.num}: an appearance used in several places`]);
		const fixed = await signed();
		expect(told(fixed)).toEqual([`object ${fixed.appearance.num}: the appearance of field ${fixed.text.num}`]);
	});

	test('a transform of another method locks nothing, nor does one without parameters', async () => {
		const fill = (form: Form) => kinds(form, (writer, d) => writer.set(form.text, withEntries(d(form.text), { V: textString('x') })));
		const other = withEntries(fieldMdp('All'), { TransformMethod: name('UR3') });
		for (const transform of [other, without(fieldMdp('All'), 'TransformParams')]) expect(fill(await signed({ transforms: [docMdp(2), transform] }))).toEqual(['form-fill']);
	});
});

describe('LOG-5 annotations, where they are permitted', () => {
	let old!: Ref;
	let plain!: Ref;
	const noted = (p: number) => signed({ transforms: [docMdp(p)], more: (writer, { page, pageDict }) => (old = put(writer, note()), plain = put(writer, dict({ Subtype: name('Text') })), writer.set(page, withEntries(pageDict, { Annots: array(...annots(pageDict), old), B: plain }))) });
	const annotating = (form: Form, more: (writer: RevisionWriter) => PdfObject) => repaged(form, (page, writer) => withEntries(page, { Annots: array(...annots(page), more(writer)) }));

	test('come as objects or in place, with what belongs to them; not as widgets, nor without a type', async () => {
		const form = await noted(3);
		expect(annotating(form, (w) => put(w, note()))).toEqual(['annotation']);
		expect(annotating(form, () => note())).toEqual(['annotation']);
		expect(annotating(form, (w) => {
			const [one, popup] = [w.allocate(), w.allocate()];
			w.set(one, note({ Popup: popup }));
			w.set(popup, note({ IRT: one }));
			return one;
		})).toEqual(['annotation']);
		expect(annotating(form, (w) => put(w, note({ P: put(w, dict({})) })))).toEqual(['annotation', 'new-object!']);
		expect(annotating(form, (w) => put(w, note({ Parent: put(w, dict({})) })))).toEqual(['annotation', 'new-object!']);
		expect(annotating(form, (w) => put(w, without(note(), 'Type')))).toEqual(['new-annotation!', 'new-object!']);
		expect(annotating(form, (w) => put(w, widget('Tx', 'x')))).toEqual(['new-annotation!', 'new-object!']);
	});

	test('change and go, but for those that are none, become none or are widgets', async () => {
		const [form, fixed] = [await noted(3), await noted(2)];
		const to = (f: Form, target: Ref, o: PdfObject) => kinds(f, (writer) => writer.set(target, o));
		expect(to(form, old, note({ Contents: textString('x') }))).toEqual(['annotation']);
		expect(to(fixed, old, note({ Contents: textString('x') }))).toEqual(['changed-object!']);
		expect(to(form, old, note({ Subtype: name('Widget') }))).toEqual(['changed-object!']);
		expect(to(form, plain, note())).toEqual(['changed-object!']);
		const gone = (f: Form, which: (o: PdfObject, i: number) => boolean) => repaged(f, (page) => withEntries(page, { Annots: array(...annots(page).filter((o, i) => !which(o, i))) }));
		expect(gone(form, (_, i) => i === 3)).toEqual(['annotation']);
		expect(gone(fixed, (_, i) => i === 3)).toEqual(['removed-annotation!']);
		expect(gone(form, (_, i) => i === 0)).toEqual(['removed-annotation!']);
		expect(gone(form, (_, i) => i === 0 || i === 3)).toEqual(['removed-annotation!']);
	});

	test('a page changes in its list of annotations alone, which may be an object of its own or become one', async () => {
		const form = await noted(3);
		expect(repaged(form, (page, writer) => withEntries(page, { Annots: put(writer, array(...annots(page), put(writer, note()))) }))).toEqual(['annotation']);
		expect(repaged(form, (page) => withEntries(page, { Annots: array(...annots(page), note()), Rotate: number(90) }))).toEqual(['changed-page!']);
		let list!: Ref;
		const listed = await signed({ transforms: [docMdp(3)], more: (writer, { page, pageDict }) => (list = put(writer, array(...annots(pageDict))), writer.set(page, withEntries(pageDict, { Annots: list }))) });
		const items = () => (openDocument(listed.bytes).get(list.num) as PdfArray).items;
		expect(kinds(listed, (writer) => writer.set(list, array(...items(), note())))).toEqual(['annotation']);
		expect(kinds(listed, (writer) => writer.set(list, array(...items().slice(1))))).toEqual(['removed-annotation!']);
	});

	test('a widget that was there but on no page is not put on one', async () => {
		const form = await signed({ more: (writer, { page, pageDict }) => writer.set(page, withEntries(pageDict, { Annots: array(...annots(pageDict).slice(1)) })) });
		expect(repaged(form, (page) => withEntries(page, { Annots: array(...annots(page), form.text) }))).toEqual(['new-annotation!']);
	});
});

test('LOG-5 ISO 32000-1 §14.7.2: where signing is permitted the structure tree grows by fresh nodes, at any node, and loses none', async () => {
	let element!: Ref;
	const node = (parent: Ref, more: Readonly<Record<string, PdfObject>> = {}) => dict({ Type: name('StructElem'), S: name('P'), P: parent, ...more });
	const tree = async (k: (element: Ref) => PdfObject, transforms: PdfObject[] = []) => held('StructTreeRoot', (writer) => dict({ Type: name('StructTreeRoot'), K: k((element = put(writer, node(ref(1)))))}), transforms);
	const { form, target, to } = await tree((e) => array(e, null));
	const was = () => openDocument(form.bytes).get(target.num) as Dict;
	expect(to((w) => withEntries(was(), { K: array(element, put(w, node(target))), ParentTreeNextKey: number(2) }))).toEqual(['structure-tree']);
	expect(to(() => withEntries(was(), { ParentTreeNextKey: number(2) }))).toEqual(['structure-tree']);
	expect(kinds(form, (w) => w.set(element, node(ref(1), { K: put(w, node(element)) })))).toEqual(['structure-tree']);
	for (const K of [array(), array(element, form.page), array(element, dict({}))]) expect(to(() => withEntries(was(), { K }))).toEqual(['changed-object!']);
	expect(to((w) => withEntries(was(), { K: array(put(w, node(target))) }))).toEqual(['changed-object!', 'new-object!']);
	expect(to(() => withEntries(was(), { RoleMap: dict({}), ParentTreeNextKey: number(2) }))).toEqual(['changed-object!']);
	expect(to(() => withEntries(was(), { Type: name('Other') }))).toEqual(['changed-object!']);
	const single = await tree((e) => e);
	expect(single.to((w) => dict({ Type: name('StructTreeRoot'), K: array(element, put(w, node(single.target))) }))).toEqual(['structure-tree']);
	const fixed = await tree((e) => array(e), [docMdp(1)]);
	expect(fixed.to(() => dict({ Type: name('StructTreeRoot'), K: array(element), ParentTreeNextKey: number(2) }))).toEqual(['changed-object!']);
	const other = await held('StructTreeRoot', () => dict({ Type: name('Other') }), []);
	expect(other.to(() => dict({ Type: name('StructTreeRoot'), ParentTreeNextKey: number(2) }))).toEqual(['changed-object!']);
});

test('a form is a tree of at most 33 levels and 50,000 nodes, each met once', () => {
	const view = (fields: readonly PdfObject[], objects: ReadonlyMap<number, PdfObject> = new Map()): View =>
		({ catalog: dict({}), entry: () => array(...fields), resolve: (o: PdfObject | undefined) => (typeof o === 'object' && o?.kind === 'ref' ? (objects.get(o.num) ?? null) : (o ?? null)) }) as never;
	const nested = (n: number): Dict => dict({ T: textString('x'), ...(n ? { Kids: array(nested(n - 1)) } : {}) });
	expect(formFields(view([nested(32)])).at(-1)!.name).toBe(Array.from({ length: 33 }, () => 'x').join('.'));
	expect(() => formFields(view([nested(33)]))).toThrow(expect.objectContaining({ reason: 'pdf-form-limit' }));
	const many = (n: number) => Array.from({ length: n }, () => dict({}));
	expect(formFields(view(many(50_000)))).toHaveLength(50_000);
	expect(() => formFields(view(many(50_001)))).toThrow(expect.objectContaining({ reason: 'pdf-form-limit' }));
	const one = new Map<number, PdfObject>([[5, dict({ T: textString('a'), Kids: array(ref(6)) })], [6, dict({ T: textString('b') })]]);
	expect(formFields(view([ref(5), null, ref(7)], one)).map((f) => [f.num, f.name])).toEqual([[5, 'a'], [6, 'a.b']]);
	for (const twice of [[ref(5), ref(5)], [ref(5), ref(6)]]) expect(() => formFields(view(twice, one))).toThrow(expect.objectContaining({ reason: 'pdf-form' }));
});
