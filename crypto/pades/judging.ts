// What the parts of a file's validation share: what they judge with, since when it is proven to exist, and how an answer becomes a check.

import { equal } from '../bytes.ts';
import type { PdfDocument } from '../pdf/document.ts';
import type { Hidden } from '../pdf/gaps.ts';
import type { Primitives } from '../primitives.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Anchors } from '../x509/embedded.ts';
import type { RevocationData } from '../x509/revocation-data.ts';
import type { Evidence, Held } from './evidence.ts';
import type { Check, CheckName, LaterChange, SubIndication } from './report.ts';

/** What every signature of a file is judged with. */
export interface Judging {
	readonly primitives: Primitives;
	readonly document: PdfDocument;
	/** What each revision after the first signed one did. */
	readonly changes: readonly LaterChange[];
	/** What only a reader that repairs would see. */
	readonly hidden: readonly Hidden[];
	/** The checks of the file itself. */
	readonly file: readonly Check[];
	readonly at: number;
	readonly anchors: Anchors;
	readonly timestampAnchors: Anchors;
	readonly intermediates: readonly Certificate[];
	/** Revocation data from outside the file: proven to exist now, at `at`. */
	readonly outside: RevocationData;
	readonly evidence: Evidence;
	/** Document time-stamps found in order so far: the revisions 1 to `revision` are proven to exist at `time`. */
	readonly stamps: readonly { readonly revision: number; readonly time: number }[];
}

/** The part that judges times and those who state them, whatever holds the tokens. Of an evidence record (../ers/), a revision is an archive time-stamp. */
export type Proving = Pick<Judging, 'primitives' | 'at' | 'timestampAnchors' | 'intermediates' | 'outside' | 'evidence' | 'stamps'>;

/** Proof of existence (EN 319 102-1 §5.6.2.3): the earliest proven time, milliseconds, at which what a time-stamp over this revision covers was there. */
export function provenSince({ at, stamps }: Pick<Proving, 'at' | 'stamps'>, revision: number): number {
	return Math.min(at, ...stamps.filter((s) => s.revision >= revision).map((s) => s.time));
}

/** Since when a certificate is proven to exist. */
export function certificateSince(judging: Proving, certificate: Certificate): number {
	return Math.min(judging.at, ...judging.evidence.certificates.filter((h) => equal(h.der, certificate.der)).map((h) => provenSince(judging, h.provenBy)));
}

const entries = <T extends Held>(judging: Proving, held: readonly T[]) => held.map((h) => ({ ...h, since: provenSince(judging, h.provenBy) }));

/** All revocation data at hand. */
export function revocationData(judging: Proving): RevocationData {
	const { evidence, outside } = judging;
	return { ocsp: [...outside.ocsp, ...entries(judging, evidence.ocsp)], crls: [...outside.crls, ...entries(judging, evidence.crls)], certificates: judging.intermediates };
}

/** Only what the file's document security store held by a revision. */
export function storedData(judging: Judging, revision: number): RevocationData {
	const stored = <T extends Held>(held: readonly T[]) => entries(judging, held.filter((h) => h.store && h.provenBy <= revision));
	const signers = judging.intermediates.filter((c) => judging.evidence.certificates.some((h) => h.provenBy <= revision && equal(h.der, c.der)));
	return { ocsp: stored(judging.evidence.ocsp), crls: stored(judging.evidence.crls), certificates: signers };
}

/** A check with its answer; `leads` says how a problem counts. */
export function answer(name: CheckName, clause: string, problem: string | null, sub: SubIndication, leads: 'TOTAL-FAILED' | 'INDETERMINATE' = 'TOTAL-FAILED'): Check {
	return problem === null ? { name, clause, outcome: 'passed' } : { name, clause, outcome: leads === 'TOTAL-FAILED' ? 'failed' : 'indeterminate', detail: problem, sub, leads };
}

/** A check that could not be made, and why. */
export const notChecked = (name: CheckName, clause: string, detail: string): Check => ({ name, clause, outcome: 'not-checked', detail });
