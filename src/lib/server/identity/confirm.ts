// Confirmation of an address: looking at the link changes nothing (scanners open links), the button does.

import { append } from '../audit/append.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { count } from './attempts.ts';
import { secretHash } from './sessions.ts';

/** Whether a link can still confirm. */
export async function isOpen(ctx: Context, secret: string): Promise<boolean> {
	const [row] = await ctx.tx((tx) => tx<{ live: boolean }[]>`select live from app.confirmation_by_hash(${secretHash(secret)})`);
	return row?.live ?? false;
}

/** Confirms the address a link went to, once. `gone` for a link that is used, too old or unknown. */
export async function confirm(ctx: Context, source: string, secret: string): Promise<void> {
	await count(ctx, 'confirm', source);
	await ctx.tx(async (tx) => {
		const [row] = await tx<[{ person: string | null }]>`select app.confirm(${secretHash(secret)}) as person`;
		if (!row.person) throw new DomainError('gone', 'link-used');
		await tx`select set_config('app.actor', ${row.person}, true)`;
		await append(tx, { op: 'person.change', safe: null, obj: row.person, values: { change: 'address confirmed' } });
	});
}
