// The signer's chain at the time that is proven, or at the time validated for when none is (EN 319 102-1 §5.2.3–5.2.6, §5.5).

import type { Certificate } from '../x509/certificate.ts';
import { buildPath, type PathProblem } from '../x509/path.ts';
import { revocationStatus } from '../x509/revocation.ts';
import type { Check, CheckName, SubIndication } from './report.ts';
import { answer, certificateSince, notChecked, revocationData, type Judging } from './judging.ts';

const counted: Record<PathProblem, { name: CheckName; sub: SubIndication; provenSub?: SubIndication }> = {
	'no-path': { name: 'certificate-chain', sub: 'NO_CERTIFICATE_CHAIN_FOUND' },
	signature: { name: 'certificate-chain', sub: 'CERTIFICATE_CHAIN_GENERAL_FAILURE' },
	'not-a-ca': { name: 'certificate-chain', sub: 'CHAIN_CONSTRAINTS_FAILURE' },
	'path-length': { name: 'certificate-chain', sub: 'CHAIN_CONSTRAINTS_FAILURE' },
	'critical-extension': { name: 'certificate-chain', sub: 'CHAIN_CONSTRAINTS_FAILURE' },
	'name-constraint': { name: 'certificate-chain', sub: 'CHAIN_CONSTRAINTS_FAILURE' },
	policy: { name: 'certificate-chain', sub: 'CHAIN_CONSTRAINTS_FAILURE' },
	'weak-algorithm': { name: 'certificate-chain', sub: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE' },
	'key-usage': { name: 'certificate-usage', sub: 'CHAIN_CONSTRAINTS_FAILURE' },
	'extended-key-usage': { name: 'certificate-usage', sub: 'CHAIN_CONSTRAINTS_FAILURE' },
	'not-yet-valid': { name: 'certificate-time', sub: 'NOT_YET_VALID' },
	expired: { name: 'certificate-time', sub: 'OUT_OF_BOUNDS_NO_POE', provenSub: 'EXPIRED' }
};

const clauses: Partial<Record<CheckName, string>> = {
	'certificate-chain': 'RFC 5280 §6, EN 319 102-1 §5.2.6',
	'certificate-usage': 'RFC 5280 §4.2.1.3, §4.2.1.12',
	'certificate-time': 'RFC 5280 §4.1.2.5, EN 319 102-1 §5.2.6'
};

/** @param proven the proven signing time in milliseconds, or null */
export async function judgeChain(judging: Judging, signer: Certificate, bag: readonly Certificate[], proven: number | null): Promise<{ checks: readonly Check[]; path: readonly Certificate[] }> {
	const at = proven ?? judging.at;
	const path = await buildPath(judging.primitives, { leaf: signer, intermediates: [...bag, ...judging.intermediates], anchors: judging.anchors, at, existed: (c) => certificateSince(judging, c), purpose: 'sign' });
	const checks = (['certificate-chain', 'certificate-usage', 'certificate-time'] as const).map((name): Check => {
		const problems = path.problems.filter((p) => counted[p.problem].name === name);
		const [first] = problems;
		if (!first) return { name, clause: clauses[name]!, outcome: 'passed' };
		const { sub, provenSub } = counted[first.problem];
		return answer(name, clauses[name]!, problems.map((p) => `${p.problem}: ${p.detail}`).join('; '), proven !== null && provenSub ? provenSub : sub, 'INDETERMINATE');
	});
	if (path.certificates.length < 2) return { checks: [...checks, notChecked('revocation', 'EN 319 102-1 §5.2.5', 'no chain to ask about')], path: [] };
	const revoked = await revocationStatus(judging.primitives, path.certificates, revocationData(judging), at);
	if (revoked.status === 'revoked') {
		// Revoked before a proven time: failed. Without a proven time the signature may be older: unknown.
		const check = proven !== null ? answer('revocation', 'EN 319 102-1 §5.2.6', revoked.detail, 'REVOKED') : answer('revocation', 'EN 319 102-1 §5.5.2', revoked.detail, 'REVOKED_NO_POE', 'INDETERMINATE');
		return { checks: [...checks, check], path: path.certificates };
	}
	const check = revoked.status === 'unknown' && judging.anchors === 'embedded' ? notChecked('revocation', 'EN 319 102-1 §5.2.5', `${revoked.detail}; identity is not judged`) : answer('revocation', 'EN 319 102-1 §5.2.5', revoked.status === 'good' ? null : revoked.detail, 'TRY_LATER', 'INDETERMINATE');
	return { checks: [...checks, check], path: path.certificates };
}
