// Later revisions that hide a change behind something harmless-looking: default deny.

import { PDFDocument } from 'pdf-lib';
import { expect, test } from 'vitest';
import { latin1 } from '../bytes.ts';
import { classifyChanges } from './changes.ts';
import { openDocument } from './document.ts';
import { array, dict, name, ref, stream, textString, withEntries, type PdfObject, type Ref } from './objects.ts';
import { beginRevision } from './revision.ts';

type Edit = (set: (target: Ref, object: PdfObject) => void, allocate: () => Ref, bytes: Uint8Array) => void;

const update = (bytes: Uint8Array, edit: Edit): Uint8Array => {
	const writer = beginRevision(openDocument(bytes));
	edit((t, o) => writer.set(t, o), () => writer.allocate(), bytes);
	return writer.finish(new Uint8Array(16)).bytes;
};

/** A page whose content is object `content`, and /Dangling → object 900, never defined. */
async function base(): Promise<{ bytes: Uint8Array; content: Ref }> {
	const made = await PDFDocument.create();
	made.addPage();
	let content = ref(0);
	const bytes = update(await made.save({ useObjectStreams: false }), (set, allocate, original) => {
		const { ref: at, page } = openDocument(original).pages()[0]!;
		content = allocate();
		set(content, stream({}, latin1('q Q')));
		set(at, withEntries(page, { Contents: content, Dangling: ref(900) }));
	});
	return { bytes, content };
}
const denied = (bytes: Uint8Array) => classifyChanges(openDocument(bytes), 2).filter((c) => !c.allowed).map((c) => c.kind);

test('ISO 32000-1 §12.8.2: content under the mask of a cross-reference or object stream is a change', async () => {
	const { bytes, content } = await base();
	for (const type of ['XRef', 'ObjStm']) {
		expect(denied(update(bytes, (set) => set(content, stream({ Type: name(type) }, latin1('q 1 0 0 rg Q')))))).toEqual(['changed-object']);
		expect(denied(update(bytes, (set) => set(ref(900), stream({ Type: name(type) }, latin1('q Q')))))).toEqual(['new-object']);
	}
});

test('ISO 32000-1 §12.8.2: the same object under another generation takes it away from those who refer to it', async () => {
	const { bytes, content } = await base();
	expect(denied(update(bytes, (set) => set({ ...content, gen: 1 }, stream({}, latin1('q Q')))))).toEqual(['changed-object']);
	expect(denied(update(bytes, (set) => set(content, stream({}, latin1('q Q')))))).toEqual([]);
});

test('ISO 32000-1 §12.8.2: an annotation that was there but on no page may not be put on one', async () => {
	const { bytes } = await base();
	const hidden = update(bytes, (set, allocate) => set(allocate(), dict({ Type: name('Annot'), Contents: textString('note') })));
	const num = Math.max(...openDocument(hidden).numbers());
	const shown = update(hidden, (set, _, original) => {
		const { ref: at, page } = openDocument(original).pages()[0]!;
		set(at, withEntries(page, { Annots: array(ref(num)) }));
	});
	expect(classifyChanges(openDocument(shown), 3).map((c) => c.kind)).toEqual(['new-annotation']);
});
