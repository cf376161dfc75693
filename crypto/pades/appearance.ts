// A signature's visible mark: page one of a PDF authored for it, copied into the file as a form XObject (ISO 32000-1 §8.10).

import { concat, latin1 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { openDocument, type View } from '../pdf/document.ts';
import { decodeStream } from '../pdf/filters.ts';
import { array, dictOf, isArray, isRef, isStream, name, number, stream, type PdfObject, type Ref } from '../pdf/objects.ts';
import type { RevisionWriter } from '../pdf/revision.ts';
import { pageBox } from './fields.ts';

/** Copies what `o` leads to into the writer, each object once. */
function copier(from: View, writer: RevisionWriter): (o: PdfObject) => PdfObject {
	const copies = new Map<number, Ref>();
	const copy = (o: PdfObject): PdfObject => {
		if (isRef(o)) {
			const known = copies.get(o.num);
			if (known) return known;
			const target = writer.allocate();
			copies.set(o.num, target);
			writer.set(target, copy(from.resolve(o)));
			return target;
		}
		if (isArray(o)) return array(...o.items.map(copy));
		const d = dictOf(o);
		if (!d) return o;
		const map = new Map([...d.map].map(([key, value]) => [key, key === 'Length' ? from.resolve(value) : copy(value)]));
		return isStream(o) ? { ...o, dict: { kind: 'dict', map } } : { kind: 'dict', map };
	};
	return copy;
}

/** Adds the form XObject and returns its reference. The page's box becomes the form's. */
export function importPage(writer: RevisionWriter, authored: Uint8Array): Ref {
	const document = openDocument(authored);
	const page = document.pages()[0]?.page;
	if (!page) throw new CryptoError('misuse', 'appearance', 'no page');
	const copy = copier(document, writer);
	const contents = document.resolve(page.map.get('Contents'));
	const parts = (isArray(contents) ? contents.items.map((c) => document.resolve(c)) : [contents]).filter(isStream);
	const content = concat(...parts.flatMap((part) => [decodeStream(part, document.resolve), latin1('\n')]));
	const form = writer.allocate();
	const resources = copy(document.resolve(page.map.get('Resources')));
	writer.set(form, stream({ Type: name('XObject'), Subtype: name('Form'), BBox: array(...pageBox(document, page).map(number)), ...(resources ? { Resources: resources } : {}) }, content));
	return form;
}
