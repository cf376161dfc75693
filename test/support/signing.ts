// Signed PDFs made step by step with a PKI in memory.

import { PDFDocument } from 'pdf-lib';
import { embed, embedTimestamp, embeddedCms, signatureValue } from '#crypto/pades/embed.ts';
import { addDss, type ValidationData } from '#crypto/pades/extend.ts';
import { addSignatureFields, footOfLastPage } from '#crypto/pades/fields.ts';
import { coveredDigest, fileOf, prepare, prepareTimestamp, type SignatureWishes } from '#crypto/pades/prepare.ts';
import { sign, type SigningData } from '#crypto/pades/sign.ts';
import { digest } from '#crypto/primitives.ts';
import { makeToken, type Authority } from '#crypto/tsp/response.ts';
import { writeCrl } from '#crypto/x509/crl.ts';
import { writeOcspResponse } from '#crypto/x509/ocsp.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import type { Holder, Pki } from './pki.ts';

export async function contract(options: { useObjectStreams?: boolean; pages?: number } = {}): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	for (let i = 0; i < (options.pages ?? 1); i++) pdf.addPage([595, 842]).drawText(`Contrat, page ${i + 1}`, { x: 60, y: 700 });
	return pdf.save({ useObjectStreams: options.useObjectStreams ?? false });
}

/** The visible mark of one signer, authored as a page. */
export async function mark(text: string): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	pdf.addPage([200, 50]).drawText(text, { x: 4, y: 20, size: 9 });
	return pdf.save();
}

/** The file with one empty field for each name. */
export function withFields(pdf: Uint8Array, names: readonly string[]): Uint8Array {
	const places = footOfLastPage(pdf, names.length);
	return addSignatureFields(pdf, names.map((name, i) => ({ name, ...places[i]! })), p.random(16));
}

export interface SignOptions {
	readonly at: number;
	/** Null: B-B. */
	readonly authority: Authority | null;
	readonly wishes?: Partial<SignatureWishes>;
	readonly more?: SigningData;
}

export async function signField(pdf: Uint8Array, field: string, holder: Holder, options: SignOptions): Promise<Uint8Array> {
	const prepared = prepare(pdf, { field, signingTime: options.at, contentsSize: 12_000, id: p.random(16), ...options.wishes });
	const signed = await sign(p, prepared, holder, options.more);
	if (!options.authority) return fileOf(signed);
	const imprint = digest(p, 'SHA-256', signatureValue(embeddedCms(signed)));
	const token = await makeToken(p, options.authority, { hash: 'SHA-256', imprint, nonce: 5n, policy: null, certReq: true }, { genTime: options.at, serialNumber: 1n, accuracy: 1000 });
	return embedTimestamp(signed, token);
}

/** OCSP answers "good" for the holder, the authority and the CA. */
export async function answers(pki: Pki, holders: readonly { certificate: Holder['certificate'] }[], at: number): Promise<Uint8Array[]> {
	const answer = { status: { status: 'good' }, producedAt: at, thisUpdate: at, nextUpdate: at + 86_400_000 } as const;
	const responder = await pki.issue('OCSP', { extKeyUsage: { purposes: ['ocspSigning'], critical: false }, revocation: 'ocsp-nocheck' });
	return Promise.all([
		...holders.map(({ certificate }) => writeOcspResponse(p, responder, { certificate, issuer: pki.ca.certificate }, answer)),
		writeOcspResponse(p, pki.root, { certificate: pki.ca.certificate, issuer: pki.root.certificate }, answer)
	]);
}

/** The file with validation data; `data` may be OCSP answers alone. */
export const withDss = (pdf: Uint8Array, data: ValidationData | readonly Uint8Array[]): Uint8Array => addDss(pdf, Array.isArray(data) ? { ocsp: data as readonly Uint8Array[] } : (data as ValidationData), p.random(16));

/** The file under a document time-stamp. */
export async function stamped(pdf: Uint8Array, authority: Authority, at: number, hash: 'SHA-256' | 'SHA-512' = 'SHA-256'): Promise<Uint8Array> {
	const prepared = prepareTimestamp(pdf, { field: `t${at}`, contentsSize: 8000, id: p.random(16) });
	const request = { hash, imprint: coveredDigest(p, prepared, hash), nonce: 7n, policy: null, certReq: true } as const;
	return embed(prepared, await makeToken(p, authority, request, { genTime: at, serialNumber: 2n, accuracy: 1000 }));
}

/** Complete lists of the CA and of the root, naming `revoked`. */
export function lists(pki: Pki, at: number, revoked: readonly { serialNumber: bigint; at: number; reason: number | null }[] = []): Promise<Uint8Array[]> {
	const list = { number: 1n, thisUpdate: at, nextUpdate: at + 86_400_000 };
	return Promise.all([writeCrl(pki.ca, { ...list, revoked }), writeCrl(pki.root, { ...list, revoked: [] })]);
}
