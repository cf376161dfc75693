// The proof library's primitives on node:crypto, and signers over its keys.

import {
	constants,
	createCipheriv,
	createDecipheriv,
	createHash,
	createHmac,
	createPrivateKey,
	createPublicKey,
	createSecretKey,
	generateKeyPairSync,
	randomBytes,
	sign,
	verify,
	type KeyObject,
	type SignKeyObjectInput
} from 'node:crypto';
import { promisify } from 'node:util';
import { concat, fromLatin1, lengthPrefixed, utf8 } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { digest, type HashName, type Primitives, type Sealing, type SignatureAlgorithm, type Signer } from '#crypto/primitives.ts';

const opensslHash: Record<HashName, string> = {
	MD5: 'md5',
	'SHA-1': 'sha1',
	'SHA-224': 'sha224',
	'SHA-256': 'sha256',
	'SHA-384': 'sha384',
	'SHA-512': 'sha512',
	'SHA3-224': 'sha3-224',
	'SHA3-256': 'sha3-256',
	'SHA3-384': 'sha3-384',
	'SHA3-512': 'sha3-512',
	SHAKE256: 'shake256'
};

const keyTypes: Record<SignatureAlgorithm['scheme'], readonly string[]> = {
	'rsa-pkcs1': ['rsa'],
	'rsa-pss': ['rsa', 'rsa-pss'],
	ecdsa: ['ec'],
	ed25519: ['ed25519'],
	ed448: ['ed448']
};

/** Arguments of node:crypto's sign and verify for a scheme. Node uses one hash for PSS and its mask: another pair is not supported. */
function scheme(algorithm: SignatureAlgorithm, key: KeyObject): { hash: string | null; options: KeyObject | SignKeyObjectInput } {
	if (!keyTypes[algorithm.scheme].includes(key.asymmetricKeyType ?? '')) throw new CryptoError('misuse', 'key-type', `${algorithm.scheme} with a ${key.asymmetricKeyType} key`);
	switch (algorithm.scheme) {
		case 'rsa-pkcs1':
			return { hash: opensslHash[algorithm.hash], options: { key, padding: constants.RSA_PKCS1_PADDING } };
		case 'rsa-pss':
			if (algorithm.mgfHash !== algorithm.hash) throw new CryptoError('unsupported', 'pss-hashes', 'PSS with another mask hash');
			return { hash: opensslHash[algorithm.hash], options: { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: algorithm.saltLength } };
		case 'ecdsa':
			return { hash: opensslHash[algorithm.hash], options: key }; // in DER, as is Node's default
		default:
			return { hash: null, options: key };
	}
}

const signAsync = promisify(sign) as unknown as (hash: string | null, data: Uint8Array, key: KeyObject | SignKeyObjectInput) => Promise<Buffer>;
const verifyAsync = promisify(verify) as unknown as (hash: string | null, data: Uint8Array, key: KeyObject | SignKeyObjectInput, signature: Uint8Array) => Promise<boolean>;
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

/** Remembers the last answers: what comes again and again is worked out once. */
function lastAnswers<T>(most: number): (key: string, work: () => T) => T {
	const known = new Map<string, T>();
	return (key, work) => {
		const answer = known.get(key) ?? work();
		known.delete(key);
		known.set(key, answer); // the last one asked for stands last
		if (known.size > most) known.delete(known.keys().next().value!);
		return answer;
	};
}

const keys = lastAnswers<KeyObject>(64); // most signatures are of a few keys
/** Characters of base64 up to which one is remembered: RSA of 16,384 bits has fewer. What a file calls a key may be as large as the file. */
const longestKey = 4096;
/** As PEM: looking at what else than a string it may be costs Node more than reading it. */
function publicKey(spki: string): KeyObject {
	const read = () => createPublicKey(`-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`);
	return spki.length > longestKey ? read() : keys(spki, read);
}

