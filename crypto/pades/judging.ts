// What the parts of a file's validation share: what they judge with, and how an answer becomes a check.

import type { PdfDocument } from '../pdf/document.ts';
import type { Primitives } from '../primitives.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { RevocationData } from '../x509/revocation.ts';
import type { Check, CheckName, SubIndication } from './report.ts';

/** What every signature of a file is judged with. */
export interface Judging {
	readonly primitives: Primitives;
	readonly document: PdfDocument;
	readonly at: number;
	readonly anchors: readonly Certificate[];
	readonly timestampAnchors: readonly Certificate[];
	readonly intermediates: readonly Certificate[];
	readonly revocation: RevocationData;
	/** What of it the file itself carries, in its document security store. */
	readonly dss: RevocationData;
}

/** A check with its answer; `leads` says how a problem counts. */
export function answer(name: CheckName, clause: string, problem: string | null, sub: SubIndication, leads: 'TOTAL-FAILED' | 'INDETERMINATE' = 'TOTAL-FAILED'): Check {
	return problem === null ? { name, clause, outcome: 'passed' } : { name, clause, outcome: leads === 'TOTAL-FAILED' ? 'failed' : 'indeterminate', detail: problem, sub, leads };
}
