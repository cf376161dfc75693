// Whether what was signed is what is there, apart from who signed and when; and everything that speaks against a signature, as words.

import type { Check, CheckName, Integrity, LaterChange } from './report.ts';

/** What must be answered for "intact": where the signed bytes are, that they have the signed digest, that a key signed it, and that nothing came after that changes them. */
const asked: Readonly<Record<'signature' | 'document-timestamp', readonly CheckName[]>> = {
	signature: ['signature-dictionary', 'byte-range', 'coverage', 'message-digest', 'signature-value', 'later-changes'],
	'document-timestamp': ['signature-dictionary', 'byte-range', 'coverage', 'timestamp-imprint', 'timestamp-signature', 'later-changes']
};

/**
 * `altered`: one of these questions was answered no. `unknown`: one could not be answered. Identity and trust play no part.
 * @param file the checks of the file: bytes after its end may show more than was signed
 */
export function integrityOf(kind: keyof typeof asked, checks: readonly Check[], file: readonly Check[]): Integrity {
	const counted = [...checks.filter((c) => asked[kind].includes(c.name)), ...file.filter((c) => c.name === 'no-uncovered-bytes')];
	if (counted.some((c) => c.outcome === 'failed')) return 'altered';
	return asked[kind].every((name) => counted.some((c) => c.name === name && c.outcome === 'passed')) ? 'intact' : 'unknown';
}

/** Stable kebab-case words: the checks that did not pass, and what was not allowed to change. */
export function reasonsOf(checks: readonly Check[], changes: readonly LaterChange[] = []): string[] {
	const open = checks.filter((c) => c.outcome === 'failed' || c.outcome === 'indeterminate').flatMap((c) => (c.reason ? [c.name, c.reason] : [c.name]));
	return [...new Set([...open, ...changes.filter((c) => !c.allowed).map((c) => c.kind)])];
}
