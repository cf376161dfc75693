// Signed PDFs made step by step with a PKI in memory.

import { PDFDocument } from 'pdf-lib';
import { embedTimestamp, embeddedCms, signatureValue } from '#crypto/pades/embed.ts';
import { addDss } from '#crypto/pades/extend.ts';
import { addSignatureFields, footOfLastPage } from '#crypto/pades/fields.ts';
import { prepare, type SignatureWishes } from '#crypto/pades/prepare.ts';
import { sign } from '#crypto/pades/sign.ts';
import { digest } from '#crypto/primitives.ts';
import { makeToken, type Authority } from '#crypto/tsp/response.ts';
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
}

export async function signField(pdf: Uint8Array, field: string, holder: Holder, options: SignOptions): Promise<Uint8Array> {
	const prepared = prepare(pdf, { field, signingTime: options.at, contentsSize: 12_000, id: p.random(16), ...options.wishes });
	const signed = await sign(p, prepared, holder);
	if (!options.authority) return signed.bytes;
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

export const withDss = (pdf: Uint8Array, ocsp: readonly Uint8Array[]): Uint8Array => addDss(pdf, { certificates: [], ocsp }, p.random(16));
