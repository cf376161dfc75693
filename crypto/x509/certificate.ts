// X.509 v3 certificates (RFC 5280), read into plain values. Judging them is path.ts's.

import { bitString, context, Fields, namedBits, octetString, only, read, tag, type Node } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import { equal, fromLatin1, hex } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { digest, type Primitives, type SignatureAlgorithm } from '../primitives.ts';
import { readSignatureAlgorithm } from './algorithm.ts';
import { readExtensions, type Extension } from './extensions.ts';
import { attribute, nameString, readName, type Name } from './name.ts';

export type KeyUsage =
	| 'digitalSignature'
	| 'nonRepudiation'
	| 'keyEncipherment'
	| 'dataEncipherment'
	| 'keyAgreement'
	| 'keyCertSign'
	| 'cRLSign'
	| 'encipherOnly'
	| 'decipherOnly';

const keyUsages: readonly KeyUsage[] = [
	'digitalSignature',
	'nonRepudiation',
	'keyEncipherment',
	'dataEncipherment',
	'keyAgreement',
	'keyCertSign',
	'cRLSign',
	'encipherOnly',
	'decipherOnly'
];

export interface Certificate {
	readonly der: Uint8Array;
	/** What the issuer signed. */
	readonly tbs: Uint8Array;
	/** INTEGER, positive; see `serialNumberHex`. */
	readonly serialNumber: bigint;
	readonly issuer: Name;
	readonly subject: Name;
	/** Milliseconds since 1970, both inclusive. */
	readonly notBefore: number;
	readonly notAfter: number;
	/** DER SubjectPublicKeyInfo. */
	readonly spki: Uint8Array;
	readonly signatureAlgorithm: SignatureAlgorithm;
	readonly signature: Uint8Array;
	readonly extensions: readonly Extension[];
	/** Null: the extension is absent. */
	readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | null } | null;
	readonly keyUsage: readonly KeyUsage[] | null;
	readonly extKeyUsage: { readonly purposes: readonly string[]; readonly critical: boolean } | null;
	readonly subjectKeyIdentifier: Uint8Array | null;
	readonly authorityKeyIdentifier: Uint8Array | null;
	readonly policies: readonly string[];
	readonly ocsp: readonly string[];
	readonly caIssuers: readonly string[];
	readonly crls: readonly string[];
	/** Revocation is not to be asked for: id-pkix-ocsp-nocheck, noRevAvail (RFC 9608), ETSI validity-assured short-term. */
	readonly revocation: 'ask' | 'ocsp-nocheck' | 'none-available' | 'short-term';
}

/** Extensions path.ts understands; another critical one makes a certificate unusable (RFC 5280 §4.2). */
export const understood: readonly string[] = [oid.basicConstraints, oid.keyUsage, oid.extKeyUsage, oid.certificatePolicies, oid.subjectAltName, oid.authorityKeyIdentifier, oid.subjectKeyIdentifier, oid.cRLDistributionPoints, oid.qcStatements, oid.noRevAvail, oid.nameConstraints, oid.policyMappings, oid.policyConstraints, oid.inhibitAnyPolicy];

function names(node: Node): string[] {
	return node.children.filter((c) => c.tag === context(6, false)).map((c) => fromLatin1(c.content));
}

/** Reads a certificate. Throws CryptoError `malformed` or `unsupported`. */
export function readCertificate(der: Uint8Array): Certificate {
	return certificateOf(read(der));
}

/** The certificate at an already decoded node. */
export function certificateOf(node: Node): Certificate {
	const outer = new Fields(node, tag.sequence, 'Certificate');
	const tbs = outer.next(tag.sequence);
	const algorithm = outer.next(tag.sequence);
	const signature = bitString(outer.next(tag.bitString));
	outer.end();
	const f = new Fields(tbs, tag.sequence, 'TBSCertificate');
	const version = f.optional(context(0));
	const serialNumber = value.integer(f.next(tag.integer));
	const inner = f.next(tag.sequence);
	const issuer = readName(f.next(tag.sequence));
	const validity = new Fields(f.next(tag.sequence), tag.sequence, 'Validity');
	const notBefore = value.time(validity.next());
	const notAfter = value.time(validity.next());
	validity.end();
	const subject = readName(f.next(tag.sequence));
	const spki = f.next(tag.sequence).raw;
	f.optional(context(1, false));
	f.optional(context(2, false));
	const extensionsNode = f.optional(context(3));
	f.end();
	if (!equal(algorithm.raw, inner.raw)) throw new CryptoError('malformed', 'certificate', 'two signature algorithms');
	const extensions = readExtensions(extensionsNode && only(extensionsNode, 'extensions'));
	if (extensions.length && (!version || value.smallInteger(only(version, 'version')) !== 2)) throw new CryptoError('malformed', 'certificate', 'extensions without version 3');
	return {
		der: node.raw,
		tbs: tbs.raw,
		serialNumber,
		issuer,
		subject,
		notBefore,
		notAfter,
		spki,
		signatureAlgorithm: readSignatureAlgorithm(algorithm),
		signature,
		extensions,
		...readKnown(extensions)
	};
}

