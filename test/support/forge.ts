// Signed PDFs that lie in one place: every step of a signature, each of which a test may change.

import { latin1, fromLatin1, concat, type Bytes } from '#crypto/bytes.ts';
import { oid } from '#crypto/asn1/oid.ts';
import * as write from '#crypto/asn1/write.ts';
import { attribute, signingCertificateV2 } from '#crypto/cms/attributes.ts';
import { assemble, withUnsignedAttribute } from '#crypto/cms/build.ts';
import { embed, signatureValue } from '#crypto/pades/embed.ts';
import { fileOf, prepare } from '#crypto/pades/prepare.ts';
import { digest, type HashName } from '#crypto/primitives.ts';
import { makeToken, type Authority } from '#crypto/tsp/response.ts';
import { hashOf } from '#crypto/x509/algorithm.ts';
import type { Certificate } from '#crypto/x509/certificate.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import type { Holder } from './pki.ts';

/** The signed attributes of baseline, one by one. */
export const baseline = (certificate: Certificate, contentDigest: Uint8Array, hash: HashName): { contentType: Bytes; messageDigest: Bytes; signingCertificate: Bytes } => ({
	contentType: attribute(oid.contentType, write.oid(oid.data)),
	messageDigest: attribute(oid.messageDigest, write.octetString(contentDigest)),
	signingCertificate: attribute(oid.signingCertificateV2, signingCertificateV2(p, certificate, hash))
});

export interface Forgery {
	readonly field?: string;
	readonly at: number;
	/** Null: no time-stamp. */
	readonly authority: Authority | null;
	/** The prepared file, before it is signed; its length stays. */
	readonly edit?: (text: string) => string;
	/** Signed attributes instead of those of baseline. */
	readonly attributes?: (usual: ReturnType<typeof baseline>) => readonly Uint8Array[];
	/** What the CMS is about instead of the covered bytes, and carries. */
	readonly content?: (covered: Uint8Array) => Uint8Array;
	/** The key that signs, instead of the holder's. */
	readonly key?: Holder['signer'];
	/** The CMS after it is signed and before it is stamped. */
	readonly cms?: (der: Uint8Array) => Uint8Array;
	/** The token over a signature value, instead of an honest one. */
	readonly token?: (signature: Uint8Array) => Promise<Uint8Array>;
}

/** The bytes that the file's last ByteRange covers. */
function covered(bytes: Uint8Array): Bytes {
	const four = [...fromLatin1(bytes).matchAll(/\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]/g)].at(-1)!.slice(1).map(Number) as [number, number, number, number];
	return concat(bytes.subarray(four[0], four[0] + four[1]), bytes.subarray(four[2], four[2] + four[3]));
}

/** Signs a field of the file, with what the forgery changes. */
export async function forge(pdf: Uint8Array, holder: Holder, f: Forgery): Promise<Uint8Array> {
	const prepared = prepare(pdf, { field: f.field ?? 'a', signingTime: f.at, contentsSize: 12_000, id: p.random(16) });
	const whole = fileOf(prepared);
	const bytes = f.edit ? latin1(f.edit(fromLatin1(whole))) : whole;
	if (bytes.length !== whole.length) throw new Error('the edit changed the length');
	const at = prepared.original.length;
	const { signer, certificate, chain } = holder;
	const hash = hashOf(signer.algorithm);
	const content = f.content?.(covered(bytes));
	const usual = baseline(certificate, digest(p, hash, content ?? covered(bytes)), hash);
	const tbs = write.setOf(...(f.attributes?.(usual) ?? Object.values(usual)));
	const der = assemble({ tbs, hash, contentType: oid.data, certificate }, { signature: await (f.key ?? signer).sign(tbs), algorithm: signer.algorithm, certificates: [certificate.der, ...chain], ...(content ? { content } : {}) });
	const cms = f.cms?.(der) ?? der;
	const token = f.token ?? (f.authority && ((signature: Uint8Array) => honestToken(f.authority!, signature, f.at)));
	return embed({ original: bytes.subarray(0, at), update: bytes.slice(at), contents: prepared.contents }, token ? withUnsignedAttribute(cms, oid.signatureTimeStampToken, await token(signatureValue(cms))) : cms);
}

export const honestToken = (authority: Authority, signature: Uint8Array, genTime: number, hash: HashName = 'SHA-256'): Promise<Uint8Array> =>
	makeToken(p, authority, { hash, imprint: digest(p, hash, signature), nonce: 5n, policy: null, certReq: true }, { genTime, serialNumber: 1n, accuracy: 1000 });
