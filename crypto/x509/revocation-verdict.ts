// What the answers about one certificate come to at a time (EN 319 102-1 §5.2.5, §5.2.6): revoked wins, and what nobody says is unknown.

import type { Certificate } from './certificate.ts';
import { allReasons } from './crl-scope.ts';
import type { CertStatus } from './ocsp.ts';

/** One answer about a certificate, by somebody entitled to give it. Times in milliseconds since 1970. */
export interface Answer {
	readonly status: CertStatus;
	readonly thisUpdate: number;
	readonly nextUpdate: number | null;
	/** Bits of ReasonFlags for which it answers. */
	readonly reasons: number;
	/** Certificates that ended since then are still answered for; null: not said. */
	readonly archiveCutoff: number | null;
	/** When it is proven to exist, and until when its signer could be relied on. */
	readonly since: number;
	readonly until: number;
}

export interface RevocationVerdict {
	/** `unknown`: no usable answer; `detail` says about which certificate. */
	readonly status: 'good' | 'revoked' | 'unknown';
	readonly detail: string;
	/** CRLReason, when revoked and one was given. */
	readonly reason?: number | null;
	/** The first known revocation, milliseconds since 1970: also one after the time asked for, with status `good`. */
	readonly revokedAt: number | null;
}

/** CRLReason certificateHold, and its bit in ReasonFlags: it may be lifted (RFC 5280 §5.3.1), by an answer for that reason. */
const certificateHold = 6;

const iso = (at: number) => new Date(at).toISOString();

/** Why an answer does not show that the certificate was good at a time; null: it does, or says that it was revoked later. */
function doubt({ status, thisUpdate, nextUpdate, archiveCutoff, since, until }: Answer, certificate: Certificate, at: number): string | null {
	const the = `the answer of ${iso(thisUpdate)}`;
	if (Math.max(thisUpdate, nextUpdate ?? thisUpdate) < at) return `${the} is too old`;
	// An issuer may forget a certificate that has ended (RFC 5280 §3.3, RFC 6960 §4.4.4).
	if (status.status === 'good' && thisUpdate > certificate.notAfter && (archiveCutoff ?? Infinity) > certificate.notAfter) return `${the} comes after the end of the certificate, which it need not know any more`;
	if (since > until) return `nothing proves that ${the} existed before ${iso(until)}, when its signer could last be relied on`;
	return null;
}

/**
 * @param at the time the status must hold for, milliseconds: an answer must be of then or later, or say that it holds until then; a revocation after it does not count
 * @param why said when no answer counts
 */
export function weigh(answers: readonly Answer[], certificate: Certificate, at: number, why: string): RevocationVerdict {
	const revoked: { at: number; reason: number | null }[] = [];
	const held: { at: number; said: number }[] = [];
	let covered = 0;
	let lifted = -Infinity;
	for (const answer of answers) {
		const { status, thisUpdate } = answer;
		if (status.status === 'unknown') {
			why = 'the responder does not know it';
			continue;
		}
		if (status.status === 'revoked' && status.reason === certificateHold) held.push({ at: status.at, said: thisUpdate });
		else if (status.status === 'revoked') revoked.push(status);
		const problem = doubt(answer, certificate, at);
		if (problem) why = problem;
		else covered |= answer.reasons;
		if (!problem && status.status === 'good' && answer.reasons & (1 << certificateHold)) lifted = Math.max(lifted, thisUpdate);
	}
	const hold = held.filter((h) => h.said >= lifted).sort((a, b) => a.at - b.at)[0];
	const [first] = revoked.sort((a, b) => a.at - b.at);
	const revokedAt = first || hold ? Math.min(first?.at ?? Infinity, hold?.at ?? Infinity) : null;
	if (first && first.at <= at) return { status: 'revoked', detail: `revoked at ${iso(first.at)}`, revokedAt, reason: first.reason };
	if (hold && hold.at <= at) return { status: 'unknown', detail: `on hold since ${iso(hold.at)}`, revokedAt };
	if (covered === allReasons) return { status: 'good', detail: '', revokedAt };
	return { status: 'unknown', detail: covered ? 'answers for some reasons of revocation only' : why, revokedAt };
}
