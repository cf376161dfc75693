// What a consumer is told of a contract (SIGN-18): said by the sender, written with the envelope and frozen with it; the day of delivery is recorded later.

import { z } from 'zod';
import type { Tx } from '../db/pool.ts';
import { line } from '../envelopes/line.ts';
import { exceptions, type Exception } from './exceptions.ts';
import { lastDay, parisDay, tenYearsAfter } from './term.ts';

/** From this price on, in cents of euro, a contract is kept ten years (C. conso. D213-1). */
export const longArchiveFrom = 12_000;

export const contractWish = z
	.object({
		/** What it is about. */
		subject: line(200),
		/** All taxes, in cents of euro; null: nothing to pay. */
		priceCents: z.int().min(0).max(100_000_000_000).nullable(),
		priceNote: z.union([z.literal(''), line(200)]).default(''),
		/** Days of withdrawal, never fewer than fourteen (L221-18); null: there is no right, for a reason. */
		withdrawalDays: z.int().min(14).max(365).nullable(),
		exception: z.enum(exceptions).nullable().default(null),
		/** Services: from the conclusion; goods: from their delivery. */
		runsFrom: z.enum(['conclusion', 'delivery']),
		/** 120 € and more. */
		longArchive: z.boolean().default(false)
	})
	.refine((c) => (c.withdrawalDays === null) === (c.exception !== null), { path: ['exception'] })
	.transform((c) => ({ ...c, longArchive: c.longArchive || (c.priceCents ?? 0) >= longArchiveFrom }));
export type ContractWish = z.input<typeof contractWish>;

export interface Contract {
	readonly subject: string;
	readonly priceCents: number | null;
	readonly priceNote: string;
	readonly withdrawalDays: number | null;
	readonly exception: Exception | null;
	readonly runsFrom: 'conclusion' | 'delivery';
	readonly longArchive: boolean;
	/** ISO 8601; null: not recorded. */
	readonly deliveredOn: string | null;
	/** When the last one signed; null: not yet. */
	readonly concludedAt: Date | null;
}

/** Writes it, with the envelope. */
export async function keepContract(tx: Tx, client: string, envelope: string, c: z.output<typeof contractWish>): Promise<void> {
	await tx`
		insert into consumer_contract (envelope, client, subject, price_cents, price_note, withdrawal_days, exception, runs_from, long_archive)
		values (${envelope}, ${client}, ${c.subject}, ${c.priceCents}, ${c.priceNote}, ${c.withdrawalDays}, ${c.exception}, ${c.runsFrom}, ${c.longArchive})`;
}

/** An envelope's; null: no one in it signs as a consumer, or it was prepared before this was kept. */
export async function contractOf(tx: Tx, envelope: string): Promise<Contract | null> {
	const [row] = await tx<(Omit<Contract, 'priceCents'> & { priceCents: string | null })[]>`
		select k.subject, k.price_cents as "priceCents", k.price_note as "priceNote", k.withdrawal_days as "withdrawalDays", k.exception, k.runs_from as "runsFrom", k.long_archive as "longArchive", k.delivered_on::text as "deliveredOn",
			case when e.state = 'completed' then e.closed_at end as "concludedAt" from consumer_contract k join envelope e on e.id = k.envelope where k.envelope = ${envelope}`;
	return row ? { ...row, priceCents: row.priceCents === null ? null : Number(row.priceCents) } : null;
}

/** The later of the conclusion and the delivery; null while one that counts is not known. */
function startOf({ concludedAt, deliveredOn }: Contract, fromDelivery: boolean): string | null {
	if (!concludedAt) return null;
	const concluded = parisDay(concludedAt);
	if (!fromDelivery) return concluded;
	return deliveredOn === null ? null : deliveredOn > concluded ? deliveredOn : concluded;
}

/** The last day on which a consumer may withdraw; null: the term has not begun, or there is no right. The twelve months more of L221-20 are the law's and not counted here. */
export function lastDayOf(contract: Contract): string | null {
	const start = startOf(contract, contract.runsFrom === 'delivery');
	return contract.withdrawalDays === null || start === null ? null : lastDay(start, contract.withdrawalDays);
}

/** Until when a contract of 120 € and more is kept and open to the consumer (L213-1, D213-2); `open`: its ten years have not begun; null: less than 120 €. */
export function archivedUntil(contract: Contract): string | null {
	if (!contract.longArchive) return null;
	const start = startOf(contract, true);
	return start === null ? 'open' : tenYearsAfter(start);
}
