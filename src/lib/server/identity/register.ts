// Registration: a person with an unconfirmed address. Whether the address was known is told to its owner by mail, never to the asker.

import { z } from 'zod';
import { append } from '../audit/append.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { count } from './attempts.ts';
import { enqueueMessage } from './links.ts';
import * as password from './password.ts';
import { secretHash, start } from './sessions.ts';
import { current } from './terms.ts';

const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;
/** An e-mail address, lower case. */
export const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
/** A name of a person or an organisation, as it is shown and logged. */
export const name = z.string().trim().normalize('NFC').min(1).max(200).refine((text) => !forbidden.test(text));
export const locale = z.enum(['fr', 'en']);

export const registration = z.object({
	email,
	name,
	locale,
	password: z.string().max(1000),
	/** The version of the terms that was shown and accepted. */
	terms: z.string()
});
export type Registration = z.infer<typeof registration>;

async function prepare(input: Registration): Promise<string> {
	if (input.terms !== current.version) throw new DomainError('invalid', 'terms-not-accepted');
	password.accept(input.password, [input.name, input.email]);
	return password.hash(input.password);
}

async function create(tx: Tx, input: Registration, hash: string): Promise<string | null> {
	const [row] = await tx<[{ id: string | null }]>`select app.register(${input.email}, ${input.name}, ${input.locale}, ${hash}) as id`;
	if (!row.id) return null;
	await tx`select set_config('app.actor', ${row.id}, true)`;
	await tx`insert into terms_acceptance (person, version, locale) values (${row.id}, ${input.terms}, ${input.locale})`;
	await append(tx, { op: 'person.register', safe: null, obj: row.id, values: { email: input.email, name: input.name, terms: input.terms } });
	return row.id;
}

/** Sends a new confirmation link; earlier ones stay good until their end. The transaction is that person's. */
export async function askConfirmation(tx: Tx, person: string): Promise<void> {
	const id = crypto.randomUUID();
	await tx`insert into confirmation (id, person) values (${id}, ${person})`;
	await enqueueMessage(tx, 'confirmation', id, null);
}

/**
 * Registers a person and has a confirmation link mailed. Answers the same for an address that is known: its owner gets a mail.
 * `invalid` for a refused password or other terms than the current; `too-many` per source.
 */
export async function register(ctx: Context, source: string, input: Registration): Promise<void> {
	await count(ctx, 'register', source);
	const hash = await prepare(input);
	await ctx.tx(async (tx) => {
		const made = await create(tx, input, hash);
		if (made) return askConfirmation(tx, made);
		const [known] = await tx<{ person: string; confirmed: boolean }[]>`select person, confirmed from app.credentials(${input.email})`;
		if (!known) throw new Error('an address that is taken and unknown');
		await tx`select set_config('app.actor', ${known.person}, true)`;
		if (known.confirmed) await enqueueMessage(tx, 'registered', known.person, null);
		else await askConfirmation(tx, known.person);
	});
}

/**
 * The first operator of a fresh instance, by its set-up link: registered, confirmed and signed in at once. Returns the cookie's secret.
 * `gone` for a used or unknown link, `conflict` for an address that is taken; either leaves nothing behind.
 */
export async function setUp(ctx: Context, source: string, secret: string, agent: string, input: Registration): Promise<string> {
	await count(ctx, 'register', source);
	const hash = await prepare(input);
	return ctx.tx(async (tx) => {
		const made = await create(tx, input, hash);
		if (!made) throw new DomainError('conflict', 'address-taken');
		const [row] = await tx<[{ used: boolean }]>`select app.use_setup_link(${secretHash(secret)}) as used`;
		if (!row.used) throw new DomainError('gone', 'link-used');
		await append(tx, { op: 'operator.act', safe: null, obj: made, values: { act: 'set-up' } });
		return start(ctx, tx, made, { by: 'setup', agent });
	});
}

/** Whether a set-up link can still be used. */
export async function setupOpen(ctx: Context, secret: string): Promise<boolean> {
	return ctx.tx(async (tx) => (await tx<[{ live: boolean }]>`select app.setup_link_live(${secretHash(secret)}) as live`)[0].live);
}
