// One suite over both adapters of the primitives: what a server proves, a browser must prove alike.

import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { concat, fromHex, hex, utf8 } from '#crypto/bytes.ts';
import { digest, type HashName, type Primitives, type SignatureAlgorithm } from '#crypto/primitives.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { webPrimitives } from './primitives.ts';

const adapters = { node: nodePrimitives, web: webPrimitives } satisfies Record<string, Primitives>;
const message = utf8('what is signed');

/** Digests of "abc": FIPS 180-4, FIPS 202 and RFC 1321 examples, shortened to their first eight octets. */
const abc: Record<HashName, string> = {
	MD5: '900150983cd24fb0',
	'SHA-1': 'a9993e364706816a',
	'SHA-224': '23097d223405d822',
	'SHA-256': 'ba7816bf8f01cfea',
	'SHA-384': 'cb00753f45a35e8b',
	'SHA-512': 'ddaf35a193617aba',
	'SHA3-224': 'e642824c3f8cf24a',
	'SHA3-256': '3a985da74fe225b2',
	'SHA3-384': 'ec01498288516fc9',
	'SHA3-512': 'b751850b1a57168a',
	SHAKE256: '483366601360a877'
};

interface Case {
	readonly name: string;
	readonly algorithm: SignatureAlgorithm;
	readonly spki: Uint8Array;
	readonly signature: Uint8Array;
}

