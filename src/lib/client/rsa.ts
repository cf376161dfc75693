// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2) under a hash that WebCrypto does not know with RSA: nothing in it is secret.

import { Field } from '@noble/curves/abstract/modular.js';
import { concat, equal } from '#crypto/bytes.ts';
import { Fields, read, tag } from '#crypto/asn1/der.ts';
import * as value from '#crypto/asn1/values.ts';
import * as write from '#crypto/asn1/write.ts';
import type { HashName } from '#crypto/primitives.ts';
import { hashOid } from '#crypto/x509/algorithm.ts';

/** Octets of the modulus of a DER RSAPublicKey, which a signature under it must have (RFC 8017 §8.1.2, §8.2.2). */
export const modulusOctets = (key: Uint8Array): number => Math.ceil(value.integer(new Fields(read(key), tag.sequence, 'RSAPublicKey').next(tag.integer)).toString(16).length / 2);

/**
 * True when `signature` is that of a message with this digest, under `key` (DER RSAPublicKey, RFC 8017 §A.1.1); throws on a key or a signature that is not one.
 * A modulus of more than 16,384 bits or an exponent of more than 64 is no one's, and would hold the page up.
 */
export function verifyPkcs1(hash: HashName, digest: Uint8Array, key: Uint8Array, signature: Uint8Array): boolean {
	const f = new Fields(read(key), tag.sequence, 'RSAPublicKey');
	const modulus = Field(value.integer(f.next(tag.integer)));
	const exponent = value.integer(f.next(tag.integer));
	f.end();
	if (exponent >> 64n) return false;
	const info = write.sequence(write.sequence(write.oid(hashOid(hash)), write.nul()), write.octetString(digest));
	const encoded = concat(Uint8Array.of(0, 1), new Uint8Array(modulus.BYTES - info.length - 3).fill(0xff), Uint8Array.of(0), info);
	return equal(encoded, modulus.toBytes(modulus.pow(modulus.fromBytes(signature), exponent)));
}
