// Signing in, and proving oneself again, by password. A wrong password and an unknown address cost and answer the same.

import { append, appendRefusal } from '../audit/append.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { blind, count } from './attempts.ts';
import * as password from './password.ts';
import { endOthers, requireStepUp, rotate, start, type Session } from './sessions.ts';

/** Who answers a request, for limits and for the log. */
export interface Caller {
	/** attempts.sourceOf of their address. */
	readonly source: string;
	readonly agent: string;
}

interface Credentials {
	readonly person: string;
	readonly hash: string | null;
	readonly confirmed: boolean;
}

const credentials = async (ctx: Context, email: string): Promise<Credentials | undefined> =>
	(await ctx.tx((tx) => tx<Credentials[]>`select person, password_hash as hash, confirmed from app.credentials(${email})`))[0];

const store = (tx: Tx, person: string, hash: string) => tx`update person set password_hash = ${hash} where id = ${person}`;

/** Writes a failed proof, committed before the error leaves. `obj` is the person it was tried for, if there is one. */
export async function refuse(ctx: Context, caller: Caller, person: string | undefined, reason: string): Promise<never> {
	const source = await blind(ctx, caller.source);
	await appendRefusal(ctx, { op: 'session.fail', safe: null, obj: person ?? 'unknown', values: { reason } }, source);
	throw new DomainError('unauthenticated', reason);
}

/**
 * Starts a session. Returns the cookie's secret. `unauthenticated` `wrong-credentials` for a wrong pair or an address not yet
 * confirmed; `too-many` per source and per source and account, so that nobody locks out a person who is elsewhere.
 */
export async function login(ctx: Context, caller: Caller, input: { readonly email: string; readonly password: string }): Promise<string> {
	const email = input.email.trim().toLowerCase();
	await count(ctx, 'login', caller.source);
	await count(ctx, 'login-account', caller.source, email);
	const known = await credentials(ctx, email);
	const right = await password.matches(input.password, known?.hash ?? null);
	if (!known || !right || !known.confirmed) return refuse(ctx, caller, known?.person, 'wrong-credentials');
	const fresh = known.hash && password.outdated(known.hash) ? await password.hash(input.password) : null;
	return ctx.tx(async (tx) => {
		const secret = await start(ctx, tx, known.person, { by: 'password', agent: caller.agent });
		if (fresh) await store(tx, known.person, fresh);
		return secret;
	});
}

/** Proves oneself again. Returns the new cookie's secret: the session is rotated, and what else is to happen done, in one transaction. `unauthenticated` for a wrong password. */
export async function stepUp(ctx: Context, caller: Caller, session: Session, given: string, also: (tx: Tx) => Promise<void> = async () => {}): Promise<string> {
	await count(ctx, 'step-up', caller.source, session.person);
	const known = await credentials(ctx, session.email);
	if (!(await password.matches(given, known?.hash ?? null))) return refuse(ctx, caller, session.person, 'wrong-password');
	return ctx.tx(async (tx) => {
		await also(tx);
		return rotate(ctx, tx, session, 'password');
	});
}

/** Sets a new password and ends every other session. Needs a step-up. `invalid` for a refused password. */
export async function changePassword(ctx: Context, session: Session, given: string): Promise<void> {
	await requireStepUp(ctx, session);
	password.accept(given, [session.name, session.email]);
	const hash = await password.hash(given);
	await ctx.tx(async (tx) => {
		await store(tx, session.person, hash);
		await append(tx, { op: 'person.change', safe: null, obj: session.person, values: { change: 'password' } });
		await endOthers(tx, session);
	});
}

/** Sets the language of one's pages and mails. */
export async function setLocale(ctx: Context, session: Session, locale: 'fr' | 'en'): Promise<void> {
	await ctx.tx(async (tx) => {
		await tx`update person set locale = ${locale} where id = ${session.person}`;
		await append(tx, { op: 'person.change', safe: null, obj: session.person, values: { change: 'language' } });
	});
}
