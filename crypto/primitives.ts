// What the proof library asks of its host: hashes, signature checks, raw ciphers; to seal, randomness.
// Node's adapter is src/lib/server/keys/primitives.ts, the browser's src/lib/client/primitives.ts.

import { fromLatin1, lengthPrefixed, utf8, type Bytes } from './bytes.ts';

export type HashName =
	| 'MD5'
	| 'SHA-1'
	| 'SHA-224'
	| 'SHA-256'
	| 'SHA-384'
	| 'SHA-512'
	| 'SHA3-224'
	| 'SHA3-256'
	| 'SHA3-384'
	| 'SHA3-512'
	| 'SHAKE256'; // 64 octets (RFC 8419 §2.3)

/** A streaming hash; `digest` ends it. */
export interface Hasher {
	update(data: Uint8Array): void;
	digest(): Bytes;
}

/** A signature scheme with its parameters, as an AlgorithmIdentifier resolves to. */
export type SignatureAlgorithm =
	| { readonly scheme: 'rsa-pkcs1'; readonly hash: HashName }
	| { readonly scheme: 'rsa-pss'; readonly hash: HashName; readonly mgfHash: HashName; readonly saltLength: number }
	| { readonly scheme: 'ecdsa'; readonly hash: HashName }
	| { readonly scheme: 'ed25519' }
	| { readonly scheme: 'ed448' };

/** A private key behind its one act. ECDSA signatures are DER (RFC 3279 §2.2.3); the key never leaves. */
export interface Signer {
	readonly algorithm: SignatureAlgorithm;
	/** Signs the message (hashing included, where the scheme hashes). */
	sign(tbs: Uint8Array): Promise<Bytes>;
}

/** What verification asks for. */
export interface Primitives {
	hash(name: HashName): Hasher;
	/** HMAC-SHA256 (RFC 2104). */
	hmacSha256(key: Uint8Array, data: Uint8Array): Bytes;
	/** True when `signature` is the message's under the key of `spki` (DER SubjectPublicKeyInfo). False, never a throw, on a wrong key type or malformed signature. */
	verify(algorithm: SignatureAlgorithm, spki: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
	/** AES-CBC over whole blocks, without padding: PDF's standard security handlers. Key 16 or 32 bytes. CryptoError `malformed` / `cbc-length` on a part of a block. */
	aesCbcDecrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Bytes;
	aesCbcEncrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Bytes;
}

/** What sealing asks for besides: the server's alone. */
export interface Sealing {
	/** AES-GCM: ciphertext followed by the 16-byte tag. Key 16 or 32 bytes, nonce 12. */
	aesGcmSeal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Promise<Bytes>;
	/** The plaintext; CryptoError `mismatch` / `tag` when the tag is wrong. */
	aesGcmOpen(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Promise<Bytes>;
	/** Cryptographically secure random bytes. */
	random(length: number): Bytes;
}

/** One-shot hash. */
export function digest(primitives: Pick<Primitives, 'hash'>, name: HashName, ...parts: readonly Uint8Array[]): Bytes {
	const h = primitives.hash(name);
	for (const p of parts) h.update(p);
	return h.digest();
}

/** The same primitives, verifying each signature once: the same answer and certificate serve many signatures of a file. Keep it no longer than one validation. */
export function remembering(primitives: Primitives): Primitives {
	const known = new Map<string, Promise<boolean>>();
	return {
		...primitives,
		verify(algorithm, spki, message, signature) {
			const key = fromLatin1(digest(primitives, 'SHA-256', lengthPrefixed(utf8(JSON.stringify(algorithm)), spki, message, signature)));
			const verdict = known.get(key) ?? primitives.verify(algorithm, spki, message, signature);
			known.set(key, verdict);
			return verdict;
		}
	};
}
