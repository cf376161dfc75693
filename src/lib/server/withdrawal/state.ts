// Whether a consumer may withdraw from a contract, until when, or that they did: as their page shows it and as a declaration is judged.

import { archivedUntil, contractOf, lastDayOf, type Contract } from '../consumer/contract.ts';
import { parisDay } from '../consumer/term.ts';
import type { Tx } from '../db/pool.ts';

export interface WithdrawalState {
	/** `before-delivery`: open, its term not begun; `no-right`: concluded without one. */
	readonly state: 'open' | 'before-delivery' | 'over' | 'no-right' | 'made';
	/** ISO 8601; null: the term has not begun, or there is no right. */
	readonly lastDay: string | null;
	readonly days: number | null;
	readonly madeAt: Date | null;
	/** The sealed acknowledgement is there. */
	readonly acknowledged: boolean;
	/** Until when a contract of 120 € and more stays open to them; `open`: ten years from a day not recorded yet; null: less. */
	readonly archivedUntil: string | null;
}

/** @param now the clock of the database */
export function judged(contract: Contract, now: Date): Pick<WithdrawalState, 'state' | 'lastDay'> {
	const lastDay = lastDayOf(contract);
	if (contract.withdrawalDays === null) return { state: 'no-right', lastDay };
	return { state: lastDay === null ? 'before-delivery' : parisDay(now) <= lastDay ? 'open' : 'over', lastDay };
}

/** Of one who signed as a consumer, once all is concluded; null for anyone else. */
export async function withdrawalState(tx: Tx, signer: string): Promise<WithdrawalState | null> {
	const [row] = await tx<{ envelope: string; now: Date; madeAt: Date | null; acknowledged: boolean }[]>`
		select s.envelope, app.now() as now, w.at as "madeAt", w.acknowledgement is not null as acknowledged
		from signer s join envelope e on e.id = s.envelope left join withdrawal w on w.signer = s.id where s.id = ${signer} and s.consumer and e.state = 'completed'`;
	const contract = row && (await contractOf(tx, row.envelope));
	if (!contract) return null;
	const { madeAt, acknowledged, now } = row;
	const { state, lastDay } = judged(contract, now);
	return { state: madeAt ? 'made' : state, lastDay, days: contract.withdrawalDays, madeAt, acknowledged, archivedUntil: archivedUntil(contract) };
}
