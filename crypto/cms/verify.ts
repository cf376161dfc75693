// Verifying a SignedData's one signature (RFC 5652 §5.6, RFC 5035, EN 319 122-1): every question is one named check. The chain is not judged here.

import { context, Fields, octetString, read, tag, type Node } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import { concat, equal } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Check, CheckName, SubIndication } from '../pades/report.ts';
import type { HashName, Primitives } from '../primitives.ts';
import { hashOf, readHash, readSignatureAlgorithm } from '../x509/algorithm.ts';
import type { Certificate } from '../x509/certificate.ts';
import { hashEnd, signatureEnd } from '../x509/lifetimes.ts';
import { names, readEssCertId } from './attributes.ts';
import type { SignedData, SignerInfo } from './signed-data.ts';

export interface CmsVerdict {
	/** The certificate that made the signature: found by sid, confirmed by ESSCertID when there is one. */
	readonly signer: Certificate | null;
	readonly checks: readonly Check[];
	/** All checks passed. */
	readonly intact: boolean;
	/** Its signed attributes are those of CAdES baseline (content-type, message-digest, signing-certificate-v2, no signing-time). */
	readonly baseline: boolean;
}

/** The values of a signed attribute that must be there at most once, with one value. */
function single(info: SignerInfo, type: string) {
	const all = (info.signedAttributes ?? []).filter((a) => a.type === type);
	if (all.length > 1 || (all[0] && all[0].values.length !== 1)) throw new CryptoError('malformed', 'attribute', `${type} more than once`);
	return all[0]?.values[0] ?? null;
}

/** `sid` names exactly one certificate of the bag. */
function bySid({ sid }: SignerInfo, certificates: readonly Certificate[]): Certificate | null {
	const matches = certificates.filter((c) =>
		'keyIdentifier' in sid ? c.subjectKeyIdentifier && equal(c.subjectKeyIdentifier, sid.keyIdentifier) : equal(c.issuer.der, sid.issuer) && c.serialNumber === sid.serialNumber
	);
	return matches[0] ?? null;
}

/** Whether CMSAlgorithmProtection (RFC 6211 §2) names the algorithms of the SignerInfo. */
function protects(node: Node, { digestAlgorithm, algorithm }: SignerInfo): boolean {
	const f = new Fields(node, tag.sequence, 'CMSAlgorithmProtection');
	const hash = readHash(f.next(tag.sequence));
	const signature = concat(Uint8Array.of(tag.sequence), f.next(context(1)).raw.subarray(1));
	f.end();
	return hash === digestAlgorithm && JSON.stringify(readSignatureAlgorithm(read(signature), hash)) === JSON.stringify(algorithm);
}

/** What a SignedData is held against. */
export interface Signed {
	/** Digest of the signed content under `signerInfo.digestAlgorithm`. */
	readonly contentDigest: Uint8Array;
	/** The content itself, for a signature without signed attributes. */
	readonly content?: () => Uint8Array;
	/** What the content must be: id-data, or id-ct-TSTInfo, which demands an ESSCertID (RFC 3161 §2.4.2). */
	readonly contentType: string;
	/** Since when the signature is proven to exist, milliseconds: an algorithm that ended later does not touch it. */
	readonly existed: number;
	/** A hash that the content itself rests on, besides: adbe.pkcs7.sha1. */
	readonly within?: HashName;
	/** Certificates outside the bag that may be the signer's. */
	readonly more?: readonly Certificate[];
}

