// How long algorithms and key sizes were relied on: dates of ETSI TS 102 176-1 and TS 119 312, as EU DSS's default policy gathers them.
// Only ends that are past are applied: those to come (SHA-2, RSA of 2048 bits, P-256) have been moved by every edition so far.

import { bitString, Fields, read, tag } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import type { HashName, SignatureAlgorithm } from '../primitives.ts';

/** When something stopped being relied on. */
export interface End {
	readonly what: string;
	/** Milliseconds since 1970. */
	readonly at: number;
}

const year = (n: number): number => Date.UTC(n, 0, 1);

/** TS 102 176-1 V2.1.1 (MD5), V2.0.0 (SHA-1). */
const hashes: Partial<Record<HashName, number>> = { MD5: year(2005), 'SHA-1': year(2009) };

/** Keys below so many bits: TS 102 176-1 V2.0.0 (1536), TS 119 312 V1.1.1 (1900), V1.3.1 (2048). Below 1024 bits: never. */
const rsa: readonly (readonly [bits: number, end: number])[] = [[1024, -Infinity], [1536, year(2009)], [1900, year(2016)], [2048, year(2023)]];
/** TS 102 176-1 V2.1.1 (224), TS 119 312 V1.1.1 (256). */
const ec: readonly (readonly [bits: number, end: number])[] = [[160, -Infinity], [224, year(2013)], [256, year(2016)]];

/** Kind and size of a public key (DER SubjectPublicKeyInfo). RSA: bits of the modulus; elliptic curves: of a coordinate, in whole octets. */
export function keySize(spki: Uint8Array): { readonly kind: 'rsa' | 'ec' | 'other'; readonly bits: number } {
	const f = new Fields(read(spki), tag.sequence, 'SubjectPublicKeyInfo');
	const algorithm = value.oid(new Fields(f.next(tag.sequence), tag.sequence, 'AlgorithmIdentifier').next(tag.oid));
	const bytes = bitString(f.next(tag.bitString));
	if (algorithm === oid.rsaEncryption || algorithm === oid.rsassaPss) return { kind: 'rsa', bits: value.integer(new Fields(read(bytes), tag.sequence, 'RSAPublicKey').next(tag.integer)).toString(2).length };
	if (algorithm === oid.ecPublicKey) return { kind: 'ec', bits: (bytes.length - 1) * (bytes[0] === 4 ? 4 : 8) };
	return { kind: 'other', bits: bytes.length * 8 };
}

/** When a hash stopped being relied on; null: it is. */
export function hashEnd(hash: HashName): End | null {
	const at = hashes[hash];
	return at === undefined ? null : { what: hash, at };
}

/** When a signature scheme under a key stopped being relied on: the earlier of its hash's end and its key's; null: it is. Throws CryptoError on a key that cannot be read. */
export function signatureEnd(algorithm: SignatureAlgorithm, spki: Uint8Array): End | null {
	const { kind, bits } = keySize(spki);
	const row = (kind === 'rsa' ? rsa : kind === 'ec' ? ec : []).find(([below]) => bits < below);
	const key = row ? { what: `${kind === 'rsa' ? 'RSA' : 'elliptic curve'} of ${bits} bits`, at: row[1] } : null;
	const hash = 'hash' in algorithm ? hashEnd(algorithm.hash) : null;
	return !hash || (key && key.at <= hash.at) ? key : hash;
}
