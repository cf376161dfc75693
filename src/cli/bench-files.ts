// What the proof library is measured on: a PKI of two tiers in memory, and files of a size, signed by as many different people.

import { randomBytes } from 'node:crypto';
import { PDFDocument } from 'pdf-lib';
import { equal } from '#crypto/bytes.ts';
import { embed, embedTimestamp, embeddedCms, signatureValue } from '#crypto/pades/embed.ts';
import { addDss } from '#crypto/pades/extend.ts';
import { addSignatureFields, footOfLastPage } from '#crypto/pades/fields.ts';
import { coveredDigest, prepare, prepareTimestamp, type Prepared } from '#crypto/pades/prepare.ts';
import { sign } from '#crypto/pades/sign.ts';
import { digest, type Signer } from '#crypto/primitives.ts';
import { makeToken } from '#crypto/tsp/response.ts';
import { readCertificate, type Certificate } from '#crypto/x509/certificate.ts';
import { issueCertificate, type CertificateTemplate } from '#crypto/x509/issue.ts';
import { writeOcspResponse } from '#crypto/x509/ocsp.ts';
import { generateKey, nodePrimitives as p, nodeSigner, specAlgorithm, type KeySpec } from '#lib/server/keys/primitives.ts';

export const now = Date.UTC(2026, 0, 1);
const year = 365 * 86_400_000;

export interface Holder {
	readonly signer: Signer;
	readonly certificate: Certificate;
	/** Up to, but without, the root. DER. */
	readonly chain: readonly Uint8Array[];
}

async function issue(issuer: Holder | null, spec: KeySpec, subject: string, more: Partial<CertificateTemplate>): Promise<Holder> {
	const { privateKey, spki } = generateKey(spec);
	const signer = nodeSigner(privateKey, specAlgorithm[spec]);
	const usage = { keyUsage: ['digitalSignature'], subject: [['commonName', subject]], notBefore: now, notAfter: now + year } as const;
	const der = await issueCertificate(p, issuer ?? { signer, certificate: null }, { ...usage, ...more, spki, serialNumber: p.random(16) });
	return { signer, certificate: readCertificate(der), chain: issuer && !equal(issuer.certificate.subject.der, issuer.certificate.issuer.der) ? [issuer.certificate.der, ...issuer.chain] : [] };
}

export interface BenchPki {
	readonly root: Holder;
	readonly ca: Holder;
	/** Under the intermediate CA. */
	issue(spec: KeySpec, subject: string, more?: Partial<CertificateTemplate>): Promise<Holder>;
}

export async function createBenchPki(): Promise<BenchPki> {
	const usage = { keyUsage: ['keyCertSign', 'cRLSign'], ca: { pathLength: null } } as const;
	const root = await issue(null, 'ecdsa-p256', 'Bench root', usage);
	const ca = await issue(root, 'ecdsa-p256', 'Bench CA', usage);
	return { root, ca, issue: (spec, subject, more = {}) => issue(ca, spec, subject, more) };
}

/** A PDF of about so many bytes with empty fields f0, f1 … */
export async function fileOfSize(bytes: number, fields: number): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	pdf.addPage([595, 842]).drawText('Bench');
	pdf.context.register(pdf.context.stream(randomBytes(bytes)));
	const plain = await pdf.save({ useObjectStreams: false });
	const places = footOfLastPage(plain, fields);
	return addSignatureFields(plain, places.map((place, i) => ({ name: `f${i}`, ...place })), p.random(16));
}

/** B-B of a field. */
export const signField = (pdf: Uint8Array, by: Holder, field = 'f0'): Promise<Prepared> => sign(p, prepare(pdf, { field, signingTime: now, contentsSize: 8192, id: p.random(16) }), by);

/** What makes a signature last: an authority's tokens (of an imprint by SHA-256, at a time), and OCSP answers for certificates under the CA and for the CA. */
export async function archivedBy(pki: BenchPki) {
	const tsa = { ...(await pki.issue('ecdsa-p256', 'Bench TSA', { extKeyUsage: { purposes: ['timeStamping'], critical: true } })), policy: '1.3.6.1.4.1.99999.1.1' };
	const responder = await pki.issue('ecdsa-p256', 'Bench OCSP', { extKeyUsage: { purposes: ['ocspSigning'], critical: false }, revocation: 'ocsp-nocheck' });
	const good = (at: number) => ({ status: { status: 'good' }, producedAt: at, thisUpdate: at, nextUpdate: at + year }) as const;
	return {
		tsa,
		token: (imprint: Uint8Array, genTime: number) => makeToken(p, tsa, { hash: 'SHA-256', imprint, nonce: 1n, policy: null, certReq: true }, { genTime, serialNumber: BigInt(genTime), accuracy: 1000 }),
		answersOf: (holders: readonly { readonly certificate: Certificate }[], at: number) =>
			Promise.all([
				...holders.map(({ certificate }) => writeOcspResponse(p, responder, { certificate, issuer: pki.ca.certificate }, good(at))),
				writeOcspResponse(p, pki.root, { certificate: pki.ca.certificate, issuer: pki.root.certificate }, good(at))
			])
	};
}

/** B-LTA of so many people, each with a key, a certificate, a token and an OCSP answer of their own: nothing one of them needed is of use to another but the CA. */
export async function archived(pki: BenchPki, people: number): Promise<Uint8Array> {
	const { tsa, token, answersOf } = await archivedBy(pki);
	const signers = await Promise.all(Array.from({ length: people }, (_, i) => pki.issue('ecdsa-p256', `Signer ${i}`)));
	let pdf = await fileOfSize(100_000, people);
	for (const [i, by] of signers.entries()) {
		const signed = await signField(pdf, by, `f${i}`);
		pdf = embedTimestamp(signed, await token(digest(p, 'SHA-256', signatureValue(embeddedCms(signed))), now + i * 1000));
	}
	const at = now + people * 1000;
	const prepared = prepareTimestamp(addDss(pdf, { ocsp: await answersOf([...signers, tsa], at) }, p.random(16)), { field: 'stamp', contentsSize: 8192, id: p.random(16) });
	return embed(prepared, await token(coveredDigest(p, prepared, 'SHA-256'), at + 1000));
}
