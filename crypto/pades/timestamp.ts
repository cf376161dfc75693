// The time a token proves, as checks of a report: a signature-time-stamp's, or a document time-stamp's.

import { verifyToken, type TokenCheckName, type TokenInput } from '../tsp/token.ts';
import { summary, type Certificate } from '../x509/certificate.ts';
import { compromised, revocationStatus } from '../x509/revocation.ts';
import type { Check, CheckName, SubIndication, TimestampSummary } from './report.ts';
import { answer, certificateSince, notChecked, provenSince, revocationData, type Proving } from './judging.ts';

/** How each question to a token is named and counted in a report. */
const names: Record<TokenCheckName, { name: CheckName; sub: SubIndication }> = {
	format: { name: 'timestamp-format', sub: 'FORMAT_FAILURE' },
	imprint: { name: 'timestamp-imprint', sub: 'HASH_FAILURE' },
	nonce: { name: 'timestamp-format', sub: 'FORMAT_FAILURE' },
	policy: { name: 'timestamp-format', sub: 'FORMAT_FAILURE' },
	'signing-certificate': { name: 'timestamp-signature', sub: 'NO_SIGNING_CERTIFICATE_FOUND' },
	signature: { name: 'timestamp-signature', sub: 'SIG_CRYPTO_FAILURE' },
	chain: { name: 'timestamp-chain', sub: 'NO_CERTIFICATE_CHAIN_FOUND' },
	algorithms: { name: 'timestamp-algorithms', sub: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE' }
};

export interface StampVerdict {
	readonly checks: readonly Check[];
	readonly summary: TimestampSummary | null;
	/** Leaf to anchor; empty when there is none. */
	readonly path: readonly Certificate[];
}

/** How old what is known of an authority may be when a later time-stamp carries its token on, milliseconds (EN 319 102-1 §5.2.5 leaves it to the policy). */
const maximumAge = 31 * 86_400_000;

/**
 * The time for which an authority's status must be known: that of its token; where a later time-stamp shows that the token existed, then, less an age.
 * Whoever got hold of its key between the two could have made the token, and brought what was said before (§5.6.2.2 slides its control time back to that).
 */
const statusTime = (genTime: number, existed: number, at: number): number => (existed < at ? Math.max(genTime, existed - maximumAge) : genTime);

/**
 * The checks of a token over `over` (EN 319 102-1 §5.4, §5.6); a missing one is told, not failed: the time is then only claimed.
 * @param provenBy a document time-stamp over this revision proves that the token existed: what ended after that does not touch it
 */
export async function judgeToken(judging: Proving, token: Uint8Array | null, over: TokenInput['for'], provenBy: number, limit: Pick<TokenInput, 'maximum'> = {}): Promise<StampVerdict> {
	if (!token) return { checks: [notChecked('timestamp-present', 'EN 319 142-1 §5.3', 'no signature-time-stamp: the time is only claimed')], summary: null, path: [] };
	const existed = provenSince(judging, provenBy);
	const held = { existed, certificateExisted: (c: Certificate) => certificateSince(judging, c) };
	const verdict = await verifyToken(judging.primitives, token, { for: over, anchors: judging.timestampAnchors, intermediates: judging.intermediates, ...held, ...limit });
	const checks: Check[] = [{ name: 'timestamp-present', clause: 'EN 319 142-1 §5.3', outcome: 'passed' }];
	for (const c of verdict.checks) {
		const { name, sub } = names[c.name];
		const failed = c.outcome === 'failed';
		checks.push(answer(name, c.clause, c.outcome === 'passed' ? null : (c.detail ?? c.name), sub, failed ? 'TOTAL-FAILED' : 'INDETERMINATE'));
	}
	const info = verdict.tstInfo;
	if (!info) return { checks, summary: null, path: [] };
	let proven = verdict.proven;
	const ended = verdict.path.slice(0, Math.max(1, verdict.path.length - 1)).find((c) => c.notAfter < existed);
	if (proven && ended) {
		// Without a proof that it existed before, the token of an ended certificate proves no time any more.
		proven = false;
		checks.push(answer('timestamp-chain', 'EN 319 102-1 §5.5.4', `expired on ${new Date(ended.notAfter).toISOString()}, and nothing proves that the token existed before`, 'OUT_OF_BOUNDS_NO_POE', 'INDETERMINATE'));
	}
	if (proven) {
		const revoked = await revocationStatus(judging.primitives, verdict.path, revocationData(judging), statusTime(info.genTime, existed, judging.at));
		const since = await compromised(judging.primitives, verdict.path, revocationData(judging), existed);
		proven = revoked.status !== 'revoked' && since === null;
		const problem = since ?? (revoked.status === 'good' ? null : revoked.detail);
		if (proven && problem !== null && judging.timestampAnchors === 'embedded') checks.push(notChecked('timestamp-revocation', 'EN 319 102-1 §5.4, RFC 3161 §4', `${problem}; identity is not judged`));
		else checks.push(answer('timestamp-revocation', 'EN 319 102-1 §5.4, RFC 3161 §4', problem, proven ? 'TRY_LATER' : 'REVOKED_NO_POE', 'INDETERMINATE'));
	}
	const late = info.genTime > existed + (info.accuracy ?? 0) + 60_000;
	if (late) proven = false;
	checks.push(answer('timestamp-order', 'EN 319 102-1 §5.5.4', late ? `it states a time after ${new Date(existed).toISOString()}, when it was there already` : null, 'TIMESTAMP_ORDER_FAILURE', 'INDETERMINATE'));
	return { checks, summary: { time: new Date(info.genTime).toISOString(), tsa: verdict.tsa && summary(judging.primitives, verdict.tsa), policy: info.policy, proven }, path: verdict.path };
}
