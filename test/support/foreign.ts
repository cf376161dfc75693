// Signed files that the product does not make, and others do: encrypted under the empty user password, or under algorithms that it verifies alone.

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { concat, fromLatin1, latin1 } from '#crypto/bytes.ts';
import { oid } from '#crypto/asn1/oid.ts';
import * as write from '#crypto/asn1/write.ts';
import { assemble } from '#crypto/cms/build.ts';
import { fileOf, prepare } from '#crypto/pades/prepare.ts';
import { digest, type SignatureAlgorithm } from '#crypto/primitives.ts';
import { nodePrimitives as p, nodeSigner } from '#lib/server/keys/primitives.ts';
import { baseline, forge } from './forge.ts';
import { made } from './openssl.ts';
import { createPki, year, type Holder, type Pki } from './pki.ts';
import { answers, contract, withFields } from './signing.ts';

export interface Foreign {
	readonly pdf: Uint8Array;
	/** The same with one bit changed in what is signed. */
	readonly altered: Uint8Array;
	readonly anchors: readonly Uint8Array[];
	readonly revocation: readonly Uint8Array[];
	/** When to judge it. */
	readonly at: number;
}

const hash = 'SHA-256';
const empty = async () => withFields(await contract(), ['a']);

/** A qpdf encryption under an empty user password. */
export const encryptions: Readonly<Record<string, readonly string[]>> = {
	'RC4 of 40 bits': ['40'],
	'RC4 of 128 bits': ['128', '--use-aes=n'],
	'AES of 128 bits': ['128', '--use-aes=y'],
	'AES of 256 bits': ['256']
};

/** A file that is encrypted first and signed then: the dictionary is encrypted with it, its ByteRange and CMS filled in afterwards. */
async function encrypted(kind: readonly string[], { signer, certificate, chain }: Holder, at: number): Promise<Uint8Array> {
	const waiting = fromLatin1(fileOf(prepare(await empty(), { field: 'a', signingTime: at, contentsSize: 8000, id: p.random(16) }))).replace(/\/ByteRange \[[^\]]*\]/, '/ByteRange [0000000000 1111111111 1111111111 1111111111]');
	const text = fromLatin1(made('b.pdf', 'qpdf', ['--allow-weak-crypto', '--object-streams=disable', '--encrypt', '', 'owner', ...kind, '--', 'a.pdf', 'b.pdf'], { 'a.pdf': latin1(waiting) }));
	const gap = /<0{16000}>/.exec(text)!;
	const [start, end] = [gap.index, gap.index + gap[0].length];
	const bytes = latin1(text.replace(/\[ 0 1111111111 1111111111 1111111111 \]/, (whole) => `[0 ${start} ${end} ${text.length - end}]`.padEnd(whole.length)));
	const usual = baseline(certificate, digest(p, hash, bytes.subarray(0, start), bytes.subarray(end)), hash);
	const tbs = write.setOf(...Object.values(usual));
	const cms = assemble({ tbs, hash, contentType: oid.data, certificate }, { signature: await signer.sign(tbs), algorithm: signer.algorithm, certificates: [certificate.der, ...chain] });
	return concat(bytes.subarray(0, start + 1), latin1(Buffer.from(cms).toString('hex').padEnd(16_000, '0')), bytes.subarray(end - 1));
}

const keyOf = ({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }, algorithm: SignatureAlgorithm) => ({ signer: nodeSigner(privateKey, algorithm), spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })) });

const keys: Readonly<Record<string, () => { signer: Holder['signer']; spki: Uint8Array }>> = {
	...Object.fromEntries((['SHA3-256', 'SHA3-384', 'SHA3-512'] as const).map((hash) => [`RSA with ${hash}`, () => keyOf(generateKeyPairSync('rsa', { modulusLength: 2048 }), { scheme: 'rsa-pkcs1', hash })])),
	...Object.fromEntries((['SHA3-256', 'SHA3-384', 'SHA3-512'] as const).map((hash) => [`ECDSA with ${hash}`, () => keyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }), { scheme: 'ecdsa', hash })])),
	...Object.fromEntries(([['256', 'SHA-256'], ['384', 'SHA-384'], ['512', 'SHA-512']] as const).map(([bits, hash]) => [`brainpoolP${bits}r1`, () => keyOf(generateKeyPairSync('ec', { namedCurve: `brainpoolP${bits}r1` }), { scheme: 'ecdsa', hash })])),
	Ed448: () => keyOf(generateKeyPairSync('ed448'), { scheme: 'ed448' })
};

/** `adbe.pkcs7.sha1` (ISO 32000-1 §12.8.3.3.1): the CMS carries the SHA-1 of what is covered. */
export const sha1Signed = async (holder: Holder, at: number): Promise<Uint8Array> =>
	forge(await empty(), holder, { at, authority: null, edit: (t) => t.replace('/ETSI.CAdES.detached', '/adbe.pkcs7.sha1    '), content: (covered) => digest(p, 'SHA-1', covered) });

/** In the first stream of the file, which is a page's content: nothing reads it, and a signature covers it. */
function alter(pdf: Uint8Array): Uint8Array {
	const out = pdf.slice();
	out[Buffer.from(pdf).indexOf('stream\n') + 12]! ^= 1;
	return out;
}

/** Names of what `foreign` makes. */
export const foreignKinds: readonly string[] = [...Object.keys(encryptions), ...Object.keys(keys), 'adbe.pkcs7.sha1'];

export async function foreign(kind: string): Promise<Foreign> {
	const start = kind === 'adbe.pkcs7.sha1' ? Date.UTC(2005, 0) : Date.UTC(2026, 0); // SHA-1 was relied on until 2009
	const at = start + year;
	const pki: Pki = await createPki('Foreign', { start });
	const holder = await pki.issue('Foreign', keys[kind] ? { key: keys[kind]() } : {});
	const option = encryptions[kind];
	const pdf = option ? await encrypted(option, holder, at) : kind === 'adbe.pkcs7.sha1' ? await sha1Signed(holder, at) : await forge(await empty(), holder, { at, authority: null });
	return { pdf, altered: alter(pdf), anchors: [pki.root.certificate.der], revocation: await answers(pki, [holder], at + 1000), at: at + 2000 };
}
