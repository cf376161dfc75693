// One suite over both adapters of the primitives: what a server proves, a browser must prove alike.

import { constants, generateKeyPairSync, privateEncrypt, sign, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { read } from '#crypto/asn1/der.ts';
import { oid } from '#crypto/asn1/oid.ts';
import * as write from '#crypto/asn1/write.ts';
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
	...([['SHA3-256', 'sha3-256'], ['SHA3-512', 'sha3-512'], ['SHA-224', 'sha224'], ['MD5', 'md5']] as const).map(
		([hash, its]): Case => ({ name: `rsa-pkcs1 ${hash}`, algorithm: { scheme: 'rsa-pkcs1', hash }, spki: spkiOf(rsaPair.publicKey), signature: sign(its, message, rsaPair.privateKey) })
	),
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

/** The key of `rsaPair` under an algorithm. */
const under = (algorithm: string, ...parameters: readonly Uint8Array[]) => write.sequence(write.sequence(write.oid(algorithm), ...parameters), write.bitString(new Uint8Array(rsaPair.publicKey.export({ format: 'der', type: 'pkcs1' }))));
/** For PSS alone, with the hashes and the least salt of `pssPair`. */
const limited = under(oid.rsassaPss, read(spkiOf(pssPair.publicKey)).children[0]!.children[1]!.raw);
const pssOf = (hash: string, saltLength: number) => sign(hash, message, { key: rsaPair.privateKey, ...pss, saltLength });

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

	test('RFC 8017 §8.2.2: an encoded message is that of the hash, whole, and nothing but it', async () => {
		const info = concat(fromHex('3031300d060960864801650304020805000420'), digest(p, 'SHA3-256', message));
		const filled = (length: number, ...rest: Uint8Array[]) => concat(Uint8Array.of(0, 1), new Uint8Array(length).fill(0xff), Uint8Array.of(0), ...rest);
		const full = 256 - info.length - 3;
		const judged = (encoded: Uint8Array) => p.verify({ scheme: 'rsa-pkcs1', hash: 'SHA3-256' }, spkiOf(rsaPair.publicKey), message, privateEncrypt({ key: rsaPair.privateKey, padding: constants.RSA_NO_PADDING }, encoded));
		expect(await judged(filled(full, info))).toBe(true);
		expect(await judged(filled(full - 20, info, new Uint8Array(20)))).toBe(false); // Bleichenbacher 2006: what follows the digest
		const noNull = concat(fromHex('302f300b0609608648016503040208'), fromHex('0420'), info.subarray(-32));
		expect(await judged(filled(full + 2, noNull))).toBe(false);
		for (const at of [1, 2, full, full + 2]) expect(await judged(filled(full, info).map((byte, i) => (i === at ? byte ^ 3 : byte))), String(at)).toBe(false);
	});

	test('RFC 8017 §5.2.2: a signature is below the modulus, and as long', async () => {
		const algorithm = { scheme: 'rsa-pkcs1', hash: 'SHA3-256' } as const;
		const modulus = BigInt(`0x${Buffer.from(rsaPair.publicKey.export({ format: 'jwk' }).n!, 'base64url').toString('hex')}`);
		for (let i = 0; ; i++) {
			const [said, spki] = [utf8(String(i)), spkiOf(rsaPair.publicKey)];
			const signature = sign('sha3-256', said, rsaPair.privateKey);
			const congruent = BigInt(`0x${hex(signature)}`) + modulus;
			if (congruent >> 2048n) continue;
			expect(await p.verify(algorithm, spki, said, signature)).toBe(true);
			expect(await p.verify(algorithm, spki, said, fromHex(congruent.toString(16)))).toBe(false);
			expect(await p.verify(algorithm, spki, said, concat(Uint8Array.of(0), signature))).toBe(false);
			return;
		}
	});

	test('RFC 8017 §8.1.2: a PSS signature is as long as the modulus: without its first octet, a zero, it is none', async () => {
		let signature = pssOf('sha256', 32);
		while (signature[0] !== 0) signature = pssOf('sha256', 32);
		expect(await p.verify(pssAlgorithm, spkiOf(rsaPair.publicKey), message, signature)).toBe(true);
		expect(await p.verify(pssAlgorithm, spkiOf(rsaPair.publicKey), message, signature.subarray(1))).toBe(false);
	});

	test('RFC 4055 §1.2: a key for PSS alone verifies no PKCS #1 signature, nor a shorter salt', async () => {
		const short = sign('sha256', message, { key: rsaPair.privateKey, ...pss, saltLength: 20 });
		expect(await p.verify({ ...pssAlgorithm, saltLength: 20 }, spkiOf(rsaPair.publicKey), message, short)).toBe(true);
		expect(await p.verify(pssAlgorithm, spkiOf(rsaPair.publicKey), message, short)).toBe(false);
		expect(await p.verify({ scheme: 'rsa-pkcs1', hash: 'SHA-256' }, spkiOf(pssPair.publicKey), message, cases[2]!.signature)).toBe(false);
	});

	test('RFC 4055 §1.2, §3.3: a key for PSS keeps to what its parameters say; without any, to PSS', async () => {
		const pkcs1 = { scheme: 'rsa-pkcs1', hash: 'SHA-384' } as const;
		const sha512 = { scheme: 'rsa-pss', hash: 'SHA-512', mgfHash: 'SHA-512', saltLength: 64 } as const;
		const verdicts = (spki: Uint8Array) => Promise.all([p.verify(pssAlgorithm, spki, message, pssOf('sha256', 32)), p.verify({ ...pssAlgorithm, saltLength: 20 }, spki, message, pssOf('sha256', 20)), p.verify(sha512, spki, message, pssOf('sha512', 64)), p.verify(pkcs1, spki, message, cases[0]!.signature)]);
		expect(await verdicts(spkiOf(rsaPair.publicKey))).toEqual([true, true, true, true]);
		expect(await verdicts(under(oid.rsassaPss))).toEqual([true, true, true, false]);
		expect(await verdicts(limited)).toEqual([true, false, false, false]);
		expect(await verdicts(under('1.2.3'))).toEqual([false, false, false, false]);
	});

	test('RFC 5280 §4.1: a SubjectPublicKeyInfo with a field too many is none', async () => {
		const { algorithm, spki, signature } = cases[0]!;
		expect(await p.verify(algorithm, write.sequence(...read(spki).children.map((c) => c.raw), write.nul()), message, signature)).toBe(false);
	});

	test('a PSS mask hash this adapter cannot do is said, not judged', async () => {
		await expect(p.verify({ ...pssAlgorithm, mgfHash: 'SHA-1' }, cases[1]!.spki, message, cases[1]!.signature)).rejects.toMatchObject({
			code: 'unsupported',
			reason: 'pss-hashes'
		});
	});

	test('NIST SP 800-38A F.2.1, F.2.2: AES-128-CBC without padding; a part of a block is malformed', () => {
		const key = fromHex('2b7e151628aed2a6abf7158809cf4f3c');
		const iv = fromHex('000102030405060708090a0b0c0d0e0f');
		expect(hex(p.aesCbcDecrypt(key, iv, fromHex('7649abac8119b246cee98e9b12e9197d')))).toBe('6bc1bee22e409f96e93d7e117393172a');
		expect(hex(p.aesCbcEncrypt(key, iv, fromHex('6bc1bee22e409f96e93d7e117393172a')))).toBe('7649abac8119b246cee98e9b12e9197d');
		for (const act of [p.aesCbcDecrypt, p.aesCbcEncrypt]) expect(() => act(key, iv, new Uint8Array(17))).toThrow(expect.objectContaining({ code: 'malformed', reason: 'cbc-length' }));
	});
});

