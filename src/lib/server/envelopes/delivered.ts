// What the sender's page says of a contract with consumers, and the day of delivery they record (SIGN-18): terms that run from it begin.

import { append } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import { archivedUntil, contractOf, type Contract } from '../consumer/contract.ts';
import { priceWords, withdrawalWords } from '../consumer/recap.ts';
import { parisDay } from '../consumer/term.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { judged, type WithdrawalState } from '../withdrawal/state.ts';
import { find } from './send.ts';

export interface ContractView extends Pick<Contract, 'subject' | 'withdrawalDays' | 'deliveredOn' | 'concludedAt'>, Pick<WithdrawalState, 'lastDay'> {
	readonly price: string;
	readonly withdrawal: string;
	/** Null: not concluded. */
	readonly state: WithdrawalState['state'] | null;
	readonly archivedUntil: string | null;
	/** The latest day that can be recorded. */
	readonly today: string;
	readonly consumers: readonly { readonly id: string; readonly name: string; readonly recapAt: Date | null; readonly withdrawnAt: Date | null; /** The document that is the sealed one. */ readonly acknowledgement: string | null }[];
}

/** Null where nobody signs as a consumer. Needs `send`. */
export async function contractView(ctx: Context, id: string, locale: 'fr' | 'en'): Promise<ContractView | null> {
	const { concluded, contract, consumers, now, sender } = await find(ctx, id, 'send').then((envelope) =>
		ctx.tx(async (tx) => {
			const [{ now, sender }] = await tx<[{ now: Date; sender: string }]>`select app.now() as now, c.name as sender from client c join envelope e on e.client = c.id where e.id = ${id}`;
			const consumers = await tx<ContractView['consumers'][number][]>`
				select s.id, s.name, (select max(k.at) from recap_confirmation k where k.signer = s.id and k.at <= coalesce(s.signed_at, k.at)) as "recapAt", w.at as "withdrawnAt", w.acknowledgement from signer s left join withdrawal w on w.signer = s.id where s.envelope = ${id} and s.consumer order by s.position`;
			return { concluded: envelope.state === 'completed', contract: await contractOf(tx, id), consumers, now, sender };
		})
	);
	if (!contract) return null;
	const { state, lastDay } = judged(contract, now);
	return { ...contract, price: priceWords(contract, locale), withdrawal: withdrawalWords({ ...contract, sender }, locale), state: concluded ? state : null, lastDay, archivedUntil: concluded ? archivedUntil(contract) : null, today: parisDay(now), consumers };
}

/**
 * Records the day on which the goods were received or the service was performed. Needs `send`.
 * `not-found` / `no-contract`; `conflict`: `envelope-state` before it is concluded, `delivery-earlier` than what is recorded; `invalid`: `field-deliveredOn`, `delivery-future`.
 */
export async function recordDelivery(ctx: Context, id: string, day: string): Promise<void> {
	const envelope = await find(ctx, id, 'send');
	await guarded(ctx, { op: 'envelope.deliver', safe: envelope.safe, obj: id }, () =>
		ctx.tx(async (tx) => {
			if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)) || new Date(day).toISOString().slice(0, 10) !== day) throw new DomainError('invalid', 'field-deliveredOn');
			await tx`select from consumer_contract where envelope = ${id} for update`;
			const contract = await contractOf(tx, id);
			if (!contract) throw new DomainError('not-found', 'no-contract');
			if (!contract.concludedAt) throw new DomainError('conflict', 'envelope-state');
			const [{ now }] = await tx<[{ now: Date }]>`select app.now() as now`;
			if (day > parisDay(now)) throw new DomainError('invalid', 'delivery-future');
			if (contract.deliveredOn && day < contract.deliveredOn) throw new DomainError('conflict', 'delivery-earlier');
			if (day === contract.deliveredOn) return;
			await tx`update consumer_contract set delivered_on = ${day}, delivered_by = ${ctx.actor.person} where envelope = ${id}`;
			await append(tx, { op: 'envelope.deliver', safe: envelope.safe, obj: id, values: { day, ...(contract.deliveredOn ? { 'was-day': contract.deliveredOn } : {}) } });
		})
	);
}
