// Certificate revocation lists (RFC 5280 §5), written and read. Which certificates one speaks of is crl-scope.ts's, whether to believe it revocation.ts's.

import { bitString, Fields, only, read, tag, context, type Node } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import * as write from '../asn1/write.ts';
import { hex, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { SignatureAlgorithm, Signer } from '../primitives.ts';
import { readSignatureAlgorithm, writeSignatureAlgorithm } from './algorithm.ts';
import type { Certificate } from './certificate.ts';
import { understoodExtensions } from './extensions.ts';
import { readName, sameName, type Name } from './name.ts';

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
	/** When the list is only part of the CA's: the address certificates name for it, and whose it is (§5.2.5). */
	readonly scope?: { readonly uri: string; readonly only?: 'users' | 'authorities' };
}

/** A CertificateList as it was read. Times in milliseconds since 1970. */
export interface CertificateList {
	readonly issuer: Name;
	readonly thisUpdate: number;
	readonly nextUpdate: number | null;
	readonly authorityKeyIdentifier: Uint8Array | null;
	readonly number: bigint | null;
	/** Of a delta list: the complete one it is a difference to (§5.2.4); null: complete. */
	readonly baseNumber: bigint | null;
	/** DER IssuingDistributionPoint; null: all of the issuer's certificates, for all reasons. */
	readonly scope: Uint8Array | null;
	/** Certificates that ended since then stay on it; null: not said, so they may have been taken off. */
	readonly expiredCertsOnCRL: number | null;
	/** `issuer`: of the certificate, where an indirect list names another than its own (§5.3.3). */
	readonly entries: readonly (RevokedCertificate & { readonly issuer: Name })[];
	readonly tbs: Uint8Array;
	readonly algorithm: SignatureAlgorithm;
	readonly signature: Uint8Array;
}

const extension = (id: string, critical: boolean, content: Uint8Array): Bytes =>
	write.sequence(write.oid(id), ...(critical ? [write.boolean(true)] : []), write.octetString(content));

function issuingDistributionPoint({ uri, only }: NonNullable<CrlTemplate['scope']>): Bytes {
	const name = write.explicit(0, write.explicit(0, write.ia5String(uri, context(6, false))));
	return write.sequence(name, ...(only ? [write.boolean(true, context(only === 'users' ? 1 : 2, false))] : []));
}

/** As many entries as der.ts reads back, and more than a list that is fetched often should have; beyond, a CA parts its certificates by `scope`. */
const maximumEntries = 25_000;

/** Signs a complete list of what a CA has revoked; DER CertificateList. Throws CryptoError `misuse` when the issuer may not, `limit` on too many entries. */
export async function writeCrl(issuer: { readonly signer: Signer; readonly certificate: Certificate }, t: CrlTemplate): Promise<Bytes> {
	const { certificate, signer } = issuer;
	if (!certificate.keyUsage?.includes('cRLSign')) throw new CryptoError('misuse', 'not-a-crl-issuer', 'the issuer may not sign lists');
	if (t.revoked.length > maximumEntries) throw new CryptoError('limit', 'crl-size', `${t.revoked.length} entries`);
	const keyId = certificate.subjectKeyIdentifier;
	const entry = ({ serialNumber, at, reason }: RevokedCertificate) =>
		write.sequence(
			write.integer(serialNumber),
			write.time(at),
			...(reason === null ? [] : [write.sequence(extension(oid.cRLReason, false, write.integer(reason, tag.enumerated)))])
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
				...(keyId ? [extension(oid.authorityKeyIdentifier, false, write.sequence(write.implicit(0, write.octetString(keyId))))] : []),
				extension(oid.cRLNumber, false, write.integer(t.number)),
				...(t.scope ? [extension(oid.issuingDistributionPoint, true, issuingDistributionPoint(t.scope))] : [])
			)
		)
	);
	return write.sequence(tbs, algorithm, write.bitString(await signer.sign(tbs)));
}

/** The directory name among GeneralNames. */
function directoryName(der: Uint8Array): Name {
	const found = read(der).children.find((c) => c.tag === context(4));
	if (!found) throw new CryptoError('unsupported', 'crl-entry', 'a certificate issuer without a directory name');
	return readName(only(found, 'directoryName'));
}

/** An entry; its issuer is the one before's unless it names another. */
function readEntry(node: Node, before: Name): CertificateList['entries'][number] {
	const f = new Fields(node, tag.sequence, 'revokedCertificates');
	const serialNumber = value.integer(f.next(tag.integer));
	const at = value.time(f.next());
	const find = understoodExtensions(f.optional(tag.sequence), [oid.cRLReason, oid.invalidityDate, oid.certificateIssuer], 'crl-extension');
	f.end();
	const reason = find(oid.cRLReason);
	const issuer = find(oid.certificateIssuer);
	return { serialNumber, at, reason: reason && value.smallInteger(read(reason), tag.enumerated), issuer: issuer ? directoryName(issuer) : before };
}

const known = [oid.authorityKeyIdentifier, oid.cRLNumber, oid.deltaCRLIndicator, oid.issuingDistributionPoint, oid.expiredCertsOnCRL];

/** Reads a CertificateList. Throws CryptoError `malformed`, or `unsupported` on a critical extension we do not know, of the list or of an entry. */
export function readCrl(der: Uint8Array): CertificateList {
	const outer = new Fields(read(der), tag.sequence, 'CertificateList');
	const tbs = outer.next(tag.sequence);
	const algorithm = outer.next(tag.sequence);
	const signature = bitString(outer.next(tag.bitString));
	outer.end();
	const f = new Fields(tbs, tag.sequence, 'TBSCertList');
	f.optional(tag.integer);
	const inner = f.next(tag.sequence);
	if (hex(inner.raw) !== hex(algorithm.raw)) throw new CryptoError('malformed', 'crl', 'two signature algorithms');
	const issuer = readName(f.next(tag.sequence));
	const thisUpdate = value.time(f.next());
	const next = f.optional(tag.utcTime, tag.generalizedTime);
	const listed = f.optional(tag.sequence)?.children ?? [];
	const tagged = f.optional(context(0));
	f.end();
	const find = understoodExtensions(tagged && only(tagged, 'crlExtensions'), known, 'crl-extension');
	const [authority, number, base, expired] = [oid.authorityKeyIdentifier, oid.cRLNumber, oid.deltaCRLIndicator, oid.expiredCertsOnCRL].map((id) => {
		const content = find(id);
		return content && read(content);
	});
	const entries: CertificateList['entries'][number][] = [];
	for (const node of listed) entries.push(readEntry(node, entries.at(-1)?.issuer ?? issuer));
	return {
		issuer,
		thisUpdate,
		nextUpdate: next && value.time(next),
		authorityKeyIdentifier: authority?.children.find((c) => c.tag === context(0, false))?.content ?? null,
		number: number ? value.integer(number) : null,
		baseNumber: base ? value.integer(base) : null,
		scope: find(oid.issuingDistributionPoint),
		expiredCertsOnCRL: expired ? value.time(expired) : null,
		entries,
		tbs: tbs.raw,
		algorithm: readSignatureAlgorithm(algorithm),
		signature
	};
}

/** The entry of a certificate on a list; null: it is not on it. */
export function entryOf(list: CertificateList, certificate: Certificate): CertificateList['entries'][number] | null {
	return list.entries.find((e) => e.serialNumber === certificate.serialNumber && sameName(e.issuer, certificate.issuer)) ?? null;
}