export async function verifySignedData(primitives: Primitives, data: SignedData, { contentDigest, content, contentType, existed, within, more = [] }: Signed): Promise<CmsVerdict> {
	const checks: Check[] = [];
	const info = data.signerInfo;
	function check(name: CheckName, clause: string, sub: SubIndication, ask: () => string | null, leads: Check['leads'] = 'TOTAL-FAILED'): void {
		let detail: string | null;
		try {
			detail = ask();
		} catch (error) {
			if (!(error instanceof CryptoError)) throw error;
			detail = error.message;
		}
		checks.push(detail === null ? { name, clause, outcome: 'passed' } : { name, clause, outcome: leads === 'INDETERMINATE' ? 'indeterminate' : 'failed', detail, sub, leads });
	}

	check('content-type', 'RFC 5652 §11.1', 'FORMAT_FAILURE', () => {
		if (data.contentType !== contentType) return `content is ${data.contentType}`;
		const signed = single(info, oid.contentType);
		if (info.signedAttributes && !signed) return 'not among the signed attributes';
		return signed && value.oid(signed) !== contentType ? 'the signed attribute names another type' : null;
	});
	check('message-digest', 'RFC 5652 §11.2', 'HASH_FAILURE', () => {
		if (!info.signedAttributes) return null; // the signature is over the content: signature-value tells
		const signed = single(info, oid.messageDigest);
		if (!signed) return 'not among the signed attributes';
		return equal(octetString(signed), contentDigest) ? null : 'the content is not what was signed';
	});
	const signer = bySid(info, [...data.certificates, ...more]);
	const named = (type: string) => (info.signedAttributes ?? []).some((a) => a.type === type);
	const v2 = named(oid.signingCertificateV2);
	const essClause = 'RFC 5035 §3, EN 319 122-1 §5.2.2';
	if (signer && contentType !== oid.tstInfo && !v2 && !named(oid.signingCertificate)) {
		checks.push({ name: 'signing-certificate', clause: essClause, outcome: 'not-checked', detail: 'no signing-certificate attribute: which certificate was meant is not signed' });
	} else
		check('signing-certificate', essClause, signer ? 'SIG_CONSTRAINTS_FAILURE' : 'NO_SIGNING_CERTIFICATE_FOUND', () => {
			if (!signer) return 'the certificate the signature names is not there';
			const attribute = v2 ? single(info, oid.signingCertificateV2) : single(info, oid.signingCertificate);
			if (!attribute) return 'no signing-certificate attribute';
			return names(primitives, readEssCertId(attribute, v2 ? 2 : 1), signer) ? null : 'the signed attribute names another certificate';
		}, 'INDETERMINATE');
	const valid = signer ? await verifies(primitives, info, signer, content) : false;
	if (!signer) checks.push({ name: 'signature-value', clause: 'RFC 5652 §5.6', outcome: 'not-checked', detail: 'nothing to check it with' });
	else check('signature-value', 'RFC 5652 §5.6', 'SIG_CRYPTO_FAILURE', () => {
		if (!info.signedAttributes && !content) return 'no signed attributes';
		return valid ? null : 'the signature is not this key’s over these attributes';
	});
	check('algorithms', 'RFC 5652 §5.3, RFC 6211', 'CRYPTO_CONSTRAINTS_FAILURE', () => {
		const { algorithm, digestAlgorithm } = info;
		if (!data.digestAlgorithms.includes(digestAlgorithm)) return `${digestAlgorithm} is not announced`;
		if (hashOf(algorithm) !== digestAlgorithm) return `digest ${digestAlgorithm}, signature ${hashOf(algorithm)}`;
		const protection = single(info, oid.cmsAlgorithmProtection);
		if (protection && !protects(protection, info)) return 'the signed attribute names other algorithms';
		return algorithm.scheme === 'rsa-pss' && algorithm.mgfHash !== algorithm.hash ? `mask ${algorithm.mgfHash}` : null;
	}, 'INDETERMINATE');
	check('algorithm-lifetimes', 'EN 319 102-1 §5.2.8, ETSI TS 119 312', 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE', () => {
		const ends = [within ? hashEnd(within) : null, hashEnd(info.digestAlgorithm), signer && signatureEnd(info.algorithm, signer.spki)];
		const ended = ends.find((end) => end && existed > end.at);
		return ended ? `${ended.what}: nothing proves that the signature existed before it was given up` : null;
	}, 'INDETERMINATE');
	const baseline = info.signedAttributes !== null && v2 && !named(oid.signingTime);
	return { signer, checks, intact: checks.every((c) => c.outcome === 'passed' || c.outcome === 'not-checked'), baseline };
}

/** Over the signed attributes; over the content when there are none. */
async function verifies(primitives: Primitives, { algorithm, signature, signedAttributes, tbs }: SignerInfo, { spki }: Certificate, content?: () => Uint8Array): Promise<boolean> {
	const messages = signedAttributes ? tbs : content ? [content()] : [];
	for (const message of messages) if (await primitives.verify(algorithm, spki, message, signature)) return true;
	return false;
}