type Known = Pick<Certificate, 'basicConstraints' | 'keyUsage' | 'extKeyUsage' | 'subjectKeyIdentifier' | 'authorityKeyIdentifier' | 'policies' | 'ocsp' | 'caIssuers' | 'crls' | 'revocation'>;

function readKnown(extensions: readonly Extension[]): Known {
	const find = (id: string) => extensions.find((e) => e.id === id);
	const at = (id: string): Node | null => {
		const e = find(id);
		return e ? read(e.value) : null;
	};
	const basic = at(oid.basicConstraints);
	const usage = at(oid.keyUsage);
	const extended = at(oid.extKeyUsage);
	const keyId = at(oid.subjectKeyIdentifier);
	const authority = at(oid.authorityKeyIdentifier);
	const policies = at(oid.certificatePolicies);
	const access = (at(oid.authorityInfoAccess)?.children ?? []).map((d) => ({ method: value.oid(d.children[0]!), address: names(d)[0] }));
	const of = (method: string) => access.flatMap((a) => (a.method === method && a.address !== undefined ? [a.address] : []));
	return {
		basicConstraints: basic && readBasicConstraints(basic),
		keyUsage: usage && namedBits(usage).flatMap((on, i) => (on && keyUsages[i] ? [keyUsages[i]] : [])),
		extKeyUsage: extended && { purposes: extended.children.map((c) => value.oid(c)), critical: find(oid.extKeyUsage)!.critical },
		subjectKeyIdentifier: keyId && octetString(keyId),
		authorityKeyIdentifier: authority?.children.find((c) => c.tag === context(0, false))?.content ?? null,
		policies: policies?.children.map((p) => value.oid(p.children[0]!)) ?? [],
		ocsp: of(oid.ocsp),
		caIssuers: of(oid.caIssuers),
		crls: (at(oid.cRLDistributionPoints)?.children ?? []).flatMap((point) => point.children.filter((c) => c.tag === context(0)).flatMap((c) => c.children.flatMap(names))),
		revocation: find(oid.ocspNoCheck) ? 'ocsp-nocheck' : find(oid.noRevAvail) ? 'none-available' : find(oid.validityAssuredShortTerm) ? 'short-term' : 'ask'
	};
}

function readBasicConstraints(node: Node): { ca: boolean; pathLength: number | null } {
	const f = new Fields(node, tag.sequence, 'BasicConstraints');
	const ca = f.optional(tag.boolean);
	const length = f.optional(tag.integer);
	f.end();
	return { ca: ca !== null && value.boolean(ca), pathLength: length && value.smallInteger(length) };
}

/** Lower-case hexadecimal of the serial number, whole octets; with a minus where one is negative, as RFC 5280 forbids and some are. */
export function serialNumberHex(certificate: Pick<Certificate, 'serialNumber'>): string {
	const { serialNumber: n } = certificate;
	const text = (n < 0n ? -n : n).toString(16);
	return `${n < 0n ? '-' : ''}${text.length % 2 ? '0' : ''}${text}`;
}

/** A certificate as people meet it (report.ts). */
export function summary(primitives: Pick<Primitives, 'hash'>, certificate: Certificate): {
	subject: string;
	issuer: string;
	commonName: string | null;
	organization: string | null;
	serialNumber: string;
	notBefore: string;
	notAfter: string;
	sha256: string;
} {
	return {
		subject: nameString(certificate.subject),
		issuer: nameString(certificate.issuer),
		commonName: attribute(certificate.subject, 'commonName'),
		organization: attribute(certificate.subject, 'organizationName'),
		serialNumber: serialNumberHex(certificate),
		notBefore: new Date(certificate.notBefore).toISOString(),
		notAfter: new Date(certificate.notAfter).toISOString(),
		sha256: hex(digest(primitives, 'SHA-256', certificate.der))
	};
}