test('in a browser: what WebCrypto and @noble cannot do is said, not judged', async () => {
	const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
	await expect(webPrimitives.verify({ scheme: 'ecdsa', hash: 'SHA-256' }, spkiOf(publicKey), message, sign('sha256', message, privateKey))).rejects.toMatchObject({ code: 'unsupported', reason: 'curve' });
	const sha3 = { scheme: 'rsa-pss', hash: 'SHA3-256', mgfHash: 'SHA3-256', saltLength: 32 } as const;
	await expect(webPrimitives.verify(sha3, spkiOf(rsaPair.publicKey), message, pssOf('sha3-256', 32))).rejects.toMatchObject({ code: 'unsupported', reason: 'pss-hashes' });
});

test('in a browser: RFC 4055 §3.3: hashes other than a key’s parameters say are refused before it is asked whether they can be done', async () => {
	for (const other of [{ hash: 'SHA-512' }, { mgfHash: 'SHA-512' }] as const) expect(await webPrimitives.verify({ ...pssAlgorithm, ...other }, limited, message, pssOf('sha256', 32))).toBe(false);
});

test('in a browser: a key of small order, under which one signature fits every message, verifies nothing', async () => {
	for (const [scheme, size] of [['ed25519', 32], ['ed448', 57]] as const) {
		const neutral = Uint8Array.from({ length: size }, (_, i) => (i ? 0 : 1)); // RFC 8032 §5.1.2, §5.2.2: x = 0, y = 1
		const spki = write.sequence(write.sequence(write.oid(oid[scheme])), write.bitString(neutral));
		expect(await webPrimitives.verify({ scheme }, spki, message, concat(neutral, new Uint8Array(size))), scheme).toBe(false);
	}
});
