// Certificate revocation lists (RFC 5280 §5): complete and direct ones, made by the CA and read offline. Delta and indirect lists are not done.

import { bitString, context, Fields, namedBits, octetString, only, read, tag, type Node } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import * as write from '../asn1/write.ts';
import { equal, fromLatin1, hex, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Primitives, SignatureAlgorithm, Signer } from '../primitives.ts';
import { readSignatureAlgorithm, writeSignatureAlgorithm } from './algorithm.ts';
import type { Certificate } from './certificate.ts';
import { readName, sameName } from './name.ts';
import type { CertStatus } from './ocsp.ts';

export interface RevokedCertificate {
	readonly serialNumber: bigint;
	/** Milliseconds since 1970; whole seconds are kept. */
	readonly at: number;
	/** CRLReason (§5.3.1); null: not said. */
	readonly reason: number | null;
}

export interface CrlTemplate {
	/** CRLNumber (§5.2.3), growing with each list. */
	readonly number: bigint;
	/** Milliseconds since 1970. */
	readonly thisUpdate: number;
	readonly nextUpdate: number;
	readonly revoked: readonly RevokedCertificate[];
}

export interface CrlAnswer {
	readonly status: CertStatus;
	readonly thisUpdate: number;
	readonly nextUpdate: number | null;
	/** Who signed it, and how. */
	readonly by: Certificate;
	readonly algorithm: SignatureAlgorithm;
}

const extension = (id: string, content: Uint8Array): Bytes => write.sequence(write.oid(id), write.octetString(content));

/** Signs a complete list of what a CA has revoked; DER CertificateList. */
export async function writeCrl(issuer: { readonly signer: Signer; readonly certificate: Certificate }, t: CrlTemplate): Promise<Bytes> {
	const { certificate, signer } = issuer;
	if (!certificate.keyUsage?.includes('cRLSign')) throw new CryptoError('misuse', 'not-a-crl-issuer', 'the issuer may not sign lists');
	const keyId = certificate.subjectKeyIdentifier;
	const entry = ({ serialNumber, at, reason }: RevokedCertificate) =>
		write.sequence(
			write.integer(serialNumber),
			write.time(at),
			...(reason === null ? [] : [write.sequence(extension(oid.cRLReason, write.integer(reason, tag.enumerated)))])
		);
	const algorithm = writeSignatureAlgorithm(signer.algorithm);
	const tbs = write.sequence(
		write.integer(1),
		algorithm,
		certificate.subject.der,
		write.time(t.thisUpdate),
		write.time(t.nextUpdate),
		...(t.revoked.length ? [write.sequence(...t.revoked.map(entry))] : []),
		write.explicit(
			0,
			write.sequence(
				...(keyId ? [extension(oid.authorityKeyIdentifier, write.sequence(write.implicit(0, write.octetString(keyId))))] : []),
				extension(oid.cRLNumber, write.integer(t.number))
			)
		)
	);
	return write.sequence(tbs, algorithm, write.bitString(await signer.sign(tbs)));
}

interface Extension {
	readonly id: string;
	readonly critical: boolean;
	readonly value: Uint8Array;
}

function readExtensions(node: Node | null | undefined): Extension[] {
	return (node?.children ?? []).map((child) => {
		const f = new Fields(child, tag.sequence, 'Extension');
		const id = value.oid(f.next(tag.oid));
		const critical = f.optional(tag.boolean);
		const content = octetString(f.next(tag.octetString));
		f.end();
		return { id, critical: critical !== null && value.boolean(critical), value: content };
	});
}

function refuseUnknown(extensions: readonly Extension[], known: readonly string[]): void {
	const strange = extensions.find((e) => e.critical && !known.includes(e.id));
	if (strange) throw new CryptoError('unsupported', 'crl-extension', `critical extension ${strange.id}`);
}

