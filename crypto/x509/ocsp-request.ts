// OCSP requests as a server reads them, and the answers that need no signature (RFC 6960 §4.1, §2.3; RFC 5019 for what is answered ahead of time).

import { bitString, context, Fields, octetString, only, read, tag, type Node } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import * as write from '../asn1/write.ts';
import { equal, type Bytes } from '../bytes.ts';
import { digest, type HashName, type Primitives } from '../primitives.ts';
import { readHash } from './algorithm.ts';
import type { Certificate } from './certificate.ts';
import { understoodExtensions } from './extensions.ts';

/** CertID (§4.1.1). */
export interface CertId {
	readonly hash: HashName;
	readonly issuerNameHash: Uint8Array;
	readonly issuerKeyHash: Uint8Array;
	readonly serialNumber: bigint;
}

function readCertId(node: Node): CertId {
	const f = new Fields(node, tag.sequence, 'CertID');
	const hash = readHash(f.next(tag.sequence));
	const id = { hash, issuerNameHash: octetString(f.next(tag.octetString)), issuerKeyHash: octetString(f.next(tag.octetString)), serialNumber: value.integer(f.next(tag.integer)) };
	f.end();
	return id;
}

/** What an OCSPRequest asks about, in its order. Its nonce and its signature are not looked at: answers made ahead of time have none (RFC 5019 §2.1.1). Throws CryptoError. */
export function readOcspRequest(der: Uint8Array): CertId[] {
	const outer = new Fields(read(der), tag.sequence, 'OCSPRequest');
	const f = new Fields(outer.next(tag.sequence), tag.sequence, 'TBSRequest');
	outer.optional(context(0));
	outer.end();
	f.optional(context(0));
	f.optional(context(1));
	const list = f.next(tag.sequence).children;
	const tagged = f.optional(context(2));
	f.end();
	understoodExtensions(tagged && only(tagged, 'requestExtensions'), [oid.ocspNonce], 'ocsp-extension');
	return list.map((node) => {
		const one = new Fields(node, tag.sequence, 'Request');
		const id = readCertId(one.next(tag.sequence));
		const more = one.optional(context(0));
		one.end();
		understoodExtensions(more && only(more, 'singleRequestExtensions'), [], 'ocsp-extension');
		return id;
	});
}

/** Whether a CertID names this issuer. */
export function namesIssuer(primitives: Pick<Primitives, 'hash'>, { hash, issuerNameHash, issuerKeyHash }: CertId, issuer: Certificate): boolean {
	const key = bitString(read(issuer.spki).children[1]!);
	return equal(issuerNameHash, digest(primitives, hash, issuer.subject.der)) && equal(issuerKeyHash, digest(primitives, hash, key));
}

const statuses = { malformedRequest: 1, internalError: 2, tryLater: 3, sigRequired: 5, unauthorized: 6 } as const;
export type OcspError = keyof typeof statuses;

/** An OCSPResponse that answers nothing (§4.2.1, OCSPResponseStatus). */
export const ocspError = (status: OcspError): Bytes => write.sequence(write.tlv(tag.enumerated, Uint8Array.of(statuses[status])));
