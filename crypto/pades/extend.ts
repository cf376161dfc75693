// Validation data for the long term (EN 319 142-1 §5.4): certificates and OCSP answers into the document security store. B-T becomes B-LT.

import type { Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { openDocument, type View } from '../pdf/document.ts';
import { array, dict, dictOf, isArray, isRef, isStream, name, stream, withEntries, type PdfObject } from '../pdf/objects.ts';
import { beginRevision } from '../pdf/revision.ts';
import { decodeStream } from '../pdf/filters.ts';

export interface ValidationData {
	/** DER certificates. */
	readonly certificates: readonly Uint8Array[];
	/** DER OCSPResponses. */
	readonly ocsp: readonly Uint8Array[];
}

/** Adds a DSS with this data (what an earlier one held stays). Throws CryptoError on a file that takes no update. */
export function addDss(pdf: Uint8Array, data: ValidationData, id: Uint8Array): Bytes {
	const document = openDocument(pdf);
	const root = document.trailer.map.get('Root');
	if (!isRef(root)) throw new CryptoError('malformed', 'no-catalog', '/Root is no reference');
	const writer = beginRevision(document);
	const old = document.resolve(document.catalog.map.get('DSS'));
	const kept = (key: string): readonly PdfObject[] => {
		const value = document.entry(old, key);
		return isArray(value) ? value.items : [];
	};
	const put = (bytes: Uint8Array): PdfObject => {
		const target = writer.allocate();
		writer.set(target, stream({}, bytes));
		return target;
	};
	const dss = writer.allocate();
	writer.set(dss, withEntries(dictOf(old) ?? dict({}), { Type: name('DSS'), Certs: array(...kept('Certs'), ...data.certificates.map(put)), OCSPs: array(...kept('OCSPs'), ...data.ocsp.map(put)) }));
	writer.set(root, withEntries(document.catalog, { DSS: dss }));
	return writer.finish(id).bytes;
}

/** What the document's DSS holds; streams that do not decode are left out (the checks then miss them). */
export function readDss(document: View): ValidationData {
	const dss = document.resolve(document.catalog.map.get('DSS'));
	const all = (key: string): Uint8Array[] => {
		const value = document.entry(dss, key);
		return (isArray(value) ? value.items.slice(0, 1000) : []).flatMap((item) => {
			const s = document.resolve(item);
			try {
				return isStream(s) ? [decodeStream(s, document.resolve)] : [];
			} catch (error) {
				if (error instanceof CryptoError) return [];
				throw error;
			}
		});
	};
	return { certificates: all('Certs'), ocsp: all('OCSPs') };
}
