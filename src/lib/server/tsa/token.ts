// A token asked of an authority and verified against the request it answers (RFC 3161 §2.4.2); nothing unverified is ever returned.

import { CryptoError } from '#crypto/errors.ts';
import type { HashName, Primitives, Sealing } from '#crypto/primitives.ts';
import { nonceOf, writeRequest, type TimeStampReq } from '#crypto/tsp/request.ts';
import { readResponse } from '#crypto/tsp/response.ts';
import { verifyToken, type TokenVerdict } from '#crypto/tsp/token.ts';
import type { Anchors } from '#crypto/x509/embedded.ts';
import type { TimestampAuthority } from './authority.ts';

/** The authority answered, but not what can be kept: its words, or the checks that failed. Retried like unavailability, and told apart from it. */
export class TimestampRefused extends Error {
	override name = 'TimestampRefused';
}

/** A verified token over a digest, SHA-256 unless told, DER, and what was found of it. Throws TimestampUnavailable or TimestampRefused. */
export async function verifiedToken(primitives: Primitives & Sealing, tsa: Pick<TimestampAuthority, 'request' | 'policy'>, imprint: Uint8Array, anchors: Anchors, hash: HashName = 'SHA-256'): Promise<{ token: Uint8Array; verdict: TokenVerdict }> {
	const request: TimeStampReq = { hash, imprint, nonce: nonceOf(primitives.random(16)), policy: tsa.policy, certReq: true };
	const response = await tsa.request(writeRequest(request));
	let token: Uint8Array;
	try {
		token = readResponse(response);
	} catch (cause) {
		if (!(cause instanceof CryptoError)) throw cause;
		throw new TimestampRefused(cause.message, { cause });
	}
	const verdict = await verifyToken(primitives, token, { for: { request }, anchors });
	if (!verdict.proven) throw new TimestampRefused(verdict.checks.filter((c) => c.outcome !== 'passed').map((c) => `${c.name}: ${c.detail ?? c.outcome}`).join('; '));
	return { token, verdict };
}
