// Reading a SignedData (RFC 5652 §5) with exactly one SignerInfo. Verifying it is verify.ts's.

import { context, Fields, octetString, only, read, tag, type Node, type ReadOptions } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import { setOfAll, toDer } from '../asn1/write.ts';
import { concat, equal, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { HashName, SignatureAlgorithm } from '../primitives.ts';
import { readHash, readSignatureAlgorithm } from '../x509/algorithm.ts';
import { certificateOf, type Certificate } from '../x509/certificate.ts';
import { readAttributes, type Attribute } from './attributes.ts';

export interface SignerInfo {
	/** DER issuer Name and serial number, or a subject key identifier (RFC 5652 §5.3). */
	readonly sid: { readonly issuer: Uint8Array; readonly serialNumber: bigint } | { readonly keyIdentifier: Uint8Array };
	readonly digestAlgorithm: HashName;
	/** Null when there are none: the signature is then over the content itself. */
	readonly signedAttributes: readonly Attribute[] | null;
	/** What was signed when there are attributes: their DER as SET OF (RFC 5652 §5.4), first with the bytes as they stand, then, if that is not it, encoded anew. */
	readonly tbs: readonly Bytes[];
	readonly algorithm: SignatureAlgorithm;
	readonly signature: Uint8Array;
	readonly unsignedAttributes: readonly Attribute[];
}

export interface SignedData {
	readonly contentType: string;
	/** Encapsulated content; null when detached. */
	readonly content: Uint8Array | null;
	readonly digestAlgorithms: readonly HashName[];
	readonly certificates: readonly Certificate[];
	/** DER CertificateList and RFC 5940 entries, unread. */
	readonly crls: readonly Node[];
	readonly signerInfo: SignerInfo;
}

/** Throws CryptoError: malformed, unsupported algorithm, or more than one SignerInfo. */
export function readSignedData(bytes: Uint8Array, options: ReadOptions = {}): SignedData {
	const outer = new Fields(read(bytes, options), tag.sequence, 'ContentInfo');
	if (value.oid(outer.next(tag.oid)) !== oid.signedData) throw new CryptoError('malformed', 'cms', 'not a SignedData');
	const f = new Fields(only(outer.next(context(0)), 'ContentInfo'), tag.sequence, 'SignedData');
	outer.end();
	value.integer(f.next(tag.integer));
	const digestAlgorithms = f.next(tag.set).children.map(readHash);
	const encapsulated = new Fields(f.next(tag.sequence), tag.sequence, 'EncapsulatedContentInfo');
	const contentType = value.oid(encapsulated.next(tag.oid));
	const contentNode = encapsulated.optional(context(0));
	encapsulated.end();
	const certificates = f.optional(context(0));
	const crls = f.optional(context(1));
	const signerInfos = f.next(tag.set).children;
	f.end();
	if (signerInfos.length !== 1) throw new CryptoError('malformed', 'signer-infos', `${signerInfos.length} SignerInfos`);
	return {
		contentType,
		content: contentNode && octetString(only(contentNode, 'eContent')),
		digestAlgorithms,
		certificates: (certificates?.children ?? []).filter((c) => c.tag === tag.sequence).map(certificateOf),
		crls: crls?.children ?? [],
		signerInfo: readSignerInfo(signerInfos[0]!)
	};
}

function readSignerInfo(node: Node): SignerInfo {
	const f = new Fields(node, tag.sequence, 'SignerInfo');
	value.integer(f.next(tag.integer));
	const keyIdentifier = f.optional(context(0, false));
	const sid = keyIdentifier ? { keyIdentifier: keyIdentifier.content } : issuerAndSerial(f.next(tag.sequence));
	const digestAlgorithm = readHash(f.next(tag.sequence));
	const signed = f.optional(context(0));
	const algorithm = readSignatureAlgorithm(f.next(tag.sequence), digestAlgorithm);
	const signature = octetString(f.next());
	const unsigned = f.optional(context(1));
	f.end();
	return {
		sid,
		digestAlgorithm,
		signedAttributes: signed && readAttributes(signed),
		tbs: signed ? attributeEncodings(signed) : [],
		algorithm,
		signature,
		unsignedAttributes: unsigned ? readAttributes(unsigned) : []
	};
}

function attributeEncodings(signed: Node): Bytes[] {
	const asItStands = concat(Uint8Array.of(tag.set), signed.raw.subarray(1));
	const anew = setOfAll(signed.children.map(toDer));
	return equal(asItStands, anew) ? [asItStands] : [asItStands, anew];
}

function issuerAndSerial(node: Node): { issuer: Uint8Array; serialNumber: bigint } {
	const f = new Fields(node, tag.sequence, 'IssuerAndSerialNumber');
	const issuer = f.next(tag.sequence).raw;
	const serialNumber = value.integer(f.next(tag.integer));
	f.end();
	return { issuer, serialNumber };
}