/** Whether a list of this scope (IssuingDistributionPoint, §5.2.5) speaks of the certificate. Throws CryptoError `unsupported` on partial and indirect lists. */
function inScope(scope: Uint8Array, certificate: Certificate): boolean {
	const isCa = certificate.basicConstraints?.ca ?? false;
	for (const part of read(scope).children) {
		const on = (n: number) => part.tag === context(n, false) && value.boolean(part, context(n, false));
		if (part.tag === context(0)) {
			const uris = only(part, 'distributionPoint').children.flatMap((c) => (c.tag === context(6, false) ? [fromLatin1(c.content)] : []));
			if (!uris.some((uri) => certificate.crls.includes(uri))) return false;
		} else if (part.tag === context(3, false) && namedBits(part, context(3, false)).length) {
			throw new CryptoError('unsupported', 'crl-scope', 'only some reasons');
		} else if (on(4)) throw new CryptoError('unsupported', 'crl-scope', 'an indirect list');
		else if (on(5) || (on(1) && isCa) || (on(2) && !isCa)) return false;
	}
	return true;
}

function readEntry(node: Node): RevokedCertificate {
	const f = new Fields(node, tag.sequence, 'revokedCertificates');
	const serialNumber = value.integer(f.next(tag.integer));
	const at = value.time(f.next());
	const extensions = readExtensions(f.optional(tag.sequence));
	f.end();
	refuseUnknown(extensions, [oid.cRLReason, oid.invalidityDate]);
	const reason = extensions.find((e) => e.id === oid.cRLReason);
	return { serialNumber, at, reason: reason ? value.smallInteger(read(reason.value), tag.enumerated) : null };
}

/**
 * What a CRL says of a certificate; null when the list is another issuer's or does not cover it. Throws CryptoError: malformed, `unsupported`
 * (delta, indirect, partial, unknown critical extension), or `mismatch` / `crl-signature`, `crl-issuer` when the issuer's key did not or may not sign it (§6.3.3).
 */
export async function readCrl(
	primitives: Primitives,
	der: Uint8Array,
	certificate: Certificate,
	issuer: Certificate
): Promise<CrlAnswer | null> {
	const outer = new Fields(read(der), tag.sequence, 'CertificateList');
	const tbs = outer.next(tag.sequence);
	const algorithm = outer.next(tag.sequence);
	const signature = bitString(outer.next(tag.bitString));
	outer.end();
	const f = new Fields(tbs, tag.sequence, 'TBSCertList');
	f.optional(tag.integer);
	const inner = f.next(tag.sequence);
	const name = readName(f.next(tag.sequence));
	if (!sameName(name, issuer.subject) || !sameName(name, certificate.issuer)) return null;
	if (hex(inner.raw) !== hex(algorithm.raw)) throw new CryptoError('malformed', 'crl', 'two signature algorithms');
	const thisUpdate = value.time(f.next());
	const next = f.optional(tag.utcTime, tag.generalizedTime);
	const entries = f.optional(tag.sequence)?.children ?? [];
	const tagged = f.optional(context(0));
	const extensions = readExtensions(tagged && only(tagged, 'crlExtensions'));
	f.end();
	const keyId = extensions.find((e) => e.id === oid.authorityKeyIdentifier);
	const named = keyId && read(keyId.value).children.find((c) => c.tag === context(0, false))?.content;
	if (named && issuer.subjectKeyIdentifier && !equal(named, issuer.subjectKeyIdentifier)) return null;
	if (extensions.some((e) => e.id === oid.deltaCRLIndicator)) throw new CryptoError('unsupported', 'crl-scope', 'a delta list');
	refuseUnknown(extensions, [oid.authorityKeyIdentifier, oid.cRLNumber, oid.issuingDistributionPoint]);
	const scope = extensions.find((e) => e.id === oid.issuingDistributionPoint);
	if (scope && !inScope(scope.value, certificate)) return null;
	if (issuer.keyUsage && !issuer.keyUsage.includes('cRLSign'))
		throw new CryptoError('mismatch', 'crl-issuer', 'the issuer may not sign lists');
	const scheme = readSignatureAlgorithm(algorithm);
	if (!(await primitives.verify(scheme, issuer.spki, tbs.raw, signature))) {
		throw new CryptoError('mismatch', 'crl-signature', 'the list is not signed by the issuer it names');
	}
	const entry = entries.map(readEntry).find((e) => e.serialNumber === certificate.serialNumber);
	const status: CertStatus = entry ? { status: 'revoked', at: entry.at, reason: entry.reason } : { status: 'good' };
	return { status, thisUpdate, nextUpdate: next && value.time(next), by: issuer, algorithm: scheme };
}
