// What the checks of a signature say of the bytes alone, never of who signed; and the words for what did not pass.

import type { Check, CheckName, Integrity, LaterChange, SignatureReport } from './report.ts';

const bytes: readonly CheckName[] = ['byte-range', 'coverage', 'later-changes'];
const proof: Record<SignatureReport['kind'], readonly CheckName[]> = { signature: ['message-digest', 'signature-value'], 'document-timestamp': ['timestamp-imprint', 'timestamp-signature'] };

/** A name leads to one field: else what a reader shows as signed may be another. */
const oneReading: readonly CheckName[] = ['field-names-unique'];

/**
 * `intact`: digest and signature value check out over a whole revision, nothing came after but what is allowed, and the file has one reading.
 * `altered`: one of these failed: the byte range, its coverage, the digest, the signature value, later changes, hidden objects after it, bytes after the end of the file.
 * `unknown`: else. Nothing here depends on certificates, trust or time (EN 319 102-1 §5.2.7 without the rest of §5.2).
 * @param file the checks of the file the signature stands in
 */
export function integrityOf(kind: SignatureReport['kind'], checks: readonly Check[], file: readonly Check[]): Integrity {
	const about = checks.filter((c) => bytes.includes(c.name) || proof[kind].includes(c.name));
	const broken = (c: Check) => c.outcome === 'failed' && (bytes.includes(c.name) || c.sub === 'HASH_FAILURE' || c.sub === 'SIG_CRYPTO_FAILURE');
	const hidden = checks.some((c) => c.name === 'no-hidden-objects' && c.outcome === 'failed');
	if (hidden || about.some(broken) || file.some((c) => c.name === 'no-uncovered-bytes' && c.outcome === 'failed')) return 'altered';
	const asked = [...bytes, ...proof[kind]].every((name) => about.some((c) => c.name === name));
	const clear = file.every((c) => !oneReading.includes(c.name) || c.outcome === 'passed');
	return asked && clear && about.every((c) => c.outcome === 'passed') ? 'intact' : 'unknown';
}

/** A word for each check that failed or stayed open and each kind of change that is not allowed, once each, in their order. */
export function reasonsOf(checks: readonly { readonly name: string; readonly outcome: Check['outcome']; readonly reason?: string }[], changes: readonly LaterChange[] = []): string[] {
	const open = checks.filter((c) => c.outcome === 'failed' || c.outcome === 'indeterminate');
	return [...new Set([...open.map((c) => c.reason ?? c.name), ...changes.filter((c) => !c.allowed).map((c) => c.kind)])];
}
