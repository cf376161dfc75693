// Signed things of ours to mutate: keys from fixed scalars and RFC 6979 signatures, so that every run has the same bytes and a seed repeats a case.

import { p256 } from '@noble/curves/nist.js';
import { createPrivateKey } from 'node:crypto';
import { concat, fromHex, hex, latin1, utf8 } from '#crypto/bytes.ts';
import { writeReceipt } from '#crypto/bundle/receipt.ts';
import { assemble, signedAttributes } from '#crypto/cms/build.ts';
import { embed, embedTimestamp, embeddedCms, signatureValue } from '#crypto/pades/embed.ts';
import { addDss } from '#crypto/pades/extend.ts';
import { addSignatureFields } from '#crypto/pades/fields.ts';
import { coveredDigest, fileOf, prepare, prepareTimestamp } from '#crypto/pades/prepare.ts';
import { sign } from '#crypto/pades/sign.ts';
import { digest, type Signer } from '#crypto/primitives.ts';
import { canonical, commitment, writeBody, writeEntry, type Body } from '#crypto/tlog/entry.ts';
import { signCheckpoint } from '#crypto/tlog/checkpoint.ts';
import { append, inclusionProof, leafHash, treeHash } from '#crypto/tlog/merkle.ts';
import { formatVerifier } from '#crypto/tlog/note.ts';
import { writeRequest, type TimeStampReq } from '#crypto/tsp/request.ts';
import { granted, makeToken, type Authority } from '#crypto/tsp/response.ts';
import { readCertificate, type Certificate } from '#crypto/x509/certificate.ts';
import { writeCrl } from '#crypto/x509/crl.ts';
import { issueCertificate, type CertificateTemplate } from '#crypto/x509/issue.ts';
import { writeOcspResponse } from '#crypto/x509/ocsp.ts';
import { nodePrimitives as p, nodeSigner } from '#lib/server/keys/primitives.ts';

export const at = Date.parse('2026-06-01T12:00:00Z');
const day = 86_400_000;

interface Holder {
	readonly signer: Signer;
	readonly certificate: Certificate;
	readonly chain: readonly Uint8Array[];
}

