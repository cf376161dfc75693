// A token with what it is verified by inside its CMS, where the next archive time-stamp covers it (RFC 4998 §4.2: certificates and revocation data should be stored in the time-stamp itself).

import { context, Fields, only, read, tag } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import { fromLatin1, type Bytes } from '../bytes.ts';

export interface TokenData {
	readonly certificates: readonly Uint8Array[];
	/** DER OCSPResponses. */
	readonly ocsp: readonly Uint8Array[];
	/** DER CertificateLists. */
	readonly crls: readonly Uint8Array[];
}

/** OtherRevocationInfoFormat with an OCSPResponse (RFC 5940 §2.1). */
const otherRevocationInfo = (ocsp: Uint8Array): Bytes => write.implicit(1, write.sequence(write.oid(oid.riOcspResponse), ocsp));

const once = (ders: readonly Uint8Array[]): Uint8Array[] => [...new Map(ders.map((der) => [fromLatin1(der), der])).values()];

/** Nothing that is signed changes: certificates and crls are beside it (RFC 5652 §5.1). Throws CryptoError on what is no SignedData. */
export function withTokenData(token: Uint8Array, { certificates, ocsp, crls }: TokenData): Bytes {
	const outer = new Fields(read(token, { ber: true }), tag.sequence, 'ContentInfo');
	outer.next(tag.oid);
	const f = new Fields(only(outer.next(context(0)), 'ContentInfo'), tag.sequence, 'SignedData');
	const version = f.next(tag.integer).raw;
	const digestAlgorithms = f.next(tag.set).raw;
	const encapsulated = f.next(tag.sequence).raw;
	const heldCertificates = f.optional(context(0))?.children.map((c) => c.raw) ?? [];
	const heldRevocation = f.optional(context(1))?.children.map((c) => c.raw) ?? [];
	const signerInfos = f.next(tag.set).raw;
	f.end();
	const bag = once([...heldCertificates, ...certificates]);
	const revocation = once([...heldRevocation, ...crls, ...ocsp.map(otherRevocationInfo)]);
	const other = revocation.some((r) => r[0] === context(1));
	return write.sequence(
		write.oid(oid.signedData),
		write.explicit(0, write.sequence(
			other ? write.integer(5) : version,
			digestAlgorithms,
			encapsulated,
			...(bag.length ? [write.implicit(0, write.setOf(...bag))] : []),
			...(revocation.length ? [write.implicit(1, write.setOf(...revocation))] : []),
			signerInfos
		))
	);
}
