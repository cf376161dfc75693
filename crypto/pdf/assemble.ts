// Several documents as one (ISO 32000-1 §7.7.3): the first as it is, byte for byte, the pages of the others in a revision after it.
// What a page shows is copied; what lies over it (annotations) or turns parts of it on and off (layers) is refused, since it would be lost. Links, outlines and tags of the others are not kept.

import type { Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { copier } from './copy.ts';
import { openDocument, type PdfDocument } from './document.ts';
import { array, dict, isArray, isDict, isName, isNumber, isRef, name, number, withEntries, type Dict, type PdfObject, type Ref } from './objects.ts';
import { inherited, pageView, rectOf } from './page.ts';
import { beginRevision, type RevisionWriter } from './revision.ts';

export interface Assembled {
	readonly bytes: Bytes;
	/** Pages of each document, in order. */
	readonly pages: readonly number[];
}

/** Annotations that show nothing of their own. */
const unseen = ['Link', 'Popup'];

/**
 * @param id 16 new random bytes for /ID
 * Throws CryptoError `refused` / `annotations`, `layers` with the number of the document (1-based) before the page, what `beginRevision` says of the first, and what `openDocument` says.
 */
export function assemble(first: Uint8Array, others: readonly Uint8Array[], id: Uint8Array): Assembled {
	const document = openDocument(first);
	const top = document.catalog.map.get('Pages');
	const tree = document.resolve(top);
	const [kids, count] = [document.entry(tree, 'Kids'), document.entry(tree, 'Count')];
	if (!isRef(top) || !isDict(tree) || !isArray(kids) || !isNumber(count)) throw new CryptoError('malformed', 'pdf-page-tree', 'the root of the page tree');
	const writer = beginRevision(document);
	const added = others.map((bytes, i) => copyPages(openDocument(bytes), i + 2, writer, top));
	const total = added.reduce((sum, { pages }) => sum + pages, count.value);
	writer.set(top, withEntries(tree, { Kids: array(...kids.items, ...added.map((a) => a.node)), Count: number(total) }));
	return { bytes: writer.finish(id).bytes, pages: [document.pages().length, ...added.map((a) => a.pages)] };
}

/** Writes a node of the page tree with copies of a document's pages. */
function copyPages(document: PdfDocument, which: number, writer: RevisionWriter, parent: Ref): { readonly node: Ref; readonly pages: number } {
	if (document.encrypted) throw new CryptoError('refused', 'encrypted', `document ${which}`);
	if (document.catalog.map.has('OCProperties')) throw new CryptoError('refused', 'layers', `document ${which}`);
	const copy = copier(document, writer);
	const node = writer.allocate();
	const pages = document.pages().map(({ page }, i) => {
		if (bears(document, page)) throw new CryptoError('refused', 'annotations', `document ${which}, page ${i + 1}`);
		const target = writer.allocate();
		writer.set(target, dict({ Type: name('Page'), Parent: node, ...shown(document, page, copy) }));
		return target;
	});
	writer.set(node, dict({ Type: name('Pages'), Parent: parent, Kids: array(...pages), Count: number(pages.length) }));
	return { node, pages: pages.length };
}

/** Whether something other than links lies over the page. */
function bears(document: PdfDocument, page: Dict): boolean {
	const annotations = document.resolve(page.map.get('Annots'));
	if (!isArray(annotations)) return false;
	return annotations.items.some((a) => {
		const subtype = document.entry(a, 'Subtype');
		return !(isName(subtype) && unseen.includes(subtype.name));
	});
}

/** What the page draws, and how it is seen: its own, for nothing is inherited from where it comes to. */
function shown(document: PdfDocument, page: Dict, copy: (o: PdfObject) => PdfObject): Record<string, PdfObject> {
	const box = (key: string) => inherited(document, page, key, (v) => rectOf(document, v));
	const view = pageView(document, page);
	const media = box('MediaBox') ?? view.box;
	const resources = inherited(document, page, 'Resources', (v) => (isDict(v) ? v : null)) ?? dict({});
	return {
		MediaBox: array(...media.map(number)),
		CropBox: array(...view.box.map(number)),
		Rotate: number(view.rotate),
		Resources: copy(resources),
		...Object.fromEntries(['Contents', 'Group', 'UserUnit'].flatMap((key) => (page.map.has(key) ? [[key, copy(page.map.get(key)!)]] : [])))
	};
}