const spkiOf = (key: KeyObject) => new Uint8Array(key.export({ format: 'der', type: 'spki' }));
const rsaPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const saltLength = 32 as unknown as string; // a number at run time; its declared type is wrong
const pssPair = generateKeyPairSync('rsa-pss', { modulusLength: 2048, hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256', saltLength });
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
const ec = (curve: string, hash: 'SHA-256' | 'SHA-384' | 'SHA-512'): Case => {
	const pair = generateKeyPairSync('ec', { namedCurve: curve });
	return {
		name: `ecdsa ${curve} ${hash}`,
		algorithm: { scheme: 'ecdsa', hash },
		spki: spkiOf(pair.publicKey),
		signature: sign(hash.replace('-', ''), message, { key: pair.privateKey, dsaEncoding: 'der' })
	};
};
const ed25519 = generateKeyPairSync('ed25519');
const ed448 = generateKeyPairSync('ed448');
const pssAlgorithm = { scheme: 'rsa-pss', hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 } as const;
const cases: Case[] = [
	{
		name: 'rsa-pkcs1',
		algorithm: { scheme: 'rsa-pkcs1', hash: 'SHA-384' },
		spki: spkiOf(rsaPair.publicKey),
		signature: sign('sha384', message, rsaPair.privateKey)
	},
	{
		name: 'rsa-pss',
		algorithm: pssAlgorithm,
		spki: spkiOf(rsaPair.publicKey),
		signature: sign('sha256', message, { key: rsaPair.privateKey, ...pss })
	},
	{
		name: 'rsa-pss of a PSS key',
		algorithm: pssAlgorithm,
		spki: spkiOf(pssPair.publicKey),
		signature: sign('sha256', message, { key: pssPair.privateKey, ...pss })
	},
	ec('P-256', 'SHA-256'),
	ec('P-256', 'SHA-512'),
	ec('P-384', 'SHA-384'),
	ec('P-521', 'SHA-256'),
	ec('brainpoolP256r1', 'SHA-256'),
	ec('brainpoolP512r1', 'SHA-512'),
	{
		name: 'ed25519',
		algorithm: { scheme: 'ed25519' },
		spki: spkiOf(ed25519.publicKey),
		signature: sign(null, message, ed25519.privateKey)
	},
	{ name: 'ed448', algorithm: { scheme: 'ed448' }, spki: spkiOf(ed448.publicKey), signature: sign(null, message, ed448.privateKey) }
];

describe.each(Object.entries(adapters))('%s', (_, p) => {
	test('every hash gives its published digest, in one part or in many', () => {
		for (const [name, start] of Object.entries(abc) as [HashName, string][]) {
			expect(hex(digest(p, name, utf8('abc'))).slice(0, 16), name).toBe(start);
			expect(digest(p, name, utf8('a'), utf8(''), utf8('bc'))).toEqual(digest(p, name, utf8('abc')));
		}
	});

	test('RFC 4231 §4.3: HMAC-SHA256', () => {
		expect(hex(p.hmacSha256(utf8('Jefe'), utf8('what do ya want for nothing?')))).toBe(
			'5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
		);
	});

	test.each(cases)(
		'$name: its signature is verified; another message, a flipped bit, a cut or another key is not',
		async ({ algorithm, spki, signature }) => {
			expect(await p.verify(algorithm, spki, message, signature)).toBe(true);
			expect(await p.verify(algorithm, spki, utf8('another'), signature)).toBe(false);
			const flipped = new Uint8Array(signature);
			flipped[flipped.length - 1]! ^= 1;
			expect(await p.verify(algorithm, spki, message, flipped)).toBe(false);
			expect(await p.verify(algorithm, spki, message, signature.subarray(1))).toBe(false);
			expect(await p.verify(algorithm, spki, message, new Uint8Array())).toBe(false);
			expect(await p.verify(algorithm, spki.subarray(0, -1), message, signature)).toBe(false);
			for (const other of cases) {
				if (hex(other.spki) !== hex(spki)) expect(await p.verify(algorithm, other.spki, message, signature), other.name).toBe(false);
			}
		}
	);

	test('RFC 4055 §1.2: a key for PSS alone verifies no PKCS #1 signature, nor a shorter salt', async () => {
		const short = sign('sha256', message, { key: rsaPair.privateKey, ...pss, saltLength: 20 });
		expect(await p.verify({ ...pssAlgorithm, saltLength: 20 }, spkiOf(rsaPair.publicKey), message, short)).toBe(true);
		expect(await p.verify(pssAlgorithm, spkiOf(rsaPair.publicKey), message, short)).toBe(false);
		expect(await p.verify({ scheme: 'rsa-pkcs1', hash: 'SHA-256' }, spkiOf(pssPair.publicKey), message, cases[2]!.signature)).toBe(false);
	});

	test('a PSS mask hash this adapter cannot do is said, not judged', async () => {
		await expect(p.verify({ ...pssAlgorithm, mgfHash: 'SHA-1' }, cases[1]!.spki, message, cases[1]!.signature)).rejects.toMatchObject({
			code: 'unsupported',
			reason: 'pss-mask-hash'
		});
	});

	test('NIST GCM test case 16: AES-256-GCM; a wrong tag, AAD or key is a mismatch', async () => {
		const key = fromHex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308');
		const nonce = fromHex('cafebabefacedbaddecaf888');
		const aad = fromHex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
		const plain = fromHex(
			'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39'
		);
		const sealed = await p.aesGcmSeal(key, nonce, aad, plain);
		expect(hex(sealed.subarray(-16))).toBe('76fc6ece0f4e1768cddf8853bb2d551b');
		expect(await p.aesGcmOpen(key, nonce, aad, sealed)).toEqual(plain);
		const mismatch = { code: 'mismatch', reason: 'tag' };
		for (const wrong of [sealed.subarray(0, 10), sealed.subarray(0, -1), concat(sealed, Uint8Array.of(0))])
			await expect(p.aesGcmOpen(key, nonce, aad, wrong)).rejects.toMatchObject(mismatch);
		await expect(p.aesGcmOpen(key, nonce, new Uint8Array(), sealed)).rejects.toMatchObject(mismatch);
		await expect(p.aesGcmOpen(p.random(32), nonce, aad, sealed)).rejects.toMatchObject(mismatch);
	});

	test('NIST SP 800-38A F.2.1, F.2.2: AES-128-CBC without padding; a part of a block is malformed', () => {
		const key = fromHex('2b7e151628aed2a6abf7158809cf4f3c');
		const iv = fromHex('000102030405060708090a0b0c0d0e0f');
		expect(hex(p.aesCbcDecrypt(key, iv, fromHex('7649abac8119b246cee98e9b12e9197d')))).toBe('6bc1bee22e409f96e93d7e117393172a');
		expect(hex(p.aesCbcEncrypt(key, iv, fromHex('6bc1bee22e409f96e93d7e117393172a')))).toBe('7649abac8119b246cee98e9b12e9197d');
		for (const act of [p.aesCbcDecrypt, p.aesCbcEncrypt]) expect(() => act(key, iv, new Uint8Array(17))).toThrowError(expect.objectContaining({ code: 'malformed', reason: 'cbc-length' }));
	});

	test('randomness has the length asked for, and differs', () => {
		expect(p.random(200_000)).toHaveLength(200_000);
		expect(
			p
				.random(100_000)
				.subarray(-16)
				.some((b) => b !== 0)
		).toBe(true);
		expect(hex(p.random(16))).not.toBe(hex(p.random(16)));
	});
});

test('both adapters seal alike', async () => {
	const [key, nonce, aad] = [nodePrimitives.random(16), nodePrimitives.random(12), utf8('aad')];
	expect(await webPrimitives.aesGcmSeal(key, nonce, aad, message)).toEqual(await nodePrimitives.aesGcmSeal(key, nonce, aad, message));
});
