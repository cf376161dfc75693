// Empty signature fields for all signers, made in one revision before the first signature (ARCHITECTURE §4.1; ISO 32000-1 §12.7.4.5).

import type { Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { openDocument, type PdfDocument } from '../pdf/document.ts';
import { array, dict, dictOf, isArray, isDict, isNumber, isRef, isString, name, number, textOf, textString, withEntries, type Dict, type PdfObject, type Ref } from '../pdf/objects.ts';
import { preflight } from '../pdf/preflight.ts';
import { beginRevision, type RevisionWriter } from '../pdf/revision.ts';

/** Left, bottom, right, top in points. */
export type Rect = readonly [number, number, number, number];

export interface NewField {
	/** Random and unique: nothing of it is shown. */
	readonly name: string;
	/** 0-based. */
	readonly page: number;
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

/** The page's box in points: its CropBox or MediaBox, inherited (§7.7.3.4); A4 upright when there is none. */
export function pageBox(document: PdfDocument, page: Dict): Rect {
	for (const key of ['CropBox', 'MediaBox']) {
		let node: Dict | null = page;
		for (let i = 0; node && i < 32; i++) {
			const box = document.resolve(node.map.get(key));
			if (isArray(box) && box.items.length === 4) {
				const n = box.items.map((v) => document.resolve(v)).map((v) => (isNumber(v) ? v.value : Number.NaN));
				if (n.every(Number.isFinite)) return [Math.min(n[0]!, n[2]!), Math.min(n[1]!, n[3]!), Math.max(n[0]!, n[2]!), Math.max(n[1]!, n[3]!)];
			}
			node = dictOf(document.resolve(node.map.get('Parent')));
		}
	}
	return [0, 0, 595, 842];
}

/** Where `count` signatures go when nobody placed them: at the foot of the last page, two in a row. */
export function footOfLastPage(pdf: Uint8Array, count: number): { page: number; rect: Rect }[] {
	const document = openDocument(pdf);
	const pages = document.pages();
	const last = pages.at(-1);
	if (!last) throw new CryptoError('refused', 'no-pages', 'no page');
	const [left, bottom, right, top] = pageBox(document, last.page);
	const width = Math.min(250, (right - left - 60) / 2);
	const height = Math.min(64, (top - bottom) / 10);
	return Array.from({ length: count }, (_, i) => {
		const x = left + 24 + (i % 2) * (width + 12);
		const y = bottom + 20 + Math.floor(i / 2) * (height + 8);
		return { page: pages.length - 1, rect: [x, y, x + width, y + height] };
	});
}

/**
 * Adds the fields. Throws CryptoError `refused`: whatever preflight refuses, `has-signature`, `has-mdp` (then a document is signed only in fields it has).
 * @param id 16 new random bytes for /ID
 */
export function addSignatureFields(pdf: Uint8Array, fields: readonly NewField[], id: Uint8Array): Bytes {
	const seen = preflight(pdf);
	const [refusal] = seen.refusals;
	if (refusal) throw new CryptoError('refused', refusal.reason, refusal.detail);
	if (seen.docMdp !== null || seen.fieldMdp) throw new CryptoError('refused', 'has-mdp', 'the document fixes what may change');
	if (seen.signatures) throw new CryptoError('refused', 'has-signature', 'the document is signed already');
	const document = openDocument(pdf);
	const writer = beginRevision(document);
	attachFields(document, writer, fields.map((field) => ({ ...field, entries: {} })));
	return writer.finish(id).bytes;
}

/** Writes signature fields with their widgets, and adds them to their pages and to the form. `entries`: what else each field holds. Throws CryptoError. */
export function attachFields(document: PdfDocument, writer: RevisionWriter, fields: readonly (NewField & { readonly entries: Readonly<Record<string, PdfObject>> })[]): void {
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
	writer.set(target, withEntries(form ?? dict({}), { Fields: fieldArray, SigFlags: number(3) }));
	if (!isRef(formEntry) || !form) {
		if (!isRef(root)) throw new CryptoError('malformed', 'no-catalog', '/Root is no reference');
		writer.set(root, withEntries(document.catalog, { AcroForm: target }));
	}
}
