// The validation report of EN 319 102-1: types, and the one rule that folds checks into an indication.
// Plain sentences for people are in sentences.ts.

/** EN 319 102-1 §5.1.3. Unknown is INDETERMINATE, never passed. */
export type Indication = 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE';

/** EN 319 102-1 table 4 (those this validator can reach). */
export const subIndications = [
	'FORMAT_FAILURE',
	'HASH_FAILURE',
	'SIG_CRYPTO_FAILURE',
	'REVOKED',
	'SIG_CONSTRAINTS_FAILURE',
	'CHAIN_CONSTRAINTS_FAILURE',
	'CERTIFICATE_CHAIN_GENERAL_FAILURE',
	'CRYPTO_CONSTRAINTS_FAILURE',
	'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
	'EXPIRED',
	'NOT_YET_VALID',
	'TIMESTAMP_ORDER_FAILURE',
	'NO_SIGNING_CERTIFICATE_FOUND',
	'NO_CERTIFICATE_CHAIN_FOUND',
	'REVOKED_NO_POE',
	'OUT_OF_BOUNDS_NO_POE',
	'TRY_LATER',
	'SIGNED_DATA_NOT_FOUND'
] as const;
export type SubIndication = (typeof subIndications)[number];

/** Every question asked of a file, a signature or a time-stamp. The word is stable: screens translate it, mutations name it. */
export const checkNames = [
	// of the file
	'pdf-readable',
	'not-encrypted',
	'signature-present',
	'structure-strict',
	'field-names-unique',
	'no-uncovered-bytes',
	// of a signature dictionary
	'signature-dictionary',
	'subfilter',
	'byte-range',
	'contents-padding',
	'coverage',
	'later-changes',
	'no-hidden-objects',
	// of its CMS
	'cms-format',
	'content-type',
	'message-digest',
	'signing-certificate',
	'signature-value',
	'signed-attributes',
	'algorithms',
	'algorithm-lifetimes',
	// of its chain
	'certificate-chain',
	'certificate-usage',
	'certificate-time',
	'revocation',
	// of its signature-time-stamp, or of a document time-stamp
	'timestamp-present',
	'timestamp-format',
	'timestamp-imprint',
	'timestamp-signature',
	'timestamp-algorithms',
	'timestamp-chain',
	'timestamp-revocation',
	'timestamp-order'
] as const;
export type CheckName = (typeof checkNames)[number];

/** `not-checked`: nothing to check it with, or an earlier check took away what it needs; the reason is in `detail`. */
export type Outcome = 'passed' | 'failed' | 'indeterminate' | 'not-checked';

/** One answer: what was asked, where the standard asks it, what came out; `sub` says how it counts when not passed. */
export interface Check {
	readonly name: CheckName;
	readonly clause: string;
	readonly outcome: Outcome;
	/** What was found, in English, for experts; never needed to understand the outcome. */
	readonly detail?: string;
	/** A stable kebab-case word for the detail, when there is one. */
	readonly reason?: string;
	readonly sub?: SubIndication;
	/** How a failed or indeterminate check counts for the whole. */
	readonly leads?: 'TOTAL-FAILED' | 'INDETERMINATE';
}

/** Baseline level of EN 319 142-1 §6 reached, or `none` when the CMS is not a PAdES one. */
export type Level = 'none' | 'B-B' | 'B-T' | 'B-LT' | 'B-LTA';

/** What of the file the signature covers. */
export type Coverage = 'whole-file' | 'whole-revision' | 'partial' | 'none';

/** What is known of the bytes alone, whoever signed them: integrity.ts has the rule. */
export type Integrity = 'intact' | 'altered' | 'unknown';

/** A certificate as people meet it. Times are RFC 3339 UTC. */
export interface CertificateSummary {
	readonly subject: string;
	readonly issuer: string;
	readonly commonName: string | null;
	readonly organization: string | null;
	/** Lower-case hexadecimal. */
	readonly serialNumber: string;
	readonly notBefore: string;
	readonly notAfter: string;
	/** SHA-256 of the DER certificate, lower-case hexadecimal. */
	readonly sha256: string;
}

/** `seal`: a legal person's certificate (no given name or surname in the subject); ARCHITECTURE §4, level 1. */
export interface SignerSummary extends CertificateSummary {
	readonly kind: 'person' | 'seal';
}

