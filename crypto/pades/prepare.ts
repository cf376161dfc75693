// Phase one of a PAdES signature (EN 319 142-1 §5): the revision with the signature dictionary, its /Contents still empty. embed.ts fills it.

import { concat, latin1, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { openDocument, type PdfDocument } from '../pdf/document.ts';
import { array, dict, dictOf, hexString, name, textString, withEntries, type Dict, type PdfObject, type Ref } from '../pdf/objects.ts';
import { beginRevision, type Written } from '../pdf/revision.ts';
import type { HashName, Primitives } from '../primitives.ts';
import { importPage } from './appearance.ts';
import { attachFields, signatureFields, signatureWidget } from './fields.ts';
import { fillFields, type Fill } from './form-fields.ts';

export interface SignatureWishes {
	/** Fully qualified name of an empty signature field of the file. */
	readonly field: string;
	/** /M, milliseconds since 1970: claimed, not proven. */
	readonly signingTime: number;
	/** /Name, /Reason, /Location, shown by readers; unproven. */
	readonly name?: string;
	readonly reason?: string;
	readonly location?: string;
	/** A one-page PDF authored as the visible mark, upright, of the field's size as seen (`signatureWidget`); a field without a place shows none. */
	readonly appearance?: Uint8Array;
	/** What this signatory fills in, in this same revision. */
	readonly fills?: readonly Fill[];
	/** Bytes kept for the CMS with its time-stamp. */
	readonly contentsSize: number;
	/** 16 new random bytes for /ID. */
	readonly id: Uint8Array;
}

/** A file and the revision that follows it, whose /Contents waits. What is signed is all of both but the /Contents. The file's own bytes are never copied: a large one may be written out as it is, then the update. */
export interface Prepared {
	readonly original: Uint8Array;
	readonly update: Bytes;
	/** In the update, of the hexadecimal string with its delimiters. */
	readonly contents: { readonly start: number; readonly end: number };
}

/** Original ‖ update: a copy. */
export const fileOf = ({ original, update }: Pick<Prepared, 'original' | 'update'>): Bytes => concat(original, update);

/** PDF date in UTC (ISO 32000-1 §7.9.4). */
export const pdfDate = (at: number): string => `D:${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;

/** A number in ten digits: room to be filled in. */
const wide = (n: number): PdfObject => ({ kind: 'number', value: n, text: String(n).padStart(10, '0') });

/** A signature dictionary whose /ByteRange and /Contents wait. */
const unsigned = (type: 'Sig' | 'DocTimeStamp', subFilter: string, contentsSize: number, more: Readonly<Record<string, PdfObject>>): PdfObject =>
	dict({
		Type: name(type),
		Filter: name('Adobe.PPKLite'),
		SubFilter: name(subFilter),
		ByteRange: array(wide(0), wide(0), wide(0), wide(0)),
		Contents: hexString(new Uint8Array(contentsSize)),
		...more
	});

/** What the field's /Lock says is said by its signature too (FieldMDP, ISO 32000-2 §12.8.2.4). */
function fixing(document: PdfDocument, field: Dict): Record<string, PdfObject> {
	const lock = dictOf(document.resolve(field.map.get('Lock')));
	if (!lock) return {};
	const params = { Type: name('TransformParams'), V: name('1.2'), Action: lock.map.get('Action') ?? name('All'), ...(lock.map.has('Fields') ? { Fields: lock.map.get('Fields')! } : {}) };
	return { Reference: array(dict({ Type: name('SigRef'), TransformMethod: name('FieldMDP'), TransformParams: dict(params) })) };
}

/** Writes the revision. Throws CryptoError `misuse` / `no-such-field`, `refused` / `field-signed`, and what `fillFields` throws. */
export function prepare(pdf: Uint8Array, wishes: SignatureWishes): Prepared {
	const document = openDocument(pdf);
	const field = signatureFields(document).find((f) => f.name === wishes.field);
	if (!field?.ref) throw new CryptoError('misuse', 'no-such-field', wishes.field);
	if (field.signed) throw new CryptoError('refused', 'field-signed', wishes.field);
	const writer = beginRevision(document);
	const value = writer.allocate();
	const optional = (key: string, text: string | undefined) => (text ? { [key]: textString(text) } : {});
	writer.set(
		value,
		unsigned('Sig', 'ETSI.CAdES.detached', wishes.contentsSize, {
			M: textString(pdfDate(wishes.signingTime)),
			...optional('Name', wishes.name),
			...optional('Reason', wishes.reason),
			...optional('Location', wishes.location),
			...fixing(document, field.dict)
		})
	);
	fillFields(document, writer, wishes.fills ?? []);
	const widget = wishes.appearance ? signatureWidget(document, field) : null;
	const appearance = widget ? { AP: dict({ N: importPage(writer, wishes.appearance!, widget.rotate) }) } : {};
	const merged = !widget || widget.ref.num === field.ref.num;
	if (widget && !merged) writer.set(widget.ref, withEntries(widget.dict, appearance));
	writer.set(field.ref, withEntries(field.dict, { V: value, ...(merged ? appearance : {}) }));
	return awaiting(writer.finish(wishes.id), value);
}

/**
 * The revision of a document time-stamp (EN 319 142-1 §5.4.3): an invisible field on the first page, made and filled at once; the token goes into its /Contents by `embed`.
 * @param wishes.field name of the field to make: random, unique
 */
export function prepareTimestamp(pdf: Uint8Array, wishes: Pick<SignatureWishes, 'field' | 'contentsSize' | 'id'>): Prepared {
	const document = openDocument(pdf);
	if (signatureFields(document).some((f) => f.name === wishes.field)) throw new CryptoError('misuse', 'field-exists', wishes.field);
	const writer = beginRevision(document);
	const value = writer.allocate();
	writer.set(value, unsigned('DocTimeStamp', 'ETSI.RFC3161', wishes.contentsSize, {}));
	attachFields(document, writer, [{ name: wishes.field, page: 0, rect: [0, 0, 0, 0], entries: { V: value } }]);
	return awaiting(writer.finish(wishes.id), value);
}

/** Where a key's value begins, in the dictionary at `offset`. Throws CryptoError `misuse` when it has no such key. */
function valueOf(bytes: Uint8Array, offset: number, key: string): number {
	const word = latin1(`/${key} `);
	for (let at = bytes.indexOf(word[0]!, offset); at >= 0; at = bytes.indexOf(word[0]!, at + 1)) if (word.every((b, i) => bytes[at + i] === b)) return at + word.length;
	throw new CryptoError('misuse', 'no-such-key', key);
}

/** Fills in the ByteRange of the signature dictionary, which has no string before either key. */
function awaiting({ original, update, offsets }: Written, value: Ref): Prepared {
	const before = original.length;
	const offset = offsets.get(value.num)! - before;
	const start = valueOf(update, offset, 'Contents');
	const end = update.indexOf(0x3e, start) + 1;
	if (before + update.length > 9_999_999_999) throw new CryptoError('limit', 'file-size', 'a ByteRange of ten digits');
	const range = [0, before + start, before + end, update.length - end].map((n) => String(n).padStart(10, '0'));
	update.set(latin1(`[${range.join(' ')}]`), valueOf(update, offset, 'ByteRange'));
	return { original, update, contents: { start, end } };
}

/** Digest of what a prepared signature covers. */
export function coveredDigest(primitives: Pick<Primitives, 'hash'>, { original, update, contents }: Prepared, hash: HashName): Bytes {
	const h = primitives.hash(hash);
	h.update(original);
	h.update(update.subarray(0, contents.start));
	h.update(update.subarray(contents.end));
	return h.digest();
}
