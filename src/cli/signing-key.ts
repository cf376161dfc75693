// A private key from a PEM file, with the certificate that is proven to be its own and the chain that leads up from it.

import { createPrivateKey, type AsymmetricKeyDetails, type KeyObject } from 'node:crypto';
import type { HashName, SignatureAlgorithm, Signer } from '#crypto/primitives.ts';
import { readCertificate, type Certificate } from '#crypto/x509/certificate.ts';
import { sameName } from '#crypto/x509/name.ts';
import { buildPath } from '#crypto/x509/path.ts';
import { nodePrimitives, nodeSigner, specAlgorithm } from '#lib/server/keys/primitives.ts';
import { readCertificates, readInput } from './input.ts';
import { passphrase } from './passphrase.ts';
import { Refused } from './refused.ts';

const curves: Readonly<Record<string, SignatureAlgorithm>> = { prime256v1: specAlgorithm['ecdsa-p256'], secp384r1: specAlgorithm['ecdsa-p384'], secp521r1: specAlgorithm['ecdsa-p521'] };

const hashes: Readonly<Record<string, HashName>> = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };

/** A key of id-RSASSA-PSS may say which hash, mask and salt it signs with, and then signs with no other (RFC 4055 §1.2, §3.1); one that does not gets SHA-256. */
function pssOf({ hashAlgorithm, mgf1HashAlgorithm, saltLength }: AsymmetricKeyDetails): SignatureAlgorithm {
	if (hashAlgorithm === undefined) return specAlgorithm['rsa-pss-2048'];
	const hash = hashes[hashAlgorithm];
	if (!hash || mgf1HashAlgorithm !== hashAlgorithm) throw new Refused(`a PSS key that signs with ${hashAlgorithm} and masks with ${mgf1HashAlgorithm} signs no document here`);
	return { scheme: 'rsa-pss', hash, mgfHash: hash, saltLength: saltLength ?? 20 };
}

/** How a key signs: RSA as PKCS #1 v1.5, or PSS as the key says; an elliptic curve with the hash of its size. */
function algorithmOf(key: KeyObject): SignatureAlgorithm {
	const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key;
	const found = type === 'rsa' ? specAlgorithm['rsa-2048'] : type === 'rsa-pss' ? pssOf(details) : type === 'ed25519' ? specAlgorithm.ed25519 : curves[details.namedCurve ?? ''];
	if (!found) throw new Refused(`a key of kind ${type} ${details.namedCurve ?? ''} signs no document here`);
	return found;
}

async function readKey(path: string, passphraseFile: string | undefined): Promise<KeyObject> {
	const pem = Buffer.from(readInput(path)).toString('latin1');
	if (!pem.includes('PRIVATE KEY-----')) throw new Refused(`${path}: no private key in PEM`);
	const encrypted = pem.includes('ENCRYPTED');
	const given = encrypted ? { passphrase: await passphrase(passphraseFile, false) } : {};
	try {
		return createPrivateKey({ key: pem, format: 'pem', ...given });
	} catch (cause) {
		throw new Refused(`${path}: ${encrypted ? 'does not open with this passphrase' : 'cannot be read'}`, { cause });
	}
}

export interface CertifiedKey {
	readonly signer: Signer;
	readonly certificate: Certificate;
	/** Certificates between it and the root that is at hand, DER: neither that root nor any that does not lead up from the certificate. */
	readonly chain: readonly Uint8Array[];
	/** All that were given, the root too. */
	readonly given: readonly Certificate[];
}

/** The key of `key` and the chain of `chain` (PEM, leaf first). Throws Misuse and Refused; also when the key is not the certificate's: it must verify what the key signs. */
export async function readSigningKey(key: string, chain: string, passphraseFile: string | undefined): Promise<CertifiedKey> {
	const given = readCertificates(chain).map(readCertificate);
	const certificate = given[0]!;
	const privateKey = await readKey(key, passphraseFile);
	const signer = nodeSigner(privateKey, algorithmOf(privateKey));
	const probe = nodePrimitives.random(32);
	if (!(await nodePrimitives.verify(signer.algorithm, certificate.spki, probe, await signer.sign(probe)))) throw new Refused(`${key}: not the key of the first certificate of ${chain}`);
	const path = await buildPath(nodePrimitives, { leaf: certificate, intermediates: given, anchors: 'embedded', at: Date.now(), purpose: 'any' });
	const between = path.certificates.slice(1).filter((c) => !sameName(c.subject, c.issuer));
	return { signer, certificate, chain: between.map((c) => c.der), given };
}
