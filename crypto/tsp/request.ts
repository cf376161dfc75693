// TimeStampReq (RFC 3161 §2.4.1).

import { boolean, integer, octetString, oid, sequence } from '../asn1/write.ts';
import { context, Fields, octetString as octets, read, tag } from '../asn1/der.ts';
import * as value from '../asn1/values.ts';
import type { Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { HashName } from '../primitives.ts';
import { readHash, writeHash } from '../x509/algorithm.ts';
import { readExtensions } from '../x509/extensions.ts';

export interface TimeStampReq {
	readonly hash: HashName;
	/** Digest of the data under `hash`. */
	readonly imprint: Uint8Array;
	/** Non-negative; at least 64 random bits in ours. Null: none. */
	readonly nonce: bigint | null;
	/** Policy asked for, dotted; null: the authority's choice. */
	readonly policy: string | null;
	readonly certReq: boolean;
}

/** MessageImprint of §2.4.1. */
export const writeImprint = (hash: HashName, imprint: Uint8Array): Bytes => sequence(writeHash(hash), octetString(imprint));

export function writeRequest(request: TimeStampReq): Bytes {
	return sequence(
		integer(1),
		writeImprint(request.hash, request.imprint),
		...(request.policy ? [oid(request.policy)] : []),
		...(request.nonce === null ? [] : [integer(request.nonce)]),
		...(request.certReq ? [boolean(true)] : [])
	);
}

/**
 * Throws CryptoError `malformed`, or `unsupported`: `tsp-version`, `hash-algorithm` of a hash we do not know, or `tsp-extension`: none is known here,
 * and one that is not known is refused, critical or not (§2.4.1).
 */
export function readRequest(bytes: Uint8Array): TimeStampReq {
	const f = new Fields(read(bytes), tag.sequence, 'TimeStampReq');
	if (value.integer(f.next(tag.integer)) !== 1n) throw new CryptoError('unsupported', 'tsp-version', 'version 1 expected');
	const m = new Fields(f.next(tag.sequence), tag.sequence, 'MessageImprint');
	const hash = readHash(m.next(tag.sequence));
	const imprint = octets(m.next(tag.octetString));
	m.end();
	const policy = f.optional(tag.oid);
	const nonce = f.optional(tag.integer);
	const certReq = f.optional(tag.boolean);
	const [extension] = readExtensions(f.optional(context(0)));
	f.end();
	if (extension) throw new CryptoError('unsupported', 'tsp-extension', `extension ${extension.id}`);
	return { hash, imprint, policy: policy && value.oid(policy), nonce: nonce && value.integer(nonce), certReq: certReq !== null && value.boolean(certReq) };
}

/** A nonce from random bytes: positive, never short of its first bit. */
export const nonceOf = (random: Uint8Array): bigint => random.reduce((n, byte) => (n << 8n) | BigInt(byte), 1n);
