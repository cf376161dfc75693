// A forgotten password: a link to the address, good once and for an hour. Whether the address was known is told to its owner alone.

import { z } from 'zod';
import { append } from '../audit/append.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { count } from './attempts.ts';
import { enqueueMessage } from './links.ts';
import * as password from './password.ts';
import { askConfirmation, email } from './register.ts';
import { endOthers, secretHash } from './sessions.ts';

export const asking = z.object({ email });

/** Of one account in an hour; above, the links already mailed still serve, so that nobody fills another's mailbox. */
const mailsPerHour = 5;

/**
 * Has a link mailed; answers the same for an address nobody has. One not yet confirmed gets its confirmation again.
 * `too-many` per source, and per source and address.
 */
export async function forgotten(ctx: Context, source: string, address: string): Promise<void> {
	await count(ctx, 'reset', source);
	await count(ctx, 'reset-account', source, address);
	await ctx.tx(async (tx) => {
		const [known] = await tx<{ person: string; confirmed: boolean }[]>`select person, confirmed from app.credentials(${address})`;
		const [{ n }] = await tx<[{ n: number }]>`select app.hit(app.blind(${`reset-mail\n${address}`}), interval '1 hour') as n`;
		if (!known || n > mailsPerHour) return;
		await append(tx, { op: 'person.change', safe: null, obj: known.person, values: { change: 'password reset asked' } });
		await tx`select set_config('app.actor', ${known.person}, true)`;
		if (!known.confirmed) return askConfirmation(tx, known.person);
		const id = crypto.randomUUID();
		await tx`insert into password_reset (id, person) values (${id}, ${known.person})`;
		await enqueueMessage(tx, 'reset', id, null);
	});
}

const find = async (ctx: Context, secret: string) =>
	(await ctx.tx((tx) => tx<{ person: string; name: string; email: string }[]>`select person, name, email from app.reset_by_hash(${secretHash(secret)})`))[0];

/** Whether a link can still renew a password. Changes nothing: scanners look too. */
export const resetOpen = async (ctx: Context, secret: string): Promise<boolean> => (await find(ctx, secret)) !== undefined;

/**
 * Sets a new password by a mailed link, once: ends every session and every other such link, and tells the owner by mail.
 * It signs nobody in. `gone` / `link-used` for a link that is used, too old or unknown; `invalid` for a refused password, the link then stays good.
 */
export async function renew(ctx: Context, source: string, secret: string, given: string): Promise<void> {
	await count(ctx, 'reset-use', source);
	const known = await find(ctx, secret);
	if (!known) throw new DomainError('gone', 'link-used');
	password.accept(given, [known.name, known.email]);
	const hash = await password.hash(given);
	await ctx.tx(async (tx) => {
		const [{ person }] = await tx<[{ person: string | null }]>`select app.use_reset(${secretHash(secret)}, ${hash}) as person`;
		if (!person) throw new DomainError('gone', 'link-used');
		await tx`select set_config('app.actor', ${person}, true)`;
		await append(tx, { op: 'person.change', safe: null, obj: person, values: { change: 'password reset' } });
		await endOthers(tx, { id: null, person });
		await enqueueMessage(tx, 'renewed', person, null);
	});
}
