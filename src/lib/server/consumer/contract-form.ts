// What the form of a new envelope says of a contract with a consumer, as `contractWish` takes it.

import type { ContractWish } from './contract.ts';

/** An amount as people type it, « 1 250,50 », in cents; NaN when it is none. */
export function centsOf(amount: string): number {
	const [, whole, part = ''] = /^([0-9]{1,9})(?:[.,]([0-9]{1,2}))?$/.exec(amount.replace(/[\s\u00a0\u202f€]/g, '')) ?? [];
	return whole === undefined ? NaN : Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

/** @param text the trimmed value of a field; empty when there is none */
export function contractInForm(text: (name: string) => string): ContractWish {
	const right = text('withdrawal') !== 'none';
	return {
		subject: text('contract-subject'),
		priceCents: text('contract-pay') === 'none' ? null : centsOf(text('contract-price')),
		priceNote: text('contract-pay') === 'none' ? '' : text('contract-price-note'),
		withdrawalDays: right ? Number(text('withdrawal-days') || '14') : null,
		exception: right ? null : (text('withdrawal-exception') as ContractWish['exception']),
		runsFrom: text('runs-from') as ContractWish['runsFrom'],
		longArchive: text('long-archive') !== ''
	};
}
