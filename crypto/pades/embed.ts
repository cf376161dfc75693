// Phase two: a CMS, or one with its time-stamp, into the gap that prepare.ts left. Nothing the signature covers changes.

import { oid } from '../asn1/oid.ts';
import { read } from '../asn1/der.ts';
import { hexBytes, type Bytes } from '../bytes.ts';
import { withUnsignedAttribute } from '../cms/build.ts';
import { readSignedData } from '../cms/signed-data.ts';
import { CryptoError } from '../errors.ts';
import { fileOf, type Prepared } from './prepare.ts';

/** The same with the CMS in its gap, lower-case hexadecimal, padded with zeros. Throws CryptoError `limit` / `contents-size` when it does not fit. */
export function filled({ original, update, contents }: Prepared, cms: Uint8Array): Prepared {
	const room = (contents.end - contents.start - 2) / 2;
	if (cms.length > room) throw new CryptoError('limit', 'contents-size', `${cms.length} bytes into ${room}`);
	const own = update.slice();
	own.fill(0x30, contents.start + 1, contents.end - 1).set(hexBytes(cms), contents.start + 1);
	return { original, update: own, contents };
}

/** The file with the CMS in it. Throws like `filled`. */
export const embed = (prepared: Prepared, cms: Uint8Array): Bytes => fileOf(filled(prepared, cms));

const valueOf = (digit: number): number => (digit < 0x3a ? digit - 0x30 : digit - 0x57);

/** The CMS in the gap as `filled` wrote it, without its padding. */
export function embeddedCms({ update, contents }: Pick<Prepared, 'update' | 'contents'>): Uint8Array {
	const digits = update.subarray(contents.start + 1, contents.end - 1);
	const cms = new Uint8Array(digits.length / 2);
	for (let i = 0; i < cms.length; i++) cms[i] = valueOf(digits[2 * i]!) * 16 + valueOf(digits[2 * i + 1]!);
	return read(cms, { trailing: true }).raw;
}

/** What a signature-time-stamp stamps: the signature value (EN 319 122-1 §5.3). */
export const signatureValue = (cms: Uint8Array): Uint8Array => readSignedData(cms).signerInfo.signature;

/** The same file with a signature-time-stamp token in its CMS: B-B becomes B-T. */
export function embedTimestamp(signed: Prepared, token: Uint8Array): Bytes {
	return embed(signed, withUnsignedAttribute(embeddedCms(signed), oid.signatureTimeStampToken, token));
}