/** A proven time: the token's genTime (RFC 3339 UTC) and who stated it. */
export interface TimestampSummary {
	readonly time: string;
	readonly tsa: CertificateSummary | null;
	readonly policy: string;
	/** True when the token's signature, imprint and chain are all in order: only then is the time proven. */
	readonly proven: boolean;
}

/** What a revision after the signature did to the document. */
export interface LaterChange {
	/** 1-based number of the revision that made it. */
	readonly revision: number;
	/** `signature-fill` | `dss` | `document-timestamp` | … are allowed kinds; anything else is not. */
	readonly kind: string;
	readonly allowed: boolean;
	readonly detail: string;
}

/** One signature or document time-stamp of the file. */
export interface SignatureReport {
	readonly kind: 'signature' | 'document-timestamp';
	/** Fully qualified field name; empty when none leads to it. */
	readonly field: string;
	readonly indication: Indication;
	readonly subIndication: SubIndication | null;
	readonly integrity: Integrity;
	/** Everything that speaks against it, as stable kebab-case words: each check that failed or stayed open (its `reason`, else its name), each kind of change that is not allowed. */
	readonly reasons: readonly string[];
	/** It was TOTAL-PASSED at its last time-stamp, and only the time since then took that away: renewal.ts has the rule. */
	readonly renewal: boolean;
	readonly level: Level;
	readonly coverage: Coverage;
	/** 1-based revision the signature covers, of `Report.revisions`; 0 when unknown. */
	readonly revision: number;
	readonly changes: readonly LaterChange[];
	readonly signer: SignerSummary | null;
	/** /M, as claimed by the signer; RFC 3339, or null. */
	readonly signingTime: string | null;
	readonly timestamp: TimestampSummary | null;
	readonly reason: string | null;
	readonly location: string | null;
	readonly checks: readonly Check[];
}

/** The whole file. `indication` is the worst of its signatures and of the checks of the file itself. */
export interface Report {
	readonly indication: Indication;
	readonly subIndication: SubIndication | null;
	/** `embedded`: each chain ended at the topmost certificate the file carries: nobody's identity was judged, only structure, integrity and time. */
	readonly trust: 'anchors' | 'embedded';
	/** Of the file's own checks, as a signature's are of its. */
	readonly reasons: readonly string[];
	/** The file is sound, and each signature either passed or needs no more than a renewal: at least one does. */
	readonly renewal: boolean;
	/** Time the validation was made for, RFC 3339 UTC. */
	readonly at: string;
	/** SHA-256 of the whole file, lower-case hexadecimal. */
	readonly sha256: string;
	readonly size: number;
	readonly revisions: number;
	readonly checks: readonly Check[];
	readonly signatures: readonly SignatureReport[];
}

const weight = { 'TOTAL-PASSED': 0, INDETERMINATE: 1, 'TOTAL-FAILED': 2 } as const;

/** The worst of several verdicts; the first of equals names the sub-indication. An empty list is nobody's TOTAL-PASSED: INDETERMINATE. */
export function worst(verdicts: readonly { indication: Indication; subIndication: SubIndication | null }[]): {
	indication: Indication;
	subIndication: SubIndication | null;
} {
	let out = verdicts[0] ?? { indication: 'INDETERMINATE', subIndication: 'SIGNED_DATA_NOT_FOUND' };
	for (const v of verdicts) if (weight[v.indication] > weight[out.indication]) out = v;
	return { indication: out.indication, subIndication: out.subIndication };
}

/** EN 319 102-1 §5.1.3 over a flat list: a failure outweighs an indeterminate, which outweighs a pass. `not-checked` weighs nothing: whoever writes it says why. Nothing passed is not a pass. */
export function fold(checks: readonly Pick<Check, 'outcome' | 'sub' | 'leads'>[]): { indication: Indication; subIndication: SubIndication | null } {
	const passed = checks.some((c) => c.outcome === 'passed') ? [{ indication: 'TOTAL-PASSED', subIndication: null } as const] : [];
	return worst([
		...passed,
		...checks
			.filter((c) => c.outcome === 'failed' || c.outcome === 'indeterminate')
			.map(
				(c) =>
					({
						indication: c.leads ?? (c.outcome === 'failed' ? 'TOTAL-FAILED' : 'INDETERMINATE'),
						subIndication: c.sub ?? null
					}) as const
			)
	]);
}
