// A mutated PDF: `validate` and `preflight` never throw, and what a passed signature covers is what was signed.

import { concat, hex } from '#crypto/bytes.ts';
import { read } from '#crypto/asn1/der.ts';
import { validate } from '#crypto/pades/validate.ts';
import { readByteRange, type ByteRangeFacts } from '#crypto/pdf/byte-range.ts';
import { openDocument, type PdfDocument } from '#crypto/pdf/document.ts';
import { dict, dictOf, isDict, writeObject } from '#crypto/pdf/objects.ts';
import { preflight } from '#crypto/pdf/preflight.ts';
import { digest } from '#crypto/primitives.ts';
import * as material from './material.ts';
import { anchors, orRefused, primitives } from './judging.ts';

const facts = (document: PdfDocument): ByteRangeFacts[] =>
	document.numbers().flatMap((num) => {
		const d = dictOf(document.get(num));
		return d?.map.has('ByteRange') ? [readByteRange(document, d)] : [];
	});

/** The CMS of each signature of a file, for other kinds to begin with; none when it cannot be read. */
export const signedContents = (pdf: Uint8Array): Uint8Array[] =>
	orRefused(() => facts(openDocument(pdf)).flatMap(({ contents }) => (contents ? [read(contents, { ber: true, trailing: true }).raw] : []))) ?? [];

const covered = (document: PdfDocument, { ranges }: ByteRangeFacts): string => hex(digest(primitives, 'SHA-256', ...(ranges ?? []).map(([start, end]) => document.bytes.subarray(start, end))));

/** What a reader shows of our one page: tree, page without its annotations, drawing, font. */
function shown(document: PdfDocument): string {
	const [tree, page, drawing, font] = [2, 3, 4, 5].map((num) => document.get(num));
	const bare = isDict(page!) ? dict(Object.fromEntries([...page.map].filter(([key]) => key !== 'Annots'))) : page!;
	return hex(digest(primitives, 'SHA-256', concat(...[tree!, bare, drawing!, font!].map(writeObject))));
}

const originals = material.pdfs.map((pdf) => openDocument(pdf));
const signedRanges = new Set(originals.flatMap((d) => facts(d).map((f) => covered(d, f))));
const [shownOriginal] = originals.map(shown);

export async function checkPdf(mutant: Uint8Array): Promise<string | null> {
	preflight(mutant);
	const report = await validate(primitives, mutant, { trust: { anchors: anchors.map((c) => c.der) }, at: material.at + 3000, revocation: material.ocsp });
	const passed = report.signatures.filter((s) => s.indication === 'TOTAL-PASSED');
	if (!passed.length) return report.indication === 'TOTAL-PASSED' ? 'passed without a signature that passed' : null;
	const document = openDocument(mutant, { tolerant: true });
	const all = facts(document);
	for (const { revision, field } of passed) {
		const own = all.filter((f) => f.revision === revision);
		if (!own.length || !own.every((f) => signedRanges.has(covered(document, f)))) return `${field} passed over bytes that nobody signed`;
	}
	return report.indication === 'TOTAL-PASSED' && shown(document) !== shownOriginal ? 'passed, but shows something else' : null;
}
