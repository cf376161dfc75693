// Signed attributes of CAdES baseline (EN 319 122-1 §5): content-type, message-digest, ESS signing-certificate-v2 (RFC 5035). No signing-time: PAdES has /M.

import { Fields, octetString, tag, type Node } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import * as write from '../asn1/write.ts';
import { equal, type Bytes } from '../bytes.ts';
import { digest, type HashName, type Primitives } from '../primitives.ts';
import { readHash, writeHash } from '../x509/algorithm.ts';
import type { Certificate } from '../x509/certificate.ts';

export interface Attribute {
	readonly type: string;
	/** The members of its SET OF values. */
	readonly values: readonly Node[];
}

/** Attributes of a SET OF Attribute (signedAttrs, unsignedAttrs). */
export function readAttributes(node: Node): Attribute[] {
	return node.children.map((child) => {
		const f = new Fields(child, tag.sequence, 'Attribute');
		const type = value.oid(f.next(tag.oid));
		const values = f.next(tag.set).children;
		f.end();
		return { type, values };
	});
}

/** Attribute with one value. */
export const attribute = (type: string, ...values: Uint8Array[]): Bytes => write.sequence(write.oid(type), write.setOf(...values));

/** SigningCertificateV2 with one ESSCertIDv2 (RFC 5035 §3); the default hash is left out as DER demands. */
export function signingCertificateV2(primitives: Pick<Primitives, 'hash'>, certificate: Certificate, hash: HashName): Bytes {
	const issuerSerial = write.sequence(write.sequence(write.explicit(4, certificate.issuer.der)), write.integer(certificate.serialNumber));
	const certId = write.sequence(...(hash === 'SHA-256' ? [] : [writeHash(hash)]), write.octetString(digest(primitives, hash, certificate.der)), issuerSerial);
	return write.sequence(write.sequence(certId));
}

/** Adobe's revocationInfoArchival (ISO 32000-1 §12.8.3.3.2): DER lists and OCSP answers under the signature. */
export function revocationInfoArchival({ ocsp = [], crls = [] }: { readonly ocsp?: readonly Uint8Array[]; readonly crls?: readonly Uint8Array[] }): Bytes {
	const part = (n: number, ders: readonly Uint8Array[]) => (ders.length ? [write.explicit(n, write.sequence(...ders))] : []);
	return attribute(oid.revocationInfoArchival, write.sequence(...part(0, crls), ...part(1, ocsp)));
}

/** One ESSCertID or ESSCertIDv2, as its attribute names the signer's certificate. */
export interface EssCertId {
	readonly hash: HashName;
	readonly digest: Uint8Array;
	readonly issuer: Uint8Array | null;
	readonly serialNumber: bigint | null;
}

/** The first certificate named by SigningCertificate (v1: SHA-1) or SigningCertificateV2: the signer's. */
export function readEssCertId(attributeValue: Node, version: 1 | 2): EssCertId {
	const certs = new Fields(attributeValue, tag.sequence, 'SigningCertificate').next(tag.sequence);
	const f = new Fields(certs.children[0]!, tag.sequence, 'ESSCertID');
	const algorithm = version === 2 ? f.optional(tag.sequence) : null;
	const hash = version === 1 ? 'SHA-1' : algorithm ? readHash(algorithm) : 'SHA-256';
	const certHash = octetString(f.next());
	const issuerSerial = f.optional(tag.sequence);
	f.end();
	const [names, serial] = issuerSerial?.children ?? [];
	return { hash, digest: certHash, issuer: names?.children[0]?.children[0]?.raw ?? null, serialNumber: serial ? value.integer(serial) : null };
}

/** Whether this is the certificate an ESSCertID names: its hash, and issuer and serial when given. */
export function names(primitives: Pick<Primitives, 'hash'>, id: EssCertId, certificate: Certificate): boolean {
	return (
		equal(digest(primitives, id.hash, certificate.der), id.digest) &&
		(id.issuer === null || equal(id.issuer, certificate.issuer.der)) &&
		(id.serialNumber === null || id.serialNumber === certificate.serialNumber)
	);
}
