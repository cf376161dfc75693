// Issuing certificates (RFC 5280; EN 319 412 for the profiles). The caller gives names, times and keys; nothing is chosen at random here.

import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import type { Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { digest, type Primitives, type Signer } from '../primitives.ts';
import { writeSignatureAlgorithm } from './algorithm.ts';
import type { Certificate, KeyUsage } from './certificate.ts';
import { writeName, type NameParts } from './name.ts';

const usageBit: Record<KeyUsage, number> = {
	digitalSignature: 0,
	nonRepudiation: 1,
	keyEncipherment: 2,
	dataEncipherment: 3,
	keyAgreement: 4,
	keyCertSign: 5,
	cRLSign: 6,
	encipherOnly: 7,
	decipherOnly: 8
};

export interface CertificateTemplate {
	readonly subject: NameParts;
	/** DER SubjectPublicKeyInfo of the subject's key. */
	readonly spki: Uint8Array;
	/** At least 64 random bits, big-endian; made positive and at most 20 octets (RFC 5280 §4.1.2.2). */
	readonly serialNumber: Uint8Array;
	/** Milliseconds since 1970; whole seconds are kept. */
	readonly notBefore: number;
	readonly notAfter: number;
	readonly keyUsage: readonly KeyUsage[];
	/** Present: a CA, with its path length (null: none). */
	readonly ca?: { readonly pathLength: number | null };
	/** Extended key usages by oid.ts name; `critical` as RFC 3161 §2.3 demands of a TSA. */
	readonly extKeyUsage?: { readonly purposes: readonly (keyof typeof oid)[]; readonly critical: boolean };
	/** Policy OIDs, dotted, with the address of the practice statement. */
	readonly policies?: readonly { readonly id: string; readonly cps?: string }[];
	readonly ocsp?: string;
	readonly caIssuers?: string;
	readonly crl?: string;
	readonly revocation?: 'ocsp-nocheck' | 'none-available' | 'short-term';
}

/** Who signs: a signer and its own certificate; null certificate: self-signed. */
export interface Issuer {
	readonly signer: Signer;
	readonly certificate: Certificate | null;
}

const extension = (id: string, critical: boolean, value: Uint8Array): Bytes =>
	write.sequence(write.oid(id), ...(critical ? [write.boolean(true)] : []), write.octetString(value));

const uri = (address: string): Bytes => write.ia5String(address, 0x86);

/** RFC 7093 §2 method 1 on the key bits would need them parsed out: the first 20 octets of SHA-256 of the whole SubjectPublicKeyInfo (method 4) serve. */
export const keyIdentifier = (primitives: Pick<Primitives, 'hash'>, spki: Uint8Array): Bytes => digest(primitives, 'SHA-256', spki).slice(0, 20);

function extensions(primitives: Primitives, t: CertificateTemplate, issuer: Certificate | null): Bytes[] {
	const authority = issuer?.subjectKeyIdentifier ?? null;
	const access = [
		...(t.ocsp ? [write.sequence(write.oid(oid.ocsp), uri(t.ocsp))] : []),
		...(t.caIssuers ? [write.sequence(write.oid(oid.caIssuers), uri(t.caIssuers))] : [])
	];
	const policy = (p: { id: string; cps?: string }) =>
		write.sequence(write.oid(p.id), ...(p.cps ? [write.sequence(write.sequence(write.oid('1.3.6.1.5.5.7.2.1'), write.ia5String(p.cps)))] : []));
	const nothing = { 'ocsp-nocheck': oid.ocspNoCheck, 'none-available': oid.noRevAvail, 'short-term': oid.validityAssuredShortTerm } as const;
	const basic = t.ca ? write.sequence(write.boolean(true), ...(t.ca.pathLength === null ? [] : [write.integer(t.ca.pathLength)])) : write.sequence();
	return [
		...(authority ? [extension(oid.authorityKeyIdentifier, false, write.sequence(write.implicit(0, write.octetString(authority))))] : []),
		extension(oid.subjectKeyIdentifier, false, write.octetString(keyIdentifier(primitives, t.spki))),
		extension(oid.keyUsage, true, write.namedBits(t.keyUsage.map((u) => usageBit[u]))),
		extension(oid.basicConstraints, true, basic),
		...(t.extKeyUsage ? [extension(oid.extKeyUsage, t.extKeyUsage.critical, write.sequence(...t.extKeyUsage.purposes.map((p) => write.oid(oid[p]))))] : []),
		...(t.policies?.length ? [extension(oid.certificatePolicies, false, write.sequence(...t.policies.map(policy)))] : []),
		...(access.length ? [extension(oid.authorityInfoAccess, false, write.sequence(...access))] : []),
		...(t.crl ? [extension(oid.cRLDistributionPoints, false, write.sequence(write.sequence(write.explicit(0, write.explicit(0, uri(t.crl))))))] : []),
		...(t.revocation ? [extension(nothing[t.revocation], false, write.nul())] : [])
	];
}

/** Signs a certificate and returns its DER. Throws CryptoError `misuse` when it would outlive its issuer or the issuer may not issue. */
export async function issueCertificate(primitives: Primitives, issuer: Issuer, t: CertificateTemplate): Promise<Bytes> {
	if (t.serialNumber.length < 8 || t.serialNumber.length > 20) throw new CryptoError('misuse', 'serial-number', '8 to 20 octets');
	const by = issuer.certificate;
	if (by && !(by.basicConstraints?.ca && by.keyUsage?.includes('keyCertSign'))) throw new CryptoError('misuse', 'not-a-ca', 'the issuer is no CA');
	if (by && t.notAfter > by.notAfter) throw new CryptoError('misuse', 'outlives-issuer', 'it would outlive its issuer');
	const positive = t.serialNumber.slice();
	positive[0] = (positive[0]! & 0x7f) | 0x40; // positive, first octet never zero
	const algorithm = writeSignatureAlgorithm(issuer.signer.algorithm);
	const subject = writeName(t.subject);
	const tbs = write.sequence(
		write.explicit(0, write.integer(2)),
		write.integer(positive),
		algorithm,
		by ? by.subject.der : subject,
		write.sequence(write.time(t.notBefore), write.time(t.notAfter)),
		subject,
		t.spki,
		write.explicit(3, write.sequence(...extensions(primitives, t, by)))
	);
	return write.sequence(tbs, algorithm, write.bitString(await issuer.signer.sign(tbs)));
}
