// A form with a signature that says what may change, and revisions on top of it.

import { PDFDocument } from 'pdf-lib';
import { latin1 } from '#crypto/bytes.ts';
import { classifyChanges } from '#crypto/pdf/changes.ts';
import { openDocument } from '#crypto/pdf/document.ts';
import { array, dict, name, number, stream, textString, withEntries, type Dict, type PdfObject, type Ref } from '#crypto/pdf/objects.ts';
import { beginRevision, type RevisionWriter } from '#crypto/pdf/revision.ts';

/** A signed form: one page, and what changes of it are tried on. */
export interface Form {
	readonly bytes: Uint8Array;
	readonly page: Ref;
	readonly text: Ref;
	readonly empty: Ref;
	/** Of the text field: its own, and one that the page shows too. */
	readonly appearance: Ref;
}

export const rect = (...n: number[]) => array(...n.map(number));
export const widget = (type: string, field: string, more: Readonly<Record<string, PdfObject>> = {}) => dict({ Type: name('Annot'), Subtype: name('Widget'), FT: name(type), T: textString(field), Rect: rect(10, 10, 90, 30), ...more });
export const signature = (...transforms: PdfObject[]) => dict({ Type: name('Sig'), ByteRange: array(number(0), number(1), number(2), number(3)), Contents: textString('00'), ...(transforms.length ? { Reference: array(...transforms) } : {}) });
export const docMdp = (p: number) => dict({ TransformMethod: name('DocMDP'), TransformParams: dict({ P: number(p) }) });
export const fieldMdp = (action: string, ...fields: string[]) => dict({ TransformMethod: name('FieldMDP'), TransformParams: dict({ Action: name(action), Fields: array(...fields.map(textString)) }) });

export const update = (bytes: Uint8Array, edit: (writer: RevisionWriter) => void): Uint8Array => {
	const writer = beginRevision(openDocument(bytes));
	edit(writer);
	return writer.finish(new Uint8Array(16)).bytes;
};

const made = await PDFDocument.create();
made.addPage();
const plain = await made.save({ useObjectStreams: false });

/** What a form is made of, when `more` may still change it. */
export interface Parts extends Omit<Form, 'bytes'> {
	readonly full: Ref;
	readonly root: Ref;
	readonly pageDict: Dict;
	readonly catalog: Dict;
}

/** A form with a text field, an empty signature field, and a signed one that says what may change. */
export async function signed(options: { transforms?: PdfObject[]; lock?: Dict; shared?: boolean; more?: (writer: RevisionWriter, parts: Parts) => void } = {}): Promise<Form> {
	let form!: Omit<Form, 'bytes'>;
	const bytes = update(plain, (writer) => {
		const document = openDocument(plain);
		const { ref: page, page: d } = document.pages()[0]!;
		const root = document.trailer.map.get('Root') as Ref;
		const [text, empty, full, appearance, metadata] = [writer.allocate(), writer.allocate(), writer.allocate(), writer.allocate(), writer.allocate()];
		form = { page, text, empty, appearance };
		const pageDict = withEntries(d, { Annots: array(text, empty, full), ...(options.shared ? { Resources: dict({ XObject: dict({ X: appearance }) }) } : {}) });
		const catalog = withEntries(document.catalog, { Metadata: metadata, AcroForm: dict({ Fields: array(text, empty, full), SigFlags: number(3) }) });
		writer.set(appearance, stream({ Type: name('XObject'), Subtype: name('Form'), BBox: rect(0, 0, 80, 20) }, latin1('q Q')));
		writer.set(metadata, stream({ Type: name('Metadata'), Subtype: name('XML') }, latin1('<x/>')));
		writer.set(text, widget('Tx', 'amount', { AP: dict({ N: appearance }) }));
		writer.set(empty, widget('Sig', 'second'));
		writer.set(full, widget('Sig', 'first', { V: signature(...(options.transforms ?? [])), ...(options.lock ? { Lock: options.lock } : {}) }));
		writer.set(page, pageDict);
		writer.set(root, catalog);
		options.more?.(writer, { ...form, full, root, pageDict, catalog });
	});
	return { bytes, ...form };
}

/** Kinds of changes of a third revision, those not permitted with an exclamation mark. */
export function kinds(form: Form, edit: (writer: RevisionWriter, d: (r: Ref) => Dict) => void): string[] {
	const document = openDocument(form.bytes);
	const bytes = update(form.bytes, (writer) => edit(writer, (r) => document.get(r.num) as Dict));
	return [...new Set(classifyChanges(openDocument(bytes), 2).map((c) => `${c.kind}${c.allowed ? '' : '!'}`))];
}
