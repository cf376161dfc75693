// In person (SIGN-6, SIGN-14): the sender hands their device to a signer. Their session is locked for that browser, and the signer's own begins on the same screen, for that one envelope.
// Taken back by whoever proves to be the sender; the signer's session ends with it. The lock itself is in hooks.server.ts: one place, before every route.

import { createHash } from 'node:crypto';
import { append, appendRefusal } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { stepUp, type Caller } from '../identity/login.ts';
import * as passkeys from '../identity/passkeys.ts';
import type { Session } from '../identity/sessions.ts';
import * as safes from '../safes.ts';
import type { From } from './door.ts';
import { find, type SignerState } from './send.ts';
import { holdEnvelope } from './turnstile.ts';

/** Ends what a hand-over of this signer's gave them, in a transaction that holds the envelope. */
async function endEarlier(tx: Tx, signer: string): Promise<void> {
	await tx`update hand_over set ended_at = app.now() where signer = ${signer} and ended_at is null`;
	await tx`update signing_session set ended_at = app.now() where signer = ${signer} and ended_at is null`;
	await tx`update challenge set ended_at = app.now() where signer = ${signer} and ended_at is null`;
}

/**
 * Locks the session and opens the signer's; answers the secret of the signer's cookie, one of its own each time. Needs `send`.
 * `not-found` / `signer`; `forbidden` / `not-in-person` for one who signs by a link; `conflict`: `envelope-state`, `not-their-turn`.
 */
export async function handOver(ctx: Context, session: Session, at: { readonly envelope: string; readonly signer: string }, from: From): Promise<string> {
	const envelope = await find(ctx, at.envelope, 'send');
	if (!safes.isId(at.signer)) throw await safes.missing(ctx, 'signer', at.signer, 'send');
	const secret = Buffer.from(ctx.primitives.random(32)).toString('base64url');
	return guarded(ctx, { op: 'signer.hand-over', safe: envelope.safe, obj: at.signer }, () =>
		ctx.tx(async (tx) => {
			const held = await holdEnvelope(tx, envelope.id);
			const [row] = await tx<{ client: string; state: SignerState; inPerson: boolean; level: number }[]>`
				select client, state, in_person as "inPerson", level from signer where id = ${at.signer} and envelope = ${envelope.id} for no key update`;
			if (!row) throw new DomainError('not-found', 'signer');
			if (!row.inPerson) throw new DomainError('forbidden', 'not-in-person');
			if (held?.state !== 'waiting' || held.expired) throw new DomainError('conflict', 'envelope-state');
			if (row.state !== 'invited' && row.state !== 'opened') throw new DomainError('conflict', 'not-their-turn');
			await endEarlier(tx, at.signer);
			const id = crypto.randomUUID();
			await tx`insert into hand_over (id, client, signer, person, session) values (${id}, ${row.client}, ${at.signer}, ${session.person}, ${session.id})`;
			await tx`insert into signing_session (hash, client, signer, hand_over) values (${createHash('sha256').update(secret).digest()}, ${row.client}, ${at.signer}, ${id})`;
			await tx`update signer set state = 'opened' where id = ${at.signer}`;
			const { count } = await tx`update session set hand_over = ${id} where id = ${session.id} and ended_at is null and hand_over is null`;
			if (!count) throw new DomainError('unauthenticated', 'session-ended');
			await append(tx, { op: 'signer.hand-over', safe: envelope.safe, obj: at.signer, values: { class: row.level === 0 ? 'digitised, no code' : 'level 1, code', address: from.address, agent: from.agent } });
			await append(tx, { op: 'session.lock', safe: null, obj: session.id, values: { 'hand-over': id } });
			return secret;
		})
	);
}

export interface Handed {
	readonly envelope: string;
	readonly title: string;
	readonly reference: string;
	/** To whom. */
	readonly name: string;
	/** They can still go on. */
	readonly open: boolean;
	/** They have signed. */
	readonly signed: boolean;
}

/** What the page of a locked session says. `ctx` is that of its person. */
export async function handed(ctx: Context, session: Session): Promise<Handed> {
	const [row] = await ctx.tx(
		(tx) => tx<Handed[]>`
			select e.id as envelope, e.title, e.reference, s.name, h.ended_at is null as open, s.state in ('signing', 'signed') as signed
			from hand_over h join signer s on s.id = h.signer join envelope e on e.id = s.envelope where h.id = ${session.handOver}`
	);
	if (!row) throw new DomainError('not-found', 'envelope');
	return row;
}

/** The session is unlocked by its being rotated; the signer's ends in the same transaction. */
const takeBack = (session: Session) => async (tx: Tx) => {
	const [at] = await tx<{ signer: string; envelope: string; safe: string; live: boolean }[]>`
		select h.signer, s.envelope, e.safe, h.ended_at is null as live from hand_over h join signer s on s.id = h.signer join envelope e on e.id = s.envelope where h.id = ${session.handOver}`;
	if (!at) throw new DomainError('not-found', 'envelope');
	await holdEnvelope(tx, at.envelope);
	if (at.live) await endEarlier(tx, at.signer);
	await append(tx, { op: 'signer.hand-back', safe: at.safe, obj: at.signer });
	await append(tx, { op: 'session.unlock', safe: null, obj: session.id });
	await tx`select pg_notify('signer', ${at.signer})`;
};

/** By one's password; answers the new cookie's secret. `unauthenticated` / `wrong-password`, an event. */
export const unlockByPassword = (ctx: Context, caller: Caller, session: Session, password: string): Promise<string> => stepUp(ctx, caller, session, password, takeBack(session));

/** By one's passkey; answers the new cookie's secret. `unauthenticated` / `passkey-refused`, an event. */
export const unlockByPasskey = (ctx: Context, caller: Caller, session: Session, answer: string): Promise<string> => passkeys.stepUp(ctx, caller, session, answer, takeBack(session));

/** What a locked session asked for and may not have: an event. `forbidden` / `session-locked`. */
export async function refuseLocked(ctx: Context, session: Session, route: string | null): Promise<DomainError> {
	await appendRefusal(ctx, { op: 'session.lock', safe: null, obj: session.id, values: { reason: 'session-locked', route: route ?? 'none' } });
	return new DomainError('forbidden', 'session-locked');
}
