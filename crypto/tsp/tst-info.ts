// TSTInfo (RFC 3161 §2.4.2): what a timestamp authority signs.

import { context, Fields, octetString, read, tag, type Node } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import * as write from '../asn1/write.ts';
import type { Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { HashName } from '../primitives.ts';
import { readHash } from '../x509/algorithm.ts';
import { understoodExtensions } from '../x509/extensions.ts';
import { writeImprint } from './request.ts';

export interface TstInfo {
	readonly policy: string;
	readonly hash: HashName;
	readonly imprint: Uint8Array;
	readonly serialNumber: bigint;
	/** Milliseconds since 1970. */
	readonly genTime: number;
	/** Milliseconds; null when not stated. */
	readonly accuracy: number | null;
	readonly ordering: boolean;
	readonly nonce: bigint | null;
}

export function writeTstInfo(t: TstInfo): Bytes {
	const accuracy = t.accuracy === null ? [] : [write.sequence(write.integer(Math.floor(t.accuracy / 1000)), ...(t.accuracy % 1000 ? [write.integer(t.accuracy % 1000, context(0, false))] : []))];
	return write.sequence(
		write.integer(1),
		write.oid(t.policy),
		writeImprint(t.hash, t.imprint),
		write.integer(t.serialNumber),
		write.generalizedTime(t.genTime),
		...accuracy,
		...(t.ordering ? [write.boolean(true)] : []),
		...(t.nonce === null ? [] : [write.integer(t.nonce)])
	);
}

export function readTstInfo(bytes: Uint8Array): TstInfo {
	const f = new Fields(read(bytes), tag.sequence, 'TSTInfo');
	if (value.integer(f.next(tag.integer)) !== 1n) throw new CryptoError('malformed', 'tst-info', 'version');
	const policy = value.oid(f.next(tag.oid));
	const m = new Fields(f.next(tag.sequence), tag.sequence, 'MessageImprint');
	const hash = readHash(m.next(tag.sequence));
	const imprint = octetString(m.next(tag.octetString));
	m.end();
	const serialNumber = value.integer(f.next(tag.integer));
	const genTime = value.time(f.next(tag.generalizedTime));
	const accuracy = f.optional(tag.sequence);
	const ordering = f.optional(tag.boolean);
	const nonce = f.optional(tag.integer);
	f.optional(context(0));
	understoodExtensions(f.optional(context(1)), [oid.qcStatements], 'tst-extension'); // EN 319 422 §9.1: the qualified ones say so
	f.end();
	return {
		policy,
		hash,
		imprint,
		serialNumber,
		genTime,
		accuracy: accuracy && readAccuracy(accuracy),
		ordering: ordering !== null && value.boolean(ordering),
		nonce: nonce && value.integer(nonce)
	};
}

/** Accuracy in milliseconds, microseconds rounded up. */
function readAccuracy(node: Node): number {
	const f = new Fields(node, tag.sequence, 'Accuracy');
	const seconds = f.optional(tag.integer);
	const millis = f.optional(context(0, false));
	const micros = f.optional(context(1, false));
	f.end();
	const of = (n: Node | null, as: number) => (n ? value.smallInteger(n, as) : 0);
	return of(seconds, tag.integer) * 1000 + of(millis, context(0, false)) + Math.ceil(of(micros, context(1, false)) / 1000);
}
