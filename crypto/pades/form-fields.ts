// Form fields that signers fill in: made with all signature fields before the first signature, each filled in its signer's own revision and read-only from there on (ISO 32000-2 §12.7).

import { latin1, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { openDocument, type PdfDocument } from '../pdf/document.ts';
import { formFields } from '../pdf/form.ts';
import { array, dict, dictOf, isNumber, name, number, ref, stream, textString, withEntries, type PdfObject, type Ref } from '../pdf/objects.ts';
import { pageOf, pageView, rectOf, seenSize, toUserSpace, type PageView, type Place } from '../pdf/page.ts';
import { beginRevision, type RevisionWriter } from '../pdf/revision.ts';
import { importPage } from './appearance.ts';
import { attachFields, requireUnsigned } from './fields.ts';

export interface FormFieldWish {
	/** Random and unique in the form: nothing of it is shown. */
	readonly name: string;
	readonly kind: 'text' | 'checkbox';
	/** 0-based. */
	readonly page: number;
	/** On the page as seen. */
	readonly place: Place;
	/** /TU, what readers call it. */
	readonly label: string;
	readonly required: boolean;
	/** Text of several lines. */
	readonly multiline: boolean;
}

/** One who signs: where, and what they alone fill in. */
export interface Signatory {
	/** Name of the signature field. */
	readonly field: string;
	/** 0-based. */
	readonly page: number;
	/** On the page as seen. */
	readonly place: Place;
	readonly fields: readonly FormFieldWish[];
}

/** What one field holds from now on. */
export type Fill =
	| { readonly field: string; readonly text: string; /** A one-page PDF that shows it, upright, of the field's size as seen. Null: nothing to show. */ readonly appearance: Uint8Array | null }
	| { readonly field: string; readonly checked: boolean };

/** Bits of /Ff (tables 227, 228, 229), by value. */
const [readOnly, required, multiline] = [1, 2, 4096];

/** §12.7.5.5: signing locks the signatory's own fields, and says that others are still filled in (/P 2): without it every later filling is a change nobody permitted. */
const lock = (fields: readonly FormFieldWish[]): PdfObject => dict({ Type: name('SigFieldLock'), Action: name('Include'), Fields: array(...fields.map((f) => textString(f.name))), P: number(2) });

/**
 * Adds every signatory's signature field and form fields, in one revision. Throws CryptoError `refused` for a file that gets no new fields (`requireUnsigned`), `misuse` / `no-such-page`, `outside-page`.
 * @param id 16 new random bytes for /ID
 */
export function addFields(pdf: Uint8Array, signatories: readonly Signatory[], id: Uint8Array): Bytes {
	requireUnsigned(pdf);
	const document = openDocument(pdf);
	const pages = document.pages();
	const writer = beginRevision(document);
	const on = ({ page, place }: { readonly page: number; readonly place: Place }) => {
		const found = pages[page];
		if (!found) throw new CryptoError('misuse', 'no-such-page', String(page));
		const view = pageView(document, found.page);
		if (place.x < 0 || place.y < 0 || place.x + place.width > view.width + 0.5 || place.y + place.height > view.height + 0.5) throw new CryptoError('misuse', 'outside-page', String(page));
		return { page, rect: toUserSpace(view, place), view };
	};
	const fills = signatories.some((s) => s.fields.length > 0);
	attachFields(
		document,
		writer,
		signatories.flatMap((s) => [
			{ name: s.field, ...on(s), entries: fills ? { Lock: kept(writer, lock(s.fields)) } : {} },
			...s.fields.map((f) => {
				const at = on(f);
				return { name: f.name, ...at, entries: { TU: textString(f.label), ...(f.kind === 'text' ? textEntries(f) : checkboxEntries(writer, f, at.view)) } };
			})
		]),
		fills ? fontOf(document, writer) : {}
	);
	return writer.finish(id).bytes;
}

function kept(writer: RevisionWriter, object: PdfObject): Ref {
	const target = writer.allocate();
	writer.set(target, object);
	return target;
}

const textEntries = (f: FormFieldWish): Record<string, PdfObject> => ({
	FT: name('Tx'),
	Ff: number((f.required ? required : 0) + (f.multiline ? multiline : 0)),
	DA: { kind: 'string', bytes: latin1(`/${fontName} 10 Tf 0 g`), hex: false, start: -1, end: -1 }
});

/** Both states are drawn beforehand, with lines alone: ticking changes no appearance, only which one is shown. */
function checkboxEntries(writer: RevisionWriter, f: FormFieldWish, view: PageView): Record<string, PdfObject> {
	const turned = view.rotate === 90 || view.rotate === 270;
	const [w, h] = [turned ? f.place.height : f.place.width, turned ? f.place.width : f.place.height];
	const n = (value: number) => value.toFixed(2);
	const frame = `0.8 w 0.35 G 0.5 0.5 ${n(w - 1)} ${n(h - 1)} re S\n`;
	const cross = `${n(Math.max(1, Math.min(w, h) / 9))} w 1 J 0.1 G ${n(w * 0.25)} ${n(h * 0.25)} m ${n(w * 0.75)} ${n(h * 0.75)} l ${n(w * 0.25)} ${n(h * 0.75)} m ${n(w * 0.75)} ${n(h * 0.25)} l S\n`;
	const form = (content: string) => kept(writer, stream({ Type: name('XObject'), Subtype: name('Form'), BBox: array(number(0), number(0), number(w), number(h)), Resources: dict({}) }, latin1(content)));
	return { FT: name('Btn'), Ff: number(f.required ? required : 0), V: name('Off'), AS: name('Off'), AP: dict({ N: dict({ Yes: form(frame + cross), Off: form(frame) }) }) };
}

const fontName = 'Helv';

/** /DR and /DA of the form, with what it had: a text field names a font there (§12.7.4.3). */
function fontOf(document: PdfDocument, writer: RevisionWriter): Record<string, PdfObject> {
	const form = document.catalog.map.get('AcroForm');
	const old = dictOf(document.resolve(document.entry(form, 'DR')));
	const fonts = dictOf(document.resolve(old?.map.get('Font'))) ?? dict({});
	if (fonts.map.has(fontName)) return {};
	const font = kept(writer, dict({ Type: name('Font'), Subtype: name('Type1'), BaseFont: name('Helvetica'), Encoding: name('WinAnsiEncoding') }));
	return { DR: withEntries(old ?? dict({}), { Font: withEntries(fonts, { [fontName]: font }) }) };
}

/** The size of a form field as seen, in points. Throws CryptoError `misuse` / `no-such-field`. */
export function formFieldSize(document: PdfDocument, field: string): { readonly width: number; readonly height: number; readonly rotate: PageView['rotate'] } {
	const found = formFields(document).find((f) => f.name === field && f.num);
	const rect = rectOf(document, document.resolve(found?.dict.map.get('Rect')));
	const page = found && pageOf(document, ref(found.num), found.dict);
	if (!rect || !page) throw new CryptoError('misuse', 'no-such-field', field);
	const view = pageView(document, page);
	return { ...seenSize(view, rect), rotate: view.rotate };
}

/** Writes the values into the revision begun; the fields are read-only from there on. Throws CryptoError `misuse` / `no-such-field`, `refused` / `field-filled` for one that is read-only already. */
export function fillFields(document: PdfDocument, writer: RevisionWriter, fills: readonly Fill[]): void {
	const known = new Map(formFields(document).filter((f) => f.num).map((f) => [f.name, f]));
	for (const fill of fills) {
		const field = known.get(fill.field);
		if (field?.type !== ('text' in fill ? 'Tx' : 'Btn')) throw new CryptoError('misuse', 'no-such-field', fill.field);
		const old = document.resolve(field.dict.map.get('Ff'));
		const flags = isNumber(old) ? old.value : 0;
		if (flags & readOnly) throw new CryptoError('refused', 'field-filled', fill.field);
		const state = 'checked' in fill ? name(fill.checked ? 'Yes' : 'Off') : null;
		const shown = 'text' in fill && fill.appearance ? { AP: dict({ N: importPage(writer, fill.appearance, formFieldSize(document, fill.field).rotate) }) } : {};
		const value: Record<string, PdfObject> = 'text' in fill ? { V: textString(fill.text), ...shown } : { V: state, AS: state };
		writer.set(ref(field.num), withEntries(field.dict, { ...value, Ff: number(flags + readOnly) }));
	}
}
