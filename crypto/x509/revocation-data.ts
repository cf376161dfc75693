// Revocation data at hand, from anywhere and in any order, each answer and list read once.

import { Fields, read, tag } from '../asn1/der.ts';
import { CryptoError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import { readCrl, type CertificateList } from './crl.ts';
import { openOcspResponse, type OcspResponse } from './ocsp.ts';

/** DER bytes, and what they say, or why that cannot be read. */
export interface Once<T> {
	readonly der: Uint8Array;
	readonly read: T | { readonly problem: string };
}

/** `since`: when it is proven to exist, milliseconds: later than its signer's end it proves nothing. */
export type RevocationEntry<T> = Once<T> & { readonly since: number };

export interface RevocationData {
	readonly ocsp: readonly RevocationEntry<OcspResponse>[];
	readonly crls: readonly RevocationEntry<CertificateList>[];
	/** Certificates that may have signed the lists, where that is not the issuer's. */
	readonly certificates?: readonly Certificate[];
}

function once<T>(der: Uint8Array, open: (der: Uint8Array) => T): Once<T> {
	try {
		return { der, read: open(der) };
	} catch (error) {
		if (error instanceof CryptoError) return { der, read: { problem: error.message } };
		throw error;
	}
}

/** A DER OCSPResponse. */
export const onceOcsp = (der: Uint8Array): Once<OcspResponse> => once(der, openOcspResponse);

/** A DER CertificateList. */
export const onceCrl = (der: Uint8Array): Once<CertificateList> => once(der, readCrl);

/** DER OCSPResponses and CertificateLists told apart: the first begin with a status, an ENUMERATED. Throws CryptoError on what is neither. */
export function sortRevocation(ders: readonly Uint8Array[]): { ocsp: Uint8Array[]; crls: Uint8Array[] } {
	const isOcsp = (der: Uint8Array) => new Fields(read(der), tag.sequence, 'revocation data').next().tag === tag.enumerated;
	return { ocsp: ders.filter(isOcsp), crls: ders.filter((der) => !isOcsp(der)) };
}

/** DER answers and lists that are all known to exist since one time. */
export function heldSince(since: number, { ocsp = [], crls = [], certificates = [] }: { readonly ocsp?: readonly Uint8Array[]; readonly crls?: readonly Uint8Array[]; readonly certificates?: readonly Certificate[] }): RevocationData {
	return { ocsp: ocsp.map((der) => ({ ...onceOcsp(der), since })), crls: crls.map((der) => ({ ...onceCrl(der), since })), certificates };
}
