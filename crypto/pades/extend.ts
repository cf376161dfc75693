// Validation data for the long term (EN 319 142-1 §5.4): certificates, OCSP answers and lists into the document security store. B-T becomes B-LT.
// No VRI dictionaries: they are optional (§5.4.2.3), and what they point at is found without them.

import { equal, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { openDocument } from '../pdf/document.ts';
import { array, dict, dictOf, isArray, isRef, name, stream, withEntries, type PdfObject } from '../pdf/objects.ts';
import { beginRevision } from '../pdf/revision.ts';
import { readDss, type Held } from './evidence.ts';

export interface ValidationData {
	/** DER certificates. */
	readonly certificates?: readonly Uint8Array[];
	/** DER OCSPResponses. */
	readonly ocsp?: readonly Uint8Array[];
	/** DER CertificateLists. */
	readonly crls?: readonly Uint8Array[];
}

/** Adds a DSS with this data (what an earlier one held stays, and is not added again). Throws CryptoError on a file that takes no update. */
export function addDss(pdf: Uint8Array, data: ValidationData, id: Uint8Array): Bytes {
	const document = openDocument(pdf);
	const root = document.trailer.map.get('Root');
	if (!isRef(root)) throw new CryptoError('malformed', 'no-catalog', '/Root is no reference');
	const writer = beginRevision(document);
	const old = document.resolve(document.catalog.map.get('DSS'));
	const held = readDss(document);
	const put = (bytes: Uint8Array): PdfObject => {
		const target = writer.allocate();
		writer.set(target, stream({}, bytes));
		return target;
	};
	/** The array of a key with what is new; no entry at all when there is nothing (§5.4.2.2). */
	const entry = (key: string, known: readonly Held[], added: readonly Uint8Array[] = []): Record<string, PdfObject> => {
		const before = document.entry(old, key);
		const kept = isArray(before) ? before.items : [];
		const fresh = added.filter((der, i) => !known.some((h) => equal(h.der, der)) && added.findIndex((x) => equal(x, der)) === i);
		return kept.length + fresh.length ? { [key]: array(...kept, ...fresh.map(put)) } : {};
	};
	const dss = writer.allocate();
	const added = { ...entry('Certs', held.certificates, data.certificates), ...entry('OCSPs', held.ocsp, data.ocsp), ...entry('CRLs', held.crls, data.crls) };
	writer.set(dss, withEntries(dictOf(old) ?? dict({}), { Type: name('DSS'), ...added }));
	writer.set(root, withEntries(document.catalog, { DSS: dss }));
	return writer.finish(id).bytes;
}
