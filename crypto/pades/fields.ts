// Empty signature fields for all signers, made in one revision before the first signature (ARCHITECTURE §4.1; ISO 32000-1 §12.7.4.5).

import type { Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { openDocument, type PdfDocument } from '../pdf/document.ts';
import { array, dict, dictOf, isArray, isDict, isRef, isString, name, number, textOf, textString, withEntries, type Dict, type PdfObject, type Ref } from '../pdf/objects.ts';
import { pageOf, pageView, rectOf, seenSize, toUserSpace, type PageView, type Rect } from '../pdf/page.ts';
import { preflight } from '../pdf/preflight.ts';
import { beginRevision, type RevisionWriter } from '../pdf/revision.ts';

export interface NewField {
	/** Random and unique: nothing of it is shown. */
	readonly name: string;
	/** 0-based. */
	readonly page: number;
	/** In user space; of a place on the page as seen: `toUserSpace`. */
	readonly rect: Rect;
}

export interface SignatureField {
	/** Fully qualified name. */
	readonly name: string;
	readonly ref: Ref | null;
	readonly dict: Dict;
	readonly signed: boolean;
}

/** Every signature field of the form, in order. Throws CryptoError on a form that is no tree. */
export function signatureFields(document: PdfDocument): SignatureField[] {
	const out: SignatureField[] = [];
	const seen = new Set<number>();
	const walk = (o: PdfObject, prefix: string, type: PdfObject, depth: number): void => {
		if (depth > 32 || seen.size > 50_000) throw new CryptoError('limit', 'pdf-form-limit', 'form too deep or too large');
		if (isRef(o)) {
			if (seen.has(o.num)) throw new CryptoError('malformed', 'pdf-form', `field ${o.num} met twice`);
			seen.add(o.num);
		}
		const d = dictOf(document.resolve(o));
		if (!d) return;
		const own = document.resolve(d.map.get('T'));
		const full = isString(own) ? `${prefix}${prefix ? '.' : ''}${textOf(own)}` : prefix;
		const inherited = d.map.has('FT') ? document.resolve(d.map.get('FT')) : type;
		const kids = document.resolve(d.map.get('Kids'));
		const isField = (kid: PdfObject) => isDict(document.resolve(kid)) && document.entry(kid, 'T') !== null;
		if (isArray(kids) && kids.items.some(isField)) kids.items.forEach((kid) => walk(kid, full, inherited, depth + 1));
		else if (typeof inherited === 'object' && inherited?.kind === 'name' && inherited.name === 'Sig') {
			out.push({ name: full, ref: isRef(o) ? o : null, dict: d, signed: document.resolve(d.map.get('V')) !== null });
		}
	};
	const fields = document.entry(document.catalog.map.get('AcroForm'), 'Fields');
	if (isArray(fields)) fields.items.forEach((f) => walk(f, '', null, 0));
	return out;
}

export interface SignatureWidget {
	readonly ref: Ref;
	readonly dict: Dict;
	/** Degrees clockwise that its page is turned: its mark is turned back by as many. */
	readonly rotate: PageView['rotate'];
	/** As seen, in points. */
	readonly width: number;
	readonly height: number;
}

/** Where a field shows its signature: its only widget, merged with it or its kid (ISO 32000-2 §12.7.5.5). Null when it has none, or no size. */
export function signatureWidget(document: PdfDocument, field: SignatureField): SignatureWidget | null {
	const kids = document.resolve(field.dict.map.get('Kids'));
	const at = isArray(kids) ? kids.items[0] : field.ref;
	const widget = dictOf(document.resolve(at));
	const rect = rectOf(document, document.resolve(widget?.map.get('Rect')));
	if (!isRef(at) || !widget || !rect || rect[0] === rect[2] || rect[1] === rect[3]) return null;
	const page = pageOf(document, at, widget);
	if (!page) return null;
	const view = pageView(document, page);
	return { ref: at, dict: widget, rotate: view.rotate, ...seenSize(view, rect) };
}

/** Where `count` signatures go when nobody placed them: at the foot of the last page as it is seen, two in a row. */
export function footOfLastPage(pdf: Uint8Array, count: number): { page: number; rect: Rect }[] {
	const document = openDocument(pdf);
	const pages = document.pages();
	const last = pages.at(-1);
	if (!last) throw new CryptoError('refused', 'no-pages', 'no page');
	const view = pageView(document, last.page);
	const width = Math.min(250, (view.width - 60) / 2);
	const pitch = Math.min(72, view.height / 10 + 8, (view.height - 40) / Math.ceil(count / 2));
	const height = pitch - Math.min(8, pitch / 9);
	return Array.from({ length: count }, (_, i) => {
		const place = { x: 24 + (i % 2) * (width + 12), y: view.height - 20 - height - Math.floor(i / 2) * pitch, width, height };
		return { page: pages.length - 1, rect: toUserSpace(view, place) };
	});
}

/** Only a file that says nothing against it, and that nobody signed, gets new fields. Throws CryptoError `refused`, as `addSignatureFields`. */
export function requireUnsigned(pdf: Uint8Array): void {
	const seen = preflight(pdf);
	const [refusal] = seen.refusals;
	if (refusal) throw new CryptoError('refused', refusal.reason, refusal.detail);
	if (seen.docMdp !== null || seen.fieldMdp) throw new CryptoError('refused', 'has-mdp', 'the document fixes what may change');
	if (seen.signatures) throw new CryptoError('refused', 'has-signature', 'the document is signed already');
}

/**
 * Adds the fields. Throws CryptoError `refused`: whatever preflight refuses, `has-signature`, `has-mdp` (then a document is signed only in fields it has).
 * @param id 16 new random bytes for /ID
 */
export function addSignatureFields(pdf: Uint8Array, fields: readonly NewField[], id: Uint8Array): Bytes {
	requireUnsigned(pdf);
	const document = openDocument(pdf);
	const writer = beginRevision(document);
	attachFields(document, writer, fields.map((field) => ({ ...field, entries: {} })));
	return writer.finish(id).bytes;
}

/** Writes fields with their widgets, signature fields unless `entries` say another /FT, and adds them to their pages and to the form. `entries`: what else each field holds; `formEntries`: the form. Throws CryptoError. */
export function attachFields(document: PdfDocument, writer: RevisionWriter, fields: readonly (NewField & { readonly entries: Readonly<Record<string, PdfObject>> })[], formEntries: Readonly<Record<string, PdfObject>> = {}): void {
	const pages = document.pages();
	const widgets = fields.map((field) => {
		const page = pages[field.page];
		if (!page) throw new CryptoError('misuse', 'no-such-page', String(field.page));
		const widget = writer.allocate();
		writer.set(widget, dict({ Type: name('Annot'), Subtype: name('Widget'), FT: name('Sig'), T: textString(field.name), Rect: array(...field.rect.map(number)), F: number(4 + 128), P: page.ref, ...field.entries }));
		return { page, widget };
	});
	for (const page of new Set(widgets.map((w) => w.page))) {
		const old = document.resolve(page.page.map.get('Annots'));
		const own = widgets.filter((w) => w.page === page).map((w) => w.widget);
		writer.set(page.ref, withEntries(page.page, { Annots: array(...(isArray(old) ? old.items : []), ...own) }));
	}
	const root = document.trailer.map.get('Root');
	const formEntry = document.catalog.map.get('AcroForm');
	const form = dictOf(document.resolve(formEntry));
	const old = document.resolve(form?.map.get('Fields'));
	const fieldArray = array(...(isArray(old) ? old.items : []), ...widgets.map((w) => w.widget));
	const target = isRef(formEntry) && form ? formEntry : writer.allocate();
	writer.set(target, withEntries(form ?? dict({}), { Fields: fieldArray, SigFlags: number(3), ...formEntries }));
	if (!isRef(formEntry) || !form) {
		if (!isRef(root)) throw new CryptoError('malformed', 'no-catalog', '/Root is no reference');
		writer.set(root, withEntries(document.catalog, { AcroForm: target }));
	}
}
