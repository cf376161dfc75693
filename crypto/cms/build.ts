// Making a SignedData (RFC 5652, CAdES baseline B-B) in two phases, so that the key may be anywhere: attributes → sign → assemble.

import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import { read } from '../asn1/der.ts';
import { concat, type Bytes } from '../bytes.ts';
import type { HashName, Primitives, SignatureAlgorithm } from '../primitives.ts';
import { writeHash, writeSignatureAlgorithm } from '../x509/algorithm.ts';
import type { Certificate } from '../x509/certificate.ts';
import { attribute, signingCertificateV2 } from './attributes.ts';

export interface ToBeSigned {
	/** DER SET OF Attribute: what the key signs (RFC 5652 §5.4). */
	readonly tbs: Bytes;
	readonly hash: HashName;
	readonly contentType: string;
	readonly certificate: Certificate;
}

/** Phase one: the signed attributes over a content's digest. */
export function signedAttributes(
	primitives: Pick<Primitives, 'hash'>,
	input: { readonly contentType?: string; readonly contentDigest: Uint8Array; readonly hash: HashName; readonly certificate: Certificate; /** DER Attributes besides those of baseline. */ readonly more?: readonly Uint8Array[] }
): ToBeSigned {
	const contentType = input.contentType ?? oid.data;
	const tbs = write.setOf(
		attribute(oid.contentType, write.oid(contentType)),
		attribute(oid.messageDigest, write.octetString(input.contentDigest)),
		attribute(oid.signingCertificateV2, signingCertificateV2(primitives, input.certificate, input.hash)),
		...(input.more ?? [])
	);
	return { tbs, hash: input.hash, contentType, certificate: input.certificate };
}

/**
 * Phase two: ContentInfo with one SignerInfo, DER.
 * @param input.certificates the chain of the signer without the root, signer first
 * @param input.content encapsulated content; absent: detached
 */
export function assemble(
	signed: ToBeSigned,
	input: {
		readonly signature: Uint8Array;
		readonly algorithm: SignatureAlgorithm;
		readonly certificates: readonly Uint8Array[];
		readonly content?: Uint8Array;
		/** DER CertificateLists. */
		readonly crls?: readonly Uint8Array[];
		readonly unsignedAttributes?: readonly Uint8Array[];
	}
): Bytes {
	const { certificate } = signed;
	const unsigned = input.unsignedAttributes?.length ? [write.implicit(1, write.setOf(...input.unsignedAttributes))] : [];
	const signerInfo = write.sequence(
		write.integer(1),
		write.sequence(certificate.issuer.der, write.integer(certificate.serialNumber)),
		writeHash(signed.hash),
		write.implicit(0, signed.tbs),
		writeSignatureAlgorithm(input.algorithm),
		write.octetString(input.signature),
		...unsigned
	);
	const signedData = write.sequence(
		write.integer(signed.contentType === oid.data ? 1 : 3),
		write.setOf(writeHash(signed.hash)),
		write.sequence(write.oid(signed.contentType), ...(input.content ? [write.explicit(0, write.octetString(input.content))] : [])),
		write.implicit(0, write.setOf(...input.certificates)),
		...(input.crls?.length ? [write.implicit(1, write.setOf(...input.crls))] : []),
		write.setOf(signerInfo)
	);
	return write.sequence(write.oid(oid.signedData), write.explicit(0, signedData));
}

/** The same SignedData with one more unsigned attribute (a signature-time-stamp). Only for what `assemble` made: it re-encodes the path to the SignerInfo. */
export function withUnsignedAttribute(der: Uint8Array, type: string, attributeValue: Uint8Array): Bytes {
	const contentInfo = read(der);
	const signedData = contentInfo.children[1]!.children[0]!;
	const infos = signedData.children.at(-1)!;
	const info = infos.children[0]!;
	const last = info.children.at(-1)!;
	const isUnsigned = last.tag === 0xa1;
	const kept = info.children.slice(0, isUnsigned ? -1 : undefined).map((c) => c.raw);
	const existing = isUnsigned ? last.children.map((c) => c.raw) : [];
	const attributes = write.implicit(1, write.setOf(...existing, attribute(type, attributeValue)));
	const rebuilt = write.setOf(write.sequence(concat(...kept), attributes));
	const body = write.sequence(...signedData.children.slice(0, -1).map((c) => c.raw), rebuilt);
	return write.sequence(write.oid(oid.signedData), write.explicit(0, body));
}
