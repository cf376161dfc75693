// The time a token proves, as checks of a report: a signature-time-stamp's, or a document time-stamp's.

import { verifyToken, type TokenCheckName, type TokenInput } from '../tsp/token.ts';
import { summary } from '../x509/certificate.ts';
import { revocationStatus } from '../x509/revocation.ts';
import type { Check, CheckName, SubIndication, TimestampSummary } from './report.ts';
import { answer, type Judging } from './judging.ts';

/** How each question to a token is named and counted in a report. */
const names: Record<TokenCheckName, { name: CheckName; sub: SubIndication }> = {
	format: { name: 'timestamp-format', sub: 'FORMAT_FAILURE' },
	imprint: { name: 'timestamp-imprint', sub: 'HASH_FAILURE' },
	nonce: { name: 'timestamp-format', sub: 'FORMAT_FAILURE' },
	policy: { name: 'timestamp-format', sub: 'FORMAT_FAILURE' },
	'signing-certificate': { name: 'timestamp-signature', sub: 'NO_SIGNING_CERTIFICATE_FOUND' },
	signature: { name: 'timestamp-signature', sub: 'SIG_CRYPTO_FAILURE' },
	chain: { name: 'timestamp-chain', sub: 'NO_CERTIFICATE_CHAIN_FOUND' },
	algorithms: { name: 'timestamp-signature', sub: 'CRYPTO_CONSTRAINTS_FAILURE' }
};

export interface StampVerdict {
	readonly checks: readonly Check[];
	readonly summary: TimestampSummary | null;
}

/** The checks of a token over `over`; a missing one is told, not failed: the time is then only claimed. */
export async function judgeToken(judging: Judging, token: Uint8Array | null, over: TokenInput['for']): Promise<StampVerdict> {
	if (!token) return { checks: [{ name: 'timestamp-present', clause: 'EN 319 142-1 §5.3', outcome: 'not-checked', detail: 'no signature-time-stamp: the time is only claimed' }], summary: null };
	const verdict = await verifyToken(judging.primitives, token, { for: over, anchors: judging.timestampAnchors, intermediates: judging.intermediates });
	const checks: Check[] = [{ name: 'timestamp-present', clause: 'EN 319 142-1 §5.3', outcome: 'passed' }];
	for (const c of verdict.checks) {
		const { name, sub } = names[c.name];
		const failed = c.outcome === 'failed';
		checks.push(answer(name, c.clause, c.outcome === 'passed' ? null : (c.detail ?? c.name), sub, failed ? 'TOTAL-FAILED' : 'INDETERMINATE'));
	}
	const info = verdict.tstInfo;
	if (!info) return { checks, summary: null };
	let proven = verdict.proven;
	if (proven) {
		const revoked = await revocationStatus(judging.primitives, verdict.path, judging.revocation, info.genTime);
		proven = revoked.status !== 'revoked';
		checks.push(answer('timestamp-revocation', 'EN 319 102-1 §5.4', revoked.status === 'good' ? null : revoked.detail, revoked.status === 'revoked' ? 'REVOKED' : 'TRY_LATER', 'INDETERMINATE'));
	}
	checks.push(answer('timestamp-order', 'EN 319 102-1 §5.5.4', info.genTime > judging.at + (info.accuracy ?? 0) + 60_000 ? 'the token is of later than the time validated for' : null, 'TIMESTAMP_ORDER_FAILURE', 'INDETERMINATE'));
	return { checks, summary: { time: new Date(info.genTime).toISOString(), tsa: verdict.tsa && summary(judging.primitives, verdict.tsa), policy: info.policy, proven } };
}
