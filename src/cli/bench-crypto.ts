// probant bench crypto: what the proof library adds to the raw cost of the same primitives, warm, in the same run.

import { createHash, randomBytes } from 'node:crypto';
import { PDFDocument } from 'pdf-lib';
import { embed, embedTimestamp, embeddedCms, signatureValue } from '#crypto/pades/embed.ts';
import { addDss } from '#crypto/pades/extend.ts';
import { addSignatureFields, footOfLastPage } from '#crypto/pades/fields.ts';
import { coveredDigest, prepare, prepareTimestamp } from '#crypto/pades/prepare.ts';
import { sign } from '#crypto/pades/sign.ts';
import { validate } from '#crypto/pades/validate.ts';
import { digest, type Signer } from '#crypto/primitives.ts';
import { makeToken, type Authority } from '#crypto/tsp/response.ts';
import { readCertificate, type Certificate } from '#crypto/x509/certificate.ts';
import { issueCertificate, type CertificateTemplate } from '#crypto/x509/issue.ts';
import { writeOcspResponse } from '#crypto/x509/ocsp.ts';
import { generateKey, nodePrimitives as p, nodeSigner, specAlgorithm, type KeySpec } from '#lib/server/keys/primitives.ts';

const now = Date.UTC(2026, 0, 1);
const year = 365 * 86_400_000;

interface Holder {
	readonly signer: Signer;
	readonly certificate: Certificate;
	readonly chain: readonly Uint8Array[];
}

async function issue(issuer: Holder | null, spec: KeySpec, more: Partial<CertificateTemplate>): Promise<Holder> {
	const { privateKey, spki } = generateKey(spec);
	const signer = nodeSigner(privateKey, specAlgorithm[spec]);
	const usage = { keyUsage: ['digitalSignature'], subject: [['commonName', 'Bench']], notBefore: now, notAfter: now + year } as const;
	const der = await issueCertificate(p, issuer ?? { signer, certificate: null }, { ...usage, ...more, spki, serialNumber: p.random(16) });
	return { signer, certificate: readCertificate(der), chain: [] };
}

/** A PDF of about so many bytes with empty fields f0, f1 … */
async function file(bytes: number, fields: number): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	pdf.addPage([595, 842]).drawText('Bench');
	pdf.context.register(pdf.context.stream(randomBytes(bytes)));
	const plain = await pdf.save({ useObjectStreams: false });
	const places = footOfLastPage(plain, fields);
	return addSignatureFields(plain, places.map((place, i) => ({ name: `f${i}`, ...place })), p.random(16));
}

/** The median of so many runs after as many warm ones, milliseconds. */
async function median(runs: number, act: () => unknown): Promise<number> {
	const times: number[] = [];
	for (let i = 0; i < 2 * runs; i++) {
		const from = performance.now();
		await act();
		if (i >= runs) times.push(performance.now() - from);
	}
	return times.sort((a, b) => a - b)[Math.floor(runs / 2)]!;
}

const signField = (pdf: Uint8Array, by: Holder, field = 'f0') => sign(p, prepare(pdf, { field, signingTime: now, contentsSize: 8192, id: p.random(16) }), by);

async function archived(signer: Holder, authority: Authority, root: Holder): Promise<Uint8Array> {
	const token = (imprint: Uint8Array, genTime: number) => makeToken(p, authority, { hash: 'SHA-256', imprint, nonce: 1n, policy: null, certReq: true }, { genTime, serialNumber: 1n, accuracy: 1000 });
	let pdf = await file(100_000, 10);
	for (let i = 0; i < 10; i++) {
		const signed = await signField(pdf, signer, `f${i}`);
		pdf = embedTimestamp(signed, await token(digest(p, 'SHA-256', signatureValue(embeddedCms(signed))), now));
	}
	const answer = { status: { status: 'good' }, producedAt: now, thisUpdate: now, nextUpdate: now + year } as const;
	const ocsp = await Promise.all([signer, authority].map(({ certificate }) => writeOcspResponse(p, root, { certificate, issuer: root.certificate }, answer)));
	const prepared = prepareTimestamp(addDss(pdf, { ocsp }, p.random(16)), { field: 'stamp', contentsSize: 8192, id: p.random(16) });
	return embed(prepared, await token(coveredDigest(p, prepared, 'SHA-256'), now + 1000));
}

const line = (what: string, took: number, raw: number, bar: string) => `${what}: ${took.toFixed(2)} ms, ${(took / raw).toFixed(1)}× of raw (${raw.toFixed(2)} ms); bar ${bar}`;

/** The lines to print: each time beside the raw cost of the same hash and key operations. */
export async function benchCrypto(): Promise<string[]> {
	const root = await issue(null, 'ecdsa-p256', { keyUsage: ['keyCertSign', 'cRLSign'], ca: { pathLength: null } });
	const trust = { anchors: [root.certificate.der] };
	const [small, large] = [await file(100_000, 1), await file(20_000_000, 1)];
	const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
	const lines: string[] = [];
	for (const [spec, bar] of [['ecdsa-p256', '10×'], ['rsa-2048', '3×']] as const) {
		const by = await issue(root, spec, {});
		const raw = await median(100, () => by.signer.sign(sha256(small)));
		lines.push(line(`B-B of 100 KB, ${spec}`, await median(100, () => signField(small, by)), raw, bar));
	}
	const seal = await issue(root, 'ecdsa-p256', {});
	const hashing = await median(10, () => sha256(large));
	lines.push(line('B-B of 20 MB, ecdsa-p256', await median(10, () => signField(large, seal)), hashing, '2× of hashing'));
	const { bytes } = await signField(small, seal);
	const checking = await median(100, () => p.verify(seal.certificate.signatureAlgorithm, root.certificate.spki, seal.certificate.tbs, seal.certificate.signature));
	lines.push(line('validation of a B-B of 100 KB', await median(100, () => validate(p, bytes, { trust, at: now + 1000 })), 2 * checking + (await median(100, () => sha256(bytes))), '5 ms'));
	const tsa = await issue(root, 'ecdsa-p256', { extKeyUsage: { purposes: ['timeStamping'], critical: true } });
	const lta = await archived(seal, { ...tsa, policy: '1.3.6.1.4.1.99999.1.1' }, root);
	const report = await validate(p, lta, { trust, at: now + 86_400_000 });
	if (report.indication !== 'TOTAL-PASSED' || report.signatures.some((s) => s.kind === 'signature' && s.level !== 'B-LTA')) throw new Error(`the benched file is ${report.indication}`);
	const raw = 24 * checking + (await median(20, () => sha256(lta)));
	lines.push(line(`validation of a B-LTA of ten signatures, ${(lta.length / 1000).toFixed(0)} KB`, await median(20, () => validate(p, lta, { trust, at: now + 86_400_000 })), raw, '150 ms'));
	return lines;
}
