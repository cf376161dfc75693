// The report of an evidence record: named checks with their clause and outcome, as of a PDF (../pades/report.ts).

import type { Check, CheckName, Indication, SubIndication, TimestampSummary } from '../pades/report.ts';

/** Every question asked of a record, beside those asked of each token. The word is stable. */
export const recordCheckNames = ['record-format', 'not-encrypted', 'digest-algorithms', 'data-object', 'data-group', 'chain-algorithm', 'chain-link', 'sequence-link', 'time-order'] as const;

export type RecordCheckName = (typeof recordCheckNames)[number] | Extract<CheckName, `timestamp-${string}`>;

export type RecordCheck = Omit<Check, 'name'> & { readonly name: RecordCheckName };

/** One archive time-stamp. */
export interface ArchiveTimeStampReport {
	/** 1-based chain, and place in it. */
	readonly chain: number;
	readonly place: number;
	/** Hash of its tree; null when it cannot be read. */
	readonly hash: string | null;
	readonly indication: Indication;
	readonly subIndication: SubIndication | null;
	readonly timestamp: TimestampSummary | null;
	readonly checks: readonly RecordCheck[];
}

export interface RecordReport {
	/** The worst of its archive time-stamps and of the checks of the record itself. */
	readonly indication: Indication;
	readonly subIndication: SubIndication | null;
	/** What failed or stayed open, of the record and of its archive time-stamps, as stable words. */
	readonly reasons: readonly string[];
	/** It was TOTAL-PASSED when its last archive time-stamp was made, and only the time since then took that away. */
	readonly renewal: boolean;
	/** Time it was verified for, RFC 3339 UTC. */
	readonly at: string;
	/** When the data are proven to have existed: the time of the first archive time-stamp, when all is in order. RFC 3339 UTC. */
	readonly time: string | null;
	readonly checks: readonly RecordCheck[];
	/** Oldest first. */
	readonly archiveTimeStamps: readonly ArchiveTimeStampReport[];
}

/** A check with its answer; `leads` says how a problem counts. */
export function said(name: RecordCheckName, clause: string, problem: string | null, sub: SubIndication, leads: 'TOTAL-FAILED' | 'INDETERMINATE' = 'TOTAL-FAILED'): RecordCheck {
	return problem === null ? { name, clause, outcome: 'passed' } : { name, clause, outcome: leads === 'TOTAL-FAILED' ? 'failed' : 'indeterminate', detail: problem, sub, leads };
}