/** Keys are wrapped first: Node looks at bytes by throwing, which costs it several times what it then does with a small message. */
export const nodePrimitives: Primitives & Sealing = {
	hash(name) {
		const h = createHash(opensslHash[name], name === 'SHAKE256' ? { outputLength: 64 } : {});
		return { update: (data) => void h.update(data), digest: () => own(h.digest()) };
	},
	hmacSha256: (key, data) => own(createHmac('sha256', createSecretKey(key)).update(data).digest()),
	async verify(algorithm, spki, message, signature) {
		try {
			const key = publicKey(Buffer.from(spki).toString('base64'));
			const { hash, options } = scheme(algorithm, key);
			// RFC 8017 §8.1.2: as long as the modulus; OpenSSL takes a PSS signature without its first octet when that is zero
			if (algorithm.scheme === 'rsa-pss' && signature.length !== Math.ceil(key.asymmetricKeyDetails!.modulusLength! / 8)) return false;
			return await verifyAsync(hash, message, options, signature);
		} catch (error) {
			if (error instanceof CryptoError && error.code === 'unsupported') throw error;
			return false; // a key or a signature that is not one
		}
	},
	async aesGcmSeal(key, nonce, aad, plaintext) {
		const cipher = createCipheriv(key.length === 32 ? 'aes-256-gcm' : 'aes-128-gcm', createSecretKey(key), nonce);
		cipher.setAAD(aad);
		return concat(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
	},
	async aesGcmOpen(key, nonce, aad, sealed) {
		if (sealed.length < 16) throw new CryptoError('mismatch', 'tag', 'shorter than its tag');
		const decipher = createDecipheriv(key.length === 32 ? 'aes-256-gcm' : 'aes-128-gcm', createSecretKey(key), nonce, { authTagLength: 16 });
		decipher.setAAD(aad);
		decipher.setAuthTag(sealed.subarray(sealed.length - 16));
		const plain = decipher.update(sealed.subarray(0, -16));
		try {
			decipher.final(); // counter mode: it has no bytes left
			return new Uint8Array(plain.buffer as ArrayBuffer, plain.byteOffset, plain.length);
		} catch (cause) {
			throw new CryptoError('mismatch', 'tag', 'the tag does not match', { cause });
		}
	},
	aesCbcDecrypt(key, iv, data) {
		if (data.length % 16) throw new CryptoError('malformed', 'cbc-length', 'not whole blocks');
		const decipher = createDecipheriv(key.length === 32 ? 'aes-256-cbc' : 'aes-128-cbc', createSecretKey(key), iv).setAutoPadding(false);
		return concat(decipher.update(data), decipher.final());
	},
	aesCbcEncrypt(key, iv, data) {
		if (data.length % 16) throw new CryptoError('malformed', 'cbc-length', 'not whole blocks');
		const cipher = createCipheriv(key.length === 32 ? 'aes-256-cbc' : 'aes-128-cbc', createSecretKey(key), iv).setAutoPadding(false);
		return concat(cipher.update(data), cipher.final());
	},
	random: (length) => own(randomBytes(length))
};

/** The same, verifying what it lately has no second time: certificates of ours come with every signature of ours. */
export function rememberingVerdicts(p: Primitives & Sealing): Primitives & Sealing {
	const verdicts = lastAnswers<Promise<boolean>>(256);
	return {
		...p,
		verify: (algorithm, spki, message, signature) =>
			verdicts(fromLatin1(digest(p, 'SHA-256', lengthPrefixed(utf8(JSON.stringify(algorithm)), spki, message, signature))), () => p.verify(algorithm, spki, message, signature))
	};
}

/** A signer over a private key (PKCS #8 DER, or a KeyObject that never leaves). */
export function nodeSigner(privateKey: Uint8Array | KeyObject, algorithm: SignatureAlgorithm): Signer {
	const key = privateKey instanceof Uint8Array ? createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' }) : privateKey;
	const { hash, options } = scheme(algorithm, key);
	return { algorithm, sign: async (tbs) => own(await signAsync(hash, tbs, options)) };
}

const curveOf = { 'ecdsa-p256': 'P-256', 'ecdsa-p384': 'P-384', 'ecdsa-p521': 'P-521' } as const;
const rsaBits = { 'rsa-2048': 2048, 'rsa-3072': 3072, 'rsa-4096': 4096, 'rsa-pss-2048': 2048, 'rsa-pss-3072': 3072, 'rsa-pss-4096': 4096 } as const;

export type KeySpec = keyof typeof curveOf | keyof typeof rsaBits | 'ed25519';

const pkcs1 = { scheme: 'rsa-pkcs1', hash: 'SHA-256' } as const;
const pss = { scheme: 'rsa-pss', hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 } as const;

/** The scheme each kind of key signs with. */
export const specAlgorithm: Record<KeySpec, SignatureAlgorithm> = {
	'ecdsa-p256': { scheme: 'ecdsa', hash: 'SHA-256' },
	'ecdsa-p384': { scheme: 'ecdsa', hash: 'SHA-384' },
	'ecdsa-p521': { scheme: 'ecdsa', hash: 'SHA-512' },
	ed25519: { scheme: 'ed25519' },
	'rsa-2048': pkcs1,
	'rsa-3072': pkcs1,
	'rsa-4096': pkcs1,
	'rsa-pss-2048': pss,
	'rsa-pss-3072': pss,
	'rsa-pss-4096': pss
};

const isRsa = (spec: KeySpec): spec is keyof typeof rsaBits => spec in rsaBits;

/** A new key pair: private half as KeyObject, public half as DER SubjectPublicKeyInfo. */
export function generateKey(spec: KeySpec): { privateKey: KeyObject; spki: Uint8Array } {
	const pair = isRsa(spec)
		? generateKeyPairSync('rsa', { modulusLength: rsaBits[spec] })
		: spec === 'ed25519'
			? generateKeyPairSync('ed25519')
			: generateKeyPairSync('ec', { namedCurve: curveOf[spec] });
	return { privateKey: pair.privateKey, spki: own(pair.publicKey.export({ format: 'der', type: 'spki' })) };
}

/** PKCS #8 DER of a private key made here: only to be wrapped at once. */
export const exportKey = (key: KeyObject): Uint8Array => own(key.export({ format: 'der', type: 'pkcs8' }));
