// A member's own mobile: kept only to notice that a signer was given the same (SIGN-21). No code is sent to it.

import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { append } from '../audit/append.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';

/** The asker's, in E.164; empty: none was given. */
export async function ownNumber(ctx: Context): Promise<string> {
	const [row] = await ctx.tx((tx) => tx<{ number: string | null }[]>`select number from person where id = ${ctx.actor.person}`);
	return row?.number ?? '';
}

/** Keeps the asker's number, of whichever country; empty: erases it. `invalid` / `number-malformed`. */
export async function giveOwnNumber(ctx: Context, typed: string): Promise<void> {
	const number = typed.trim() ? parsePhoneNumberFromString(typed.slice(0, 40), 'FR') : null;
	if (number !== null && !number?.isValid()) throw new DomainError('invalid', 'number-malformed');
	await ctx.tx(async (tx) => {
		await tx`update person set number = ${number?.number ?? null} where id = ${ctx.actor.person}`;
		await append(tx, { op: 'person.change', safe: null, obj: ctx.actor.person!, values: { change: number ? 'own number given' : 'own number erased' } });
	});
}
