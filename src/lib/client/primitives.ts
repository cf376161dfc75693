// The proof library's primitives where there is no node:crypto: WebCrypto for RSA, @noble for hashes, curves and AES.

import { cbc } from '@noble/ciphers/aes.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { ed448 } from '@noble/curves/ed448.js';
import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from '@noble/curves/misc.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { sha3_224, sha3_256, sha3_384, sha3_512, shake256 } from '@noble/hashes/sha3.js';
import { bitString, Fields, read, tag } from '#crypto/asn1/der.ts';
import { oid } from '#crypto/asn1/oid.ts';
import * as value from '#crypto/asn1/values.ts';
import * as write from '#crypto/asn1/write.ts';
import { CryptoError } from '#crypto/errors.ts';
import { digest, type HashName, type Primitives, type SignatureAlgorithm } from '#crypto/primitives.ts';
import { readSignatureAlgorithm } from '#crypto/x509/algorithm.ts';
import { modulusOctets, verifyPkcs1 } from './rsa.ts';

const hashes = {
	MD5: md5,
	'SHA-1': sha1,
	'SHA-224': sha224,
	'SHA-256': sha256,
	'SHA-384': sha384,
	'SHA-512': sha512,
	'SHA3-224': sha3_224,
	'SHA3-256': sha3_256,
	'SHA3-384': sha3_384,
	'SHA3-512': sha3_512,
	SHAKE256: { create: () => shake256.create({ dkLen: 64 }) }
};

/** Named curves of ECDSA keys (RFC 5480 §2.1.1.1, RFC 5639). */
const curves: Readonly<Record<string, typeof p256>> = {
	[oid.prime256v1]: p256,
	[oid.secp384r1]: p384,
	[oid.secp521r1]: p521,
	[oid.brainpoolP256r1]: brainpoolP256r1,
	[oid.brainpoolP384r1]: brainpoolP384r1,
	[oid.brainpoolP512r1]: brainpoolP512r1
};

/** Hashes WebCrypto knows with RSA. */
const rsaHashes: readonly HashName[] = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];

const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

interface PublicKey {
	readonly algorithm: string;
	/** Named curve, when the parameters are an OID. */
	readonly curve: string | null;
	/** DER AlgorithmIdentifier. */
	readonly identifier: Uint8Array;
	readonly key: Uint8Array;
}

function readPublicKey(spki: Uint8Array): PublicKey {
	const f = new Fields(read(spki), tag.sequence, 'SubjectPublicKeyInfo');
	const identifier = f.next(tag.sequence);
	const key = bitString(f.next(tag.bitString));
	f.end();
	const a = new Fields(identifier, tag.sequence, 'AlgorithmIdentifier');
	const algorithm = value.oid(a.next(tag.oid));
	const curve = a.optional(tag.oid);
	return { algorithm, curve: curve && value.oid(curve), identifier: identifier.raw, key };
}

/** Whether a key restricted to PSS (RFC 4055 §1.2, §3.3) allows this scheme: same hashes, and no shorter salt. */
function allows(key: PublicKey, scheme: Extract<SignatureAlgorithm, { scheme: 'rsa-pss' | 'rsa-pkcs1' }>): boolean {
	if (key.algorithm === oid.rsaEncryption) return true;
	if (key.algorithm !== oid.rsassaPss || scheme.scheme !== 'rsa-pss') return false;
	if (read(key.identifier).children.length === 1) return true;
	const limit = readSignatureAlgorithm(read(key.identifier));
	return (
		limit.scheme === 'rsa-pss' && limit.hash === scheme.hash && limit.mgfHash === scheme.mgfHash && scheme.saltLength >= limit.saltLength
	);
}

async function verifyRsa(
	scheme: Extract<SignatureAlgorithm, { scheme: 'rsa-pss' | 'rsa-pkcs1' }>,
	publicKey: PublicKey,
	message: Uint8Array,
	signature: Uint8Array
): Promise<boolean> {
	if (!allows(publicKey, scheme) || signature.length !== modulusOctets(publicKey.key)) return false; // not every WebCrypto looks at the length
	const known = rsaHashes.includes(scheme.hash);
	if (scheme.scheme === 'rsa-pkcs1' && !known)
		return verifyPkcs1(scheme.hash, digest(webPrimitives, scheme.hash, message), publicKey.key, signature);
	if (scheme.scheme === 'rsa-pss' && (!known || scheme.mgfHash !== scheme.hash))
		throw new CryptoError('unsupported', 'pss-hashes', `PSS with ${scheme.hash} and ${scheme.mgfHash}`);
	const spki = write.sequence(write.sequence(write.oid(oid.rsaEncryption), write.nul()), write.bitString(publicKey.key));
	const name = scheme.scheme === 'rsa-pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5';
	const key = await crypto.subtle.importKey('spki', spki, { name, hash: scheme.hash }, false, ['verify']);
	const how = scheme.scheme === 'rsa-pss' ? { name, saltLength: scheme.saltLength } : { name };
	return crypto.subtle.verify(how, key, own(signature), own(message));
}

function verifyEcdsa(hash: HashName, publicKey: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
	if (publicKey.algorithm !== oid.ecPublicKey) return false;
	const curve = publicKey.curve === null ? undefined : curves[publicKey.curve];
	if (!curve) throw new CryptoError('unsupported', 'curve', publicKey.curve ?? 'explicit parameters');
	return curve.verify(signature, digest(webPrimitives, hash, message), publicKey.key, { prehash: false, lowS: false, format: 'der' });
}

function unpadded(key: Uint8Array, iv: Uint8Array, { length }: Uint8Array) {
	if (length % 16) throw new CryptoError('malformed', 'cbc-length', 'not whole blocks');
	return cbc(key, iv, { disablePadding: true });
}

export const webPrimitives: Primitives = {
	hash(name) {
		const h = hashes[name].create();
		return { update: (data) => void h.update(data), digest: () => own(h.digest()) };
	},
	hmacSha256: (key, data) => own(hmac(sha256, key, data)),
	async verify(algorithm, spki, message, signature) {
		try {
			const key = readPublicKey(spki);
			switch (algorithm.scheme) {
				case 'rsa-pkcs1':
				case 'rsa-pss':
					return await verifyRsa(algorithm, key, message, signature);
				case 'ecdsa':
					return verifyEcdsa(algorithm.hash, key, message, signature);
				case 'ed25519':
					return key.algorithm === oid.ed25519 && ed25519.verify(signature, message, key.key, { zip215: false });
				case 'ed448':
					return key.algorithm === oid.ed448 && ed448.verify(signature, message, key.key, { zip215: false });
			}
		} catch (error) {
			if (error instanceof CryptoError && error.code === 'unsupported') throw error;
			return false; // a key or a signature that is not one
		}
	},
	aesCbcDecrypt: (key, iv, data) => own(unpadded(key, iv, data).decrypt(data)),
	aesCbcEncrypt: (key, iv, data) => own(unpadded(key, iv, data).encrypt(data))
};
