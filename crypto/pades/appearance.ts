// A signature's visible mark: page one of a PDF authored for it, copied into the file as a form XObject (ISO 32000-1 §8.10).

import { concat, latin1 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { copier } from '../pdf/copy.ts';
import { openDocument } from '../pdf/document.ts';
import { decodeStream } from '../pdf/filters.ts';
import { array, isArray, isStream, name, number, stream, type Ref } from '../pdf/objects.ts';
import { pageView, type PageView } from '../pdf/page.ts';
import type { RevisionWriter } from '../pdf/revision.ts';

/** Turns what is drawn back by as much as its page is turned, so that it stands upright as seen (§12.5.5, algorithm: appearance streams). */
const upright: Record<PageView['rotate'], readonly number[]> = { 0: [1, 0, 0, 1, 0, 0], 90: [0, 1, -1, 0, 0, 0], 180: [-1, 0, 0, -1, 0, 0], 270: [0, -1, 1, 0, 0, 0] };

/** Adds the form XObject and returns its reference. The page's box becomes the form's; `rotate` is the turn of the page it is shown on. */
export function importPage(writer: RevisionWriter, authored: Uint8Array, rotate: PageView['rotate'] = 0): Ref {
	const document = openDocument(authored);
	const page = document.pages()[0]?.page;
	if (!page) throw new CryptoError('misuse', 'appearance', 'no page');
	const copy = copier(document, writer);
	const contents = document.resolve(page.map.get('Contents'));
	const parts = (isArray(contents) ? contents.items.map((c) => document.resolve(c)) : [contents]).filter(isStream);
	const content = concat(...parts.flatMap((part) => [decodeStream(part, document.resolve), latin1('\n')]));
	const form = writer.allocate();
	const resources = copy(document.resolve(page.map.get('Resources')));
	const turned = rotate ? { Matrix: array(...upright[rotate].map(number)) } : {};
	writer.set(form, stream({ Type: name('XObject'), Subtype: name('Form'), BBox: array(...pageView(document, page).box.map(number)), ...turned, ...(resources ? { Resources: resources } : {}) }, content));
	return form;
}
