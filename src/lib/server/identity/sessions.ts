// Sessions: 256 random bits in a cookie, their SHA-256 here. One ends by idling, by age, by its person, by a new one at step-up.

import { createHash } from 'node:crypto';
import { base64url } from '#crypto/bytes.ts';
import { append } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';

export type Role = 'administrator' | 'contributor' | 'operator' | 'reader' | 'auditor';

/** Minutes without a request, hours since the login, minutes a step-up lasts. */
export const limits = { idleMinutes: 15, absoluteHours: 12, stepUpMinutes: 10 } as const;

/** The cookie, and how it is set: to this host only, out of scripts' reach, not sent with other sites' requests. */
export const cookieName = '__Host-session';
export const cookieOptions = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

/** Who a cookie stands for. */
export interface Session {
	readonly id: string;
	readonly person: string;
	/** The client they work for now, when they are an active member of it. */
	readonly client: string | null;
	readonly role: Role | null;
	readonly name: string;
	readonly email: string;
	readonly locale: 'fr' | 'en';
	/** Of the instance. */
	readonly operator: boolean;
	/** They proved themselves within the last `stepUpMinutes`. */
	readonly steppedUp: boolean;
	/** When it ends whatever happens. */
	readonly endsAt: Date;
	/** Its device is handed to a signer: locked until its person proves themselves again. */
	readonly handOver: string | null;
	readonly handedTo: string | null;
}

export interface Listed {
	readonly id: string;
	readonly agent: string;
	readonly createdAt: Date;
	readonly seenAt: Date;
}

/** SHA-256 of a secret's text, 32 bytes. */
export const secretHash = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const secretOf = (ctx: Context): string => base64url(ctx.primitives.random(32));

/** The live session of a cookie, marked as seen now; null when there is none. */
export async function find(ctx: Context, secret: string): Promise<Session | null> {
	if (!/^[A-Za-z0-9_-]{43}$/.test(secret)) return null;
	return ctx.tx(async (tx) => {
		const [row] = await tx<Session[]>`
			select id, person, client, role, name, email, locale, operator,
				coalesce(step_up_at > app.now() - make_interval(mins => ${limits.stepUpMinutes}), false) as "steppedUp",
				created_at + make_interval(hours => ${limits.absoluteHours}) as "endsAt", hand_over as "handOver", handed_to as "handedTo"
			from app.session_by_hash(${secretHash(secret)}, make_interval(mins => ${limits.idleMinutes}), make_interval(hours => ${limits.absoluteHours}))`;
		return row ?? null;
	});
}

/** Throws `unauthenticated` `session-ended` when a session has ended meanwhile, or was locked; asking does not keep it alive. */
export async function requireAlive(ctx: Context, session: Pick<Session, 'id'> | null): Promise<void> {
	const [row] = await ctx.tx(
		(tx) => tx`
			select from session where id = ${session?.id ?? null} and ended_at is null and hand_over is null and seen_at > app.now() - make_interval(mins => ${limits.idleMinutes})
			and created_at > app.now() - make_interval(hours => ${limits.absoluteHours})`
	);
	if (!row) throw new DomainError('unauthenticated', 'session-ended');
}

/** From here this transaction is that person's, and their client's when they have one that is active: the last they worked for, else the oldest. */
export async function become(tx: Tx, person: string): Promise<string | null> {
	await tx`select set_config('app.actor', ${person}, true), set_config('app.client', '', true)`;
	const [row] = await tx<{ client: string }[]>`
		select m.client from member m left join session s on s.person = m.person and s.client = m.client
		where m.person = ${person} and m.active order by s.created_at desc nulls last, m.since, m.client limit 1`;
	if (row) await tx`select set_config('app.client', ${row.client}, true)`;
	return row?.client ?? null;
}

/** Starts a session of a person who has just proved who they are, in that proof's transaction. Returns the cookie's secret. */
export async function start(ctx: Context, tx: Tx, person: string, how: { readonly by: 'password' | 'passkey' | 'setup'; readonly agent: string }): Promise<string> {
	const client = await become(tx, person);
	const secret = secretOf(ctx);
	const [row] = await tx<[{ id: string }]>`
		insert into session (hash, person, client, user_agent, step_up_at)
		values (${secretHash(secret)}, ${person}, ${client}, ${how.agent.slice(0, 300)}, app.now()) returning id`;
	await append(tx, { op: 'session.start', safe: null, obj: row.id, values: { by: how.by, agent: how.agent.slice(0, 300) } });
	return secret;
}

/** Replaces a session by one that has stepped up, in the proof's transaction: new secret, same end. `unauthenticated` when it has ended. */
export async function rotate(ctx: Context, tx: Tx, session: Session, by: 'password' | 'passkey'): Promise<string> {
	const secret = secretOf(ctx);
	const [row] = await tx<{ id: string }[]>`
		with old as (update session set ended_at = app.now() where id = ${session.id} and ended_at is null returning person, client, user_agent, created_at)
		insert into session (hash, person, client, user_agent, created_at, step_up_at)
		select ${secretHash(secret)}, person, client, user_agent, created_at, app.now() from old returning id`;
	if (!row) throw new DomainError('unauthenticated', 'session-ended');
	await append(tx, { op: 'session.step-up', safe: null, obj: row.id, values: { by } });
	return secret;
}

/** The asker's live sessions, last seen first. */
export async function list(ctx: Context): Promise<Listed[]> {
	return ctx.tx(
		(tx) => tx<Listed[]>`
			select id, user_agent as agent, created_at as "createdAt", seen_at as "seenAt" from session
			where person = ${ctx.actor.person} and ended_at is null and seen_at > app.now() - make_interval(mins => ${limits.idleMinutes})
			and created_at > app.now() - make_interval(hours => ${limits.absoluteHours}) order by seen_at desc, id`
	);
}

/** Ends a session of the asker's; every process refuses it at its next request. `not-found` for another's or one that ended. */
export async function end(ctx: Context, id: string): Promise<void> {
	await ctx.tx(async (tx) => {
		const rows = await tx`update session set ended_at = app.now() where id::text = ${id} and person = ${ctx.actor.person} and ended_at is null`;
		if (!rows.count) throw new DomainError('not-found', 'session');
		await append(tx, { op: 'session.end', safe: null, obj: id });
	});
}

/** Ends all of a person's sessions but one, or all, inside a transaction of theirs (a new password, a removed passkey). Returns how many. */
export async function endOthers(tx: Tx, session: { readonly id: string | null; readonly person: string }): Promise<number> {
	const rows = await tx<{ id: string }[]>`
		update session set ended_at = app.now() where person = ${session.person} and ended_at is null and id is distinct from ${session.id}::uuid returning id`;
	for (const { id } of rows) await append(tx, { op: 'session.end', safe: null, obj: id });
	return rows.length;
}

/** Works for another client from now on. `forbidden` when the asker is no active member of it. */
export async function choose(ctx: Context, session: Session, client: string): Promise<void> {
	const rows = await ctx.tx(
		(tx) => tx`
			update session set client = m.client from member m
			where session.id = ${session.id} and m.person = session.person and m.client::text = ${client} and m.active`
	);
	if (!rows.count) throw new DomainError('forbidden', 'no-member');
}

/** Throws `forbidden` `step-up-needed` unless the session has proved itself lately; the refusal is an event. */
export async function requireStepUp(ctx: Context, session: Session): Promise<void> {
	if (session.steppedUp) return;
	await guarded(ctx, { op: 'session.step-up', safe: null, obj: session.id }, () => Promise.reject(new DomainError('forbidden', 'step-up-needed')));
}
