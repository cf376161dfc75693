// A report as one sentence for people, then why. "Untrusted issuer" and "altered" are never the same sentence.

import type { ReceiptReport } from '#crypto/bundle/receipt.ts';
import type { CheckName, Report, SignatureReport } from '#crypto/pades/report.ts';
import { dateTime } from '../format.ts';
import { french, typeset } from '../french.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

const dictionaries = { fr: french(fr), en };
export const words = (locale: 'fr' | 'en'): typeof fr => dictionaries[locale];

const passed = (s: SignatureReport, name: CheckName): boolean => s.checks.some((c) => c.name === name) && s.checks.every((c) => c.name !== name || c.outcome === 'passed');
const failed = (s: SignatureReport, ...names: CheckName[]): boolean => names.some((n) => s.checks.some((c) => c.name === n && c.outcome === 'failed'));

/** Who signed, or stamped: a word of its own, whatever became of the bytes. */
export function identitySentence(locale: 'fr' | 'en', s: SignatureReport, trust: Report['trust']): string {
	const { identities } = words(locale);
	if (trust === 'embedded') return identities.notJudged;
	return passed(s, s.kind === 'signature' ? 'certificate-chain' : 'timestamp-chain') && s.integrity === 'intact' ? identities.trusted : identities.unknown;
}

/** A sentence for each reason of a signature, once: of the check it names; a word of more detail, or a kind of change, has the sentence of its check. */
export function reasonSentences(locale: 'fr' | 'en', s: Pick<SignatureReport, 'reasons' | 'checks' | 'changes'>): string[] {
	const problems: Partial<Record<string, string>> = words(locale).problems;
	const checkOf = (reason: string): string => s.checks.find((c) => c.reason === reason)?.name ?? (s.changes.some((c) => c.kind === reason) ? 'later-changes' : reason);
	return [...new Set(s.reasons.map((reason) => problems[reason] ?? problems[checkOf(reason)] ?? reason))];
}

function because(locale: 'fr' | 'en', s: SignatureReport): string {
	const t = words(locale);
	if (s.indication === 'TOTAL-PASSED') return `${s.changes.length ? t.additions : t.unchanged} ; ${t.certificateValid}`;
	if (failed(s, 'message-digest', 'timestamp-imprint')) return t.notThese;
	if (failed(s, 'coverage', 'later-changes')) return t.altered;
	if (s.subIndication === 'REVOKED' || s.subIndication === 'REVOKED_NO_POE') return t.revoked;
	if (s.indication === 'TOTAL-FAILED') return t.notSound;
	if (s.renewal) return t.renewal;
	if (s.integrity !== 'intact') return t.open;
	if (s.subIndication === 'NO_CERTIFICATE_CHAIN_FOUND') return t.unknownIssuer;
	if (s.subIndication === 'TRY_LATER') return t.pending;
	return s.subIndication === 'OUT_OF_BOUNDS_NO_POE' ? t.noProof : t.open;
}

/** "Signed by … on …, unchanged since; the certificate was valid at that time." */
export function signatureSentence(locale: 'fr' | 'en', s: SignatureReport): string {
	const t = words(locale);
	const stamp = s.kind === 'document-timestamp';
	const holder = (stamp ? s.timestamp?.tsa : s.signer) ?? null;
	const who = holder?.commonName ?? holder?.subject ?? t.someone;
	const act = (stamp ? t.stampedBy : s.signer?.kind === 'seal' ? t.sealedBy : t.signedBy)(who);
	const when = s.timestamp?.proven ? ` ${t.on(dateTime(locale, s.timestamp.time))}` : s.signingTime ? ` ${t.claimedOn(dateTime(locale, s.signingTime))}` : '';
	const text = `${act}${when}${s.indication === 'TOTAL-PASSED' ? ', ' : locale === 'fr' ? ' : ' : ': '}${because(locale, s)}.`;
	return locale === 'fr' ? typeset(text) : text.replace(/ ;/g, ';');
}

/** Of the whole PDF: what stops it, else its signatures one by one. */
export function reportSentences(locale: 'fr' | 'en', report: Report): readonly string[] {
	const t = words(locale);
	const wrong = (name: CheckName) => report.checks.some((c) => c.name === name && c.outcome !== 'passed');
	if (wrong('pdf-readable')) return [t.unreadable];
	if (wrong('not-encrypted')) return [t.encrypted];
	if (wrong('signature-present')) return [t.unsigned];
	const each = report.signatures.map((s) => signatureSentence(locale, s));
	return report.checks.some((c) => c.outcome === 'failed') ? [t.fileFaulty, ...each] : each;
}

export function receiptSentences(locale: 'fr' | 'en', report: ReceiptReport): readonly string[] {
	const t = words(locale);
	if (report.indication === 'TOTAL-FAILED') return [`${t.receiptBad}.`];
	const file = report.checks.some((c) => c.name === 'file' && c.outcome === 'passed') ? t.receiptFile : t.receiptNoFile;
	const head = report.indication === 'TOTAL-PASSED' && report.time ? t.receiptGood(dateTime(locale, report.time)) : t.receiptOpen;
	return [locale === 'fr' ? typeset(`${head} ; ${file}.`) : `${head}; ${file}.`];
}
