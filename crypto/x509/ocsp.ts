// OCSP answers (RFC 6960): made ahead of time by a responder, and read offline as revocation data.

import { bitString, context, Fields, octetString, only, read, tag, type Node } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import * as write from '../asn1/write.ts';
import { equal, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { digest, type HashName, type Primitives, type SignatureAlgorithm, type Signer } from '../primitives.ts';
import { readHash, readSignatureAlgorithm, writeHash, writeSignatureAlgorithm } from './algorithm.ts';
import { certificateOf, type Certificate } from './certificate.ts';
import { understoodExtensions } from './extensions.ts';
import { readName, sameName } from './name.ts';
import { buildPath } from './path.ts';

export type CertStatus = { readonly status: 'good' } | { readonly status: 'revoked'; /** Milliseconds since 1970. */ readonly at: number; /** CRLReason. */ readonly reason: number | null } | { readonly status: 'unknown' };

export interface OcspAnswer {
	readonly status: CertStatus;
	readonly producedAt: number;
	readonly thisUpdate: number;
	readonly nextUpdate: number | null;
}

/** An answer as it was read, and who signed it: the issuer, or a responder it delegated. */
export interface ReadOcspAnswer extends OcspAnswer {
	/** Certificates that ended since then, milliseconds, are still answered for (§4.4.4); null: not said. */
	readonly archiveCutoff: number | null;
	/** As the request had it, when the answer was made for one (§4.4.1). */
	readonly nonce: Uint8Array | null;
	readonly by: Certificate;
	readonly algorithm: SignatureAlgorithm;
}

/** Of an issuer, as a CertID names it. */
const issuerHashes = (primitives: Pick<Primitives, 'hash'>, hash: HashName, issuer: Certificate) => ({ name: digest(primitives, hash, issuer.subject.der), key: digest(primitives, hash, bitString(read(issuer.spki).children[1]!)) });

/** CertID: hashes of the issuer's name and key, and the serial number (§4.1.1). */
function certId(primitives: Pick<Primitives, 'hash'>, hash: HashName, certificate: Certificate, issuer: Certificate): Bytes {
	const { name, key } = issuerHashes(primitives, hash, issuer);
	return write.sequence(writeHash(hash), write.octetString(name), write.octetString(key), write.integer(certificate.serialNumber));
}

/** An OCSPRequest about one certificate (§4.1.1), DER: without a nonce, so that a responder may answer from its cache (RFC 5019 §2.1). */
export const writeOcspRequest = (primitives: Pick<Primitives, 'hash'>, certificate: Certificate, issuer: Certificate): Bytes =>
	write.sequence(write.sequence(write.sequence(write.sequence(certId(primitives, 'SHA-1', certificate, issuer)))));

/**
 * Makes an OCSPResponse with one answer, signed by the issuer itself or by a responder it delegated (its certificate then goes along).
 * @param hash of the CertID: as the request has it. SHA-1 is what clients ask with (RFC 5019 §2.1.1); no security rests on it
 */
export async function writeOcspResponse(
	primitives: Primitives,
	responder: { readonly signer: Signer; readonly certificate: Certificate },
	about: { readonly certificate: Certificate; readonly issuer: Certificate },
	answer: OcspAnswer,
	hash: HashName = 'SHA-1'
): Promise<Bytes> {
	const { status } = answer;
	const encoded =
		status.status === 'good'
			? write.tlv(context(0, false))
			: status.status === 'unknown'
				? write.tlv(context(2, false))
				: write.tlv(context(1), write.generalizedTime(seconds(status.at)), ...(status.reason === null ? [] : [write.explicit(0, write.integer(status.reason, tag.enumerated))]));
	const single = write.sequence(
		certId(primitives, hash, about.certificate, about.issuer),
		encoded,
		write.generalizedTime(seconds(answer.thisUpdate)),
		...(answer.nextUpdate === null ? [] : [write.explicit(0, write.generalizedTime(seconds(answer.nextUpdate)))])
	);
	const data = write.sequence(write.explicit(2, write.octetString(keyHash(primitives, responder.certificate))), write.generalizedTime(seconds(answer.producedAt)), write.sequence(single));
	const delegated = !equal(responder.certificate.der, about.issuer.der);
	const basic = write.sequence(
		data,
		writeSignatureAlgorithm(responder.signer.algorithm),
		write.bitString(await responder.signer.sign(data)),
		...(delegated ? [write.explicit(0, write.sequence(responder.certificate.der))] : [])
	);
	return write.sequence(write.tlv(tag.enumerated, Uint8Array.of(0)), write.explicit(0, write.sequence(write.oid(oid.ocspBasic), write.octetString(basic))));
}

/** Without fractions: GeneralizedTime of RFC 5280 §4.1.2.5.2 has none (RFC 6960 §4.2.2.1). */
const seconds = (at: number) => Math.floor(at / 1000) * 1000;

/** KeyHash of ResponderID (§4.2.1): a name, on which no security rests. */
const keyHash = (primitives: Pick<Primitives, 'hash'>, certificate: Certificate): Bytes => digest(primitives, 'SHA-1', bitString(read(certificate.spki).children[1]!));

/** An OCSPResponse with the parts of its BasicOCSPResponse (§4.2.1), read as far as whom it is about: the rest is once it is the one. */
export interface OcspResponse {
	readonly tbs: Node;
	readonly algorithm: Node;
	readonly signature: Node;
	readonly certs: Node | null;
	readonly responderId: Node;
	readonly producedAt: Node;
	readonly responses: readonly { readonly single: Node; readonly id: CertId }[];
	readonly extensions: Node | null;
}

interface CertId {
	readonly hash: Node;
	readonly issuerName: Uint8Array;
	readonly issuerKey: Uint8Array;
	readonly serialNumber: bigint;
}

const extensionsOf = (tagged: Node | null, known: readonly string[]) => understoodExtensions(tagged && only(tagged, 'extensions'), known, 'ocsp-extension');

function readCertId(node: Node): CertId {
	const f = new Fields(node, tag.sequence, 'CertID');
	const id = { hash: f.next(tag.sequence), issuerName: octetString(f.next(tag.octetString)), issuerKey: octetString(f.next(tag.octetString)), serialNumber: value.integer(f.next(tag.integer)) };
	f.end();
	return id;
}

/** Throws CryptoError: malformed, `unsupported` when it is no basic response, `refused` / `ocsp-status` when the responder answered with an error. */
export function openOcspResponse(der: Uint8Array): OcspResponse {
	const outer = new Fields(read(der), tag.sequence, 'OCSPResponse');
	const status = outer.next(tag.enumerated).content[0];
	if (status !== 0) throw new CryptoError('refused', 'ocsp-status', `status ${status}`);
	const bytes = new Fields(only(outer.next(context(0)), 'responseBytes'), tag.sequence, 'ResponseBytes');
	if (value.oid(bytes.next(tag.oid)) !== oid.ocspBasic) throw new CryptoError('unsupported', 'ocsp-type', 'not a basic response');
	const f = new Fields(read(octetString(bytes.next(tag.octetString))), tag.sequence, 'BasicOCSPResponse');
	const tbs = f.next(tag.sequence);
	const [algorithm, signature, certs] = [f.next(tag.sequence), f.next(tag.bitString), f.optional(context(0))];
	const d = new Fields(tbs, tag.sequence, 'ResponseData');
	d.optional(context(0));
	const [responderId, producedAt] = [d.next(), d.next(tag.generalizedTime)];
	const responses = d.next(tag.sequence).children.map((single) => ({ single, id: readCertId(new Fields(single, tag.sequence, 'SingleResponse').next(tag.sequence)) }));
	const extensions = d.optional(context(1));
	d.end();
	return { tbs, algorithm, signature, certs, responderId, producedAt, responses, extensions };
}

function readRevoked(node: Node): CertStatus {
	const f = new Fields(node, context(1), 'RevokedInfo');
	const at = value.time(f.next(tag.generalizedTime));
	const reason = f.optional(context(0));
	f.end();
	return { status: 'revoked', at, reason: reason && value.smallInteger(only(reason, 'reason'), tag.enumerated) };
}

function readSingle(node: Node): Omit<OcspAnswer, 'producedAt'> & { readonly archiveCutoff: number | null } {
	const f = new Fields(node, tag.sequence, 'SingleResponse');
	f.next(tag.sequence);
	const s = f.next();
	const thisUpdate = value.time(f.next(tag.generalizedTime));
	const next = f.optional(context(0));
	const cutoff = extensionsOf(f.optional(context(1)), [oid.ocspArchiveCutoff])(oid.ocspArchiveCutoff);
	f.end();
	const status: CertStatus = s.tag === context(0, false) ? { status: 'good' } : s.tag === context(1) ? readRevoked(s) : { status: 'unknown' };
	return { status, thisUpdate, nextUpdate: next && value.time(only(next, 'nextUpdate')), archiveCutoff: cutoff && value.time(read(cutoff)) };
}

/** Whether a CertID is of this certificate, under the hash it chose. */
function isAbout(primitives: Pick<Primitives, 'hash'>, id: CertId, certificate: Certificate, issuer: Certificate): boolean {
	if (id.serialNumber !== certificate.serialNumber) return false;
	const { name, key } = issuerHashes(primitives, readHash(id.hash), issuer);
	return equal(id.issuerName, name) && equal(id.issuerKey, key);
}

/** Whether ResponderID names this certificate, by its subject or by the SHA-1 of its key (§4.2.1). */
function isResponder(primitives: Pick<Primitives, 'hash'>, id: Node, certificate: Certificate): boolean {
	if (id.tag === context(1)) return sameName(readName(only(id, 'byName')), certificate.subject);
	if (id.tag !== context(2)) throw new CryptoError('malformed', 'ocsp', 'ResponderID');
	return equal(octetString(only(id, 'byKey')), keyHash(primitives, certificate));
}

/**
 * The answer about a certificate, or null when the response is about others (more than whom it is about is not read then). Throws CryptoError: malformed, `unsupported` on an unknown critical extension,
 * or `mismatch` / `ocsp-signature`, `ocsp-responder` when neither the issuer nor one it delegated (certified by it with EKU OCSPSigning, valid when it
 * answered) signed it (§4.2.2.2). Whether the delegate itself was revoked is the caller's to ask.
 * @param since when the response is proven to exist, milliseconds: the delegate's certificate is not older for its algorithm's sake
 */
export async function answerAbout(primitives: Primitives, response: OcspResponse, certificate: Certificate, issuer: Certificate, since?: number): Promise<ReadOcspAnswer | null> {
	const found = response.responses.find(({ id }) => isAbout(primitives, id, certificate, issuer));
	if (!found) return null;
	const [algorithm, signature, producedAt] = [readSignatureAlgorithm(response.algorithm), bitString(response.signature), value.time(response.producedAt)];
	const answer = { ...readSingle(found.single), producedAt, nonce: extensionsOf(response.extensions, [oid.ocspNonce])(oid.ocspNonce), algorithm };
	const signed = (c: Certificate) => isResponder(primitives, response.responderId, c) && primitives.verify(algorithm, c.spki, response.tbs.raw, signature);
	if (await signed(issuer)) return { ...answer, by: issuer };
	for (const responder of response.certs ? only(response.certs, 'certs').children.map(certificateOf) : []) {
		if (!(await signed(responder))) continue;
		const existed = since === undefined ? {} : { existed: () => since };
		const { problems } = await buildPath(primitives, { leaf: responder, intermediates: [], anchors: [issuer], at: producedAt, purpose: 'ocsp', ...existed });
		if (!problems.length) return { ...answer, by: responder };
		throw new CryptoError('mismatch', 'ocsp-responder', `the responder was not delegated by the issuer: ${problems.map((p) => p.problem).join(', ')}`);
	}
	throw new CryptoError('mismatch', 'ocsp-signature', 'nobody known signed the answer');
}

/** The same of DER bytes. */
export const readOcspResponse = async (primitives: Primitives, der: Uint8Array, certificate: Certificate, issuer: Certificate, since?: number): Promise<ReadOcspAnswer | null> =>
	answerAbout(primitives, openOcspResponse(der), certificate, issuer, since);
