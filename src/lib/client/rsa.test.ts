// What primitives.test.ts cannot ask of both adapters: keys that OpenSSL limits otherwise.

import { constants, generateKeyPairSync, privateEncrypt, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import * as write from '#crypto/asn1/write.ts';
import { utf8 } from '#crypto/bytes.ts';
import { digest } from '#crypto/primitives.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { verifyPkcs1 } from './rsa.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const { n, p, q, e } = Object.fromEntries(Object.entries(privateKey.export({ format: 'jwk' })).map(([name, value]) => [name, BigInt(`0x${Buffer.from(String(value), 'base64url').toString('hex')}`)])) as Record<'n' | 'p' | 'q' | 'e', bigint>;
const hash = 'SHA3-256';
const value = digest(nodePrimitives, hash, utf8('what is signed'));
const signature = sign('sha3-256', utf8('what is signed'), privateKey);
const key = (...numbers: readonly bigint[]) => write.sequence(...numbers.map((number) => write.integer(number)));

test('SIGN-15 RFC 8017 §A.1.1 a key is a modulus and an exponent, and nothing more', () => {
	expect(key(n, e)).toEqual(new Uint8Array(publicKey.export({ format: 'der', type: 'pkcs1' })));
	expect(verifyPkcs1(hash, value, key(n, e), signature)).toBe(true);
	expect(() => verifyPkcs1(hash, value, key(n, e, 1n), signature)).toThrow('RSAPublicKey: a field too many');
	expect(() => verifyPkcs1(hash, value, key(n), signature)).toThrow('RSAPublicKey: a field is missing');
});

test('SIGN-15 an exponent of more than 64 bits is refused, though the signature is right under it', () => {
	// Of the same residue as the real one modulo the order of every element: raised to it, all comes out alike.
	const longer = e + (p - 1n) * (q - 1n);
	expect(verifyPkcs1(hash, value, key(n, longer), signature)).toBe(false);
});

test('SIGN-15 RFC 8017 §9.2 padding of the wrong length or of other bytes is no encoded message', () => {
	const info = write.sequence(write.sequence(write.oid('2.16.840.1.101.3.4.2.8'), write.nul()), write.octetString(value));
	const judged = (encoded: Uint8Array) => verifyPkcs1(hash, value, key(n, e), privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded));
	const room = 128 - info.length - 3;
	const filled = (length: number, byte = 0xff) => Uint8Array.from([0, 1, ...Array.from({ length }, () => byte), 0, ...info, ...Array.from({ length: room - length }, () => 0)]);
	expect([judged(filled(room)), judged(filled(8)), judged(filled(room, 0xfe))]).toEqual([true, false, false]);
});