const spkiOf = (scalar: Uint8Array) => concat(fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200'), p256.getPublicKey(scalar, false));
const scalar = (n: number) => new Uint8Array(32).fill(n);

async function holder(n: number, name: string, issuer: Holder | null, wishes: Partial<CertificateTemplate>): Promise<Holder> {
	const signer: Signer = { algorithm: { scheme: 'ecdsa', hash: 'SHA-256' }, sign: async (tbs) => new Uint8Array(p256.sign(tbs, scalar(n), { format: 'der' })) };
	const template = { subject: [['commonName', name]], notBefore: at - 100 * day, notAfter: at + 1000 * day, keyUsage: ['digitalSignature'], ...wishes, spki: spkiOf(scalar(n)), serialNumber: new Uint8Array(16).fill(n) } as const;
	const certificate = readCertificate(await issueCertificate(p, issuer ?? { signer, certificate: null }, template));
	return { signer, certificate, chain: issuer?.signer && issuer !== root ? [issuer.certificate.der] : [] };
}

const ca = { keyUsage: ['keyCertSign', 'cRLSign'] } as const;
export const root = await holder(1, 'Fuzz root', null, { ...ca, ca: { pathLength: null } });
export const issuing = await holder(2, 'Fuzz CA', root, { ...ca, ca: { pathLength: 0 } });
export const seal = await holder(3, 'Fuzz seal', issuing, {});
export const authority: Authority = { ...(await holder(4, 'Fuzz TSA', issuing, { extKeyUsage: { purposes: ['timeStamping'], critical: true } })), policy: '1.2.3.4' };
const responder = await holder(5, 'Fuzz OCSP', issuing, { extKeyUsage: { purposes: ['ocspSigning'], critical: false }, revocation: 'ocsp-nocheck' });

const good = { status: { status: 'good' }, producedAt: at + 1000, thisUpdate: at + 1000, nextUpdate: at + 10 * day } as const;
const answer = (by: Holder, certificate: Certificate, issuer: Certificate) => writeOcspResponse(p, by, { certificate, issuer }, good);
export const ocsp = [await answer(responder, seal.certificate, issuing.certificate), await answer(responder, authority.certificate, issuing.certificate), await answer(root, issuing.certificate, root.certificate)];
export const crl = await writeCrl(issuing, { number: 1n, thisUpdate: at, nextUpdate: at + 10 * day, revoked: [{ serialNumber: 99n, at, reason: 1 }] });

const id = new Uint8Array(16).fill(7);

/** One page, no compression: every token in reach of a mutation. */
function plainPdf(): Uint8Array {
	const text = 'BT /F1 12 Tf 60 700 Td (Contrat) Tj ET';
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
		`<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'
	];
	let out = '%PDF-1.7\n';
	const places = objects.map((object, i) => {
		const place = out.length;
		out += `${i + 1} 0 obj\n${object}\nendobj\n`;
		return place;
	});
	const xref = out.length;
	const entries = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
	return latin1(`${out}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /ID [<${hex(id)}> <${hex(id)}>] >>\nstartxref\n${xref}\n%%EOF\n`);
}

const request = (imprint: Uint8Array): TimeStampReq => ({ hash: 'SHA-256', imprint, nonce: 5n, policy: null, certReq: true });
const token = (imprint: Uint8Array, when: number) => makeToken(p, authority, request(imprint), { genTime: when, serialNumber: 1n, accuracy: 1000 });

async function signField(pdf: Uint8Array, field: string, stamp: boolean): Promise<Uint8Array> {
	const prepared = prepare(pdf, { field, signingTime: at, contentsSize: stamp ? 3400 : 1800, id, reason: 'Accord' });
	const signed = await sign(p, prepared, seal);
	return stamp ? embedTimestamp(signed, await token(digest(p, 'SHA-256', signatureValue(embeddedCms(signed))), at)) : fileOf(signed);
}

async function stamped(pdf: Uint8Array): Promise<Uint8Array> {
	const prepared = prepareTimestamp(pdf, { field: 'stamp', contentsSize: 2000, id });
	return embed(prepared, await token(coveredDigest(p, prepared, 'SHA-256'), at + 2000));
}

const empty = addSignatureFields(plainPdf(), ['a', 'b'].map((name, i) => ({ name, page: 0, rect: [20, 20 + 50 * i, 220, 60 + 50 * i] as const })), id);
const bb = await signField(empty, 'a', false);
const bt = await signField(empty, 'a', true);
/** Signed files: B-B, B-T, two signatures, B-LT, B-LTA. */
export const pdfs: readonly Uint8Array[] = [bb, bt, await signField(bb, 'b', false), addDss(bt, { ocsp }, id), await stamped(addDss(bt, { ocsp }, id))];

export const content = utf8('What was signed.');
async function signedData(more: { content?: Uint8Array } = {}): Promise<Uint8Array> {
	const signed = signedAttributes(p, { contentDigest: digest(p, 'SHA-256', content), hash: 'SHA-256', certificate: seal.certificate });
	return assemble(signed, { signature: await seal.signer.sign(signed.tbs), algorithm: seal.signer.algorithm, certificates: [seal.certificate.der, ...seal.chain], ...more });
}
/** CMS over `content`: detached, and with it inside. */
export const cms: readonly Uint8Array[] = [await signedData(), await signedData({ content })];

const imprint = digest(p, 'SHA-256', content);
/** A token over `content`. */
export const stamp = await token(imprint, at);
export const response = granted(stamp);
export const query = writeRequest(request(imprint));

const edSeed = new Uint8Array(32).fill(9);
const logKey = createPrivateKey({ key: Buffer.concat([fromHex('302e020100300506032b657004220420'), edSeed]), format: 'der', type: 'pkcs8' });
const logSigner = nodeSigner(logKey, { scheme: 'ed25519' });
const jwk = logKey.export({ format: 'jwk' }) as { x: string };
const verifier = { name: 'fuzz.example/log', key: new Uint8Array(Buffer.from(jwk.x, 'base64url')) };
export const logVerifier = formatVerifier(p, verifier);

/** A deposit receipt of `content`, at leaf 5 of 11. */
export const receipt = await (async () => {
	const keys = { sha256: scalar(11), size: scalar(12), type: scalar(13), document: scalar(14) };
	const values = { sha256: hex(imprint), size: String(content.length), type: 'text/plain', document: 'd1' };
	const c = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, hex(commitment(p, { name, key: keys[name as keyof typeof keys], value }))]));
	const body: Body = { v: 1, t: '2026-06-01T12:00:00.000Z', op: 'document.deposit', safe: 's1', actor: 'a1', via: 'web', obj: 'v1', res: 'ok', c };
	const entry = writeEntry(writeBody(body), { seq: 2, prev: scalar(15) });
	const leaves = Array.from({ length: 11 }, (_, i) => leafHash(p, i === 5 ? entry : utf8(canonical({ i }))));
	const nodes = new Map<string, Uint8Array>();
	const read = async (level: number, index: number) => nodes.get(`${level}/${index}`)!;
	for (const n of await append(p, read, 0, leaves)) nodes.set(`${n.level}/${n.index}`, n.hash);
	const checkpoint = await signCheckpoint(p, { origin: verifier.name, size: 11, root: await treeHash(p, read, 11) }, verifier, logSigner);
	return writeReceipt({ version: 'v1', document: 'd1', sha256: imprint, size: content.length, type: 'text/plain', token: stamp, openings: keys, log: { verifier: logVerifier, checkpoint, entry, index: 5, inclusion: await inclusionProof(p, read, 5, 11), keys: [] } });
})();
