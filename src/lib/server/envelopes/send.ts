// Sending, cancelling, following: what the sender does with an envelope.

import { append, appendRefusal } from '../audit/append.ts';
import * as clients from '../clients.ts';
import type { Context } from '../context.ts';
import * as credits from '../credits.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import * as safes from '../safes.ts';
import { freeze } from './freeze.ts';
import { holdEnvelope, type EnvelopeState } from './turnstile.ts';

export type SignerState = 'waiting' | 'invited' | 'opened' | 'signing' | 'signed' | 'declined';

export interface SignerView {
	readonly id: string;
	readonly position: number;
	readonly name: string;
	readonly email: string;
	readonly number: string;
	readonly locale: 'fr' | 'en';
	readonly state: SignerState;
	readonly signedAt: Date | null;
	readonly declineReason: string | null;
	/** Of the last message to them. */
	readonly message: { readonly kind: string; readonly state: string } | null;
	/** Signed, its timestamp still asked for. */
	readonly pending: boolean;
	readonly level: 1 | 2;
	/** Declared, at level 2. */
	readonly surname: string | null;
	readonly givenNames: string | null;
	readonly birthDate: string | null;
	/** Where the check of their identity stands; `none` before they began one, null at level 1. */
	readonly identity: 'none' | 'capturing' | 'reading' | 'to-review' | 'accepted' | 'refused' | 'again' | 'ended' | null;
}

export interface EnvelopeView {
	readonly id: string;
	readonly safe: string;
	readonly document: string;
	readonly reference: string;
	readonly title: string;
	readonly note: string;
	readonly state: EnvelopeState;
	readonly currentVersion: string;
	readonly createdAt: Date;
	readonly sentAt: Date | null;
	readonly expiresAt: Date;
	readonly closedAt: Date | null;
	/** The sender's words when cancelling; null when there were none. */
	readonly cancelReason: string | null;
	/** The document that is its evidence file; null until it is made. */
	readonly evidence: string | null;
}

const columns = (tx: Tx) => tx`id, safe, document, reference, title, note, state, current_version as "currentVersion", created_at as "createdAt", sent_at as "sentAt", expires_at as "expiresAt", closed_at as "closedAt", cancel_reason as "cancelReason", evidence`;

/** The envelope, for one who has the right in its safe. `not-found` / `envelope` otherwise. */
export async function find(ctx: Context, id: string, right: safes.Right): Promise<EnvelopeView> {
	const [row] = safes.isId(id) ? await ctx.tx((tx) => tx<EnvelopeView[]>`select ${columns(tx)} from envelope where id = ${id} and client = ${ctx.actor.client}`) : [];
	if (!row) throw new DomainError('not-found', 'envelope');
	await safes.require(ctx, row.safe, right);
	return row;
}

/** An envelope with its signers in order. Needs `send`. */
export async function follow(ctx: Context, id: string): Promise<EnvelopeView & { readonly signers: readonly SignerView[] }> {
	const envelope = await find(ctx, id, 'send');
	const signers = await ctx.tx(
		(tx) => tx<SignerView[]>`
			select s.id, s.position, s.name, s.email, s.number, s.locale, s.state, s.signed_at as "signedAt", s.decline_reason as "declineReason",
				s.level, s.surname, s.given_names as "givenNames", s.birth_date::text as "birthDate", (select i.state from app.identity_states(s.envelope) i where i.signer = s.id) as identity,
				(select jsonb_build_object('kind', m.kind, 'state', m.state) from message m join link l on l.id = m.subject where l.signer = s.id order by m.created_at desc limit 1) as message,
				exists (select from signing_intent i where i.signer = s.id and i.state = 'signed') as pending
			from signer s where s.envelope = ${id} order by s.position`
	);
	return { ...envelope, signers };
}

/** Envelopes of the safes the asker may send from, newest first, at most 200. */
export async function list(ctx: Context, state?: EnvelopeState): Promise<(EnvelopeView & { readonly signed: number; readonly total: number })[]> {
	return ctx.tx(
		(tx) => tx`
			select ${columns(tx)}, (select count(*)::int from signer s where s.envelope = e.id and s.state = 'signed') as signed, (select count(*)::int from signer s where s.envelope = e.id) as total
			from envelope e where client = ${ctx.actor.client} and (${state ?? null}::text is null or state = ${state ?? null})
			and safe in (select r.safe from safe_right r where r.person = ${ctx.actor.person} and 'send' = any (r.rights)) order by created_at desc limit 200` as unknown as Promise<(EnvelopeView & { signed: number; total: number })[]>
	);
}

/** A new link for a signer, mailed by the worker in the words of that kind; the one before ends. */
export async function sendLink(tx: Tx, client: string, signer: string, kind: 'signing-link' | 'identity-accepted' | 'identity-again' = 'signing-link'): Promise<void> {
	await tx`update link set ended_at = app.now() where signer = ${signer} and ended_at is null`;
	const id = crypto.randomUUID();
	await tx`insert into link (id, client, signer) values (${id}, ${client}, ${signer})`;
	const message = crypto.randomUUID();
	await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${client}, ${kind}, 'mail', ${id})`;
	await enqueue(tx, 'messages.send', { message });
}

/** Sends a prepared envelope to its first signer. Needs `send`, a verified client (ACC-1: `client-not-verified`) and a credit for each signer (SIGN-10: `no-credit`). A second call changes nothing: `conflict`. */
export async function send(ctx: Context, id: string): Promise<void> {
	const envelope = await find(ctx, id, 'send');
	try {
		if (!(await clients.maySend(ctx))) throw new DomainError('forbidden', 'client-not-verified');
		await freeze(ctx, id);
		await ctx.tx(async (tx) => {
			const { count } = await tx`update envelope set state = 'waiting', sent_at = app.now() where id = ${id} and state = 'draft' and field_revision = base_field_revision and expires_at > app.now()`;
			if (!count) throw new DomainError('conflict', 'envelope-state');
			await credits.hold(tx, ctx, id);
			const [first] = await tx<[{ id: string; client: string }]>`update signer set state = 'invited' where envelope = ${id} and position = 1 returning id, client`;
			await append(tx, { op: 'envelope.send', safe: envelope.safe, obj: id });
			await sendLink(tx, first.client, first.id);
		});
	} catch (error) {
		if (error instanceof DomainError) await appendRefusal(ctx, { op: 'envelope.send', safe: envelope.safe, obj: id, values: { reason: error.reason } });
		throw error;
	}
}

/** Sends the signer whose turn it is a new link; the old one ends. Needs `send`. */
export async function remind(ctx: Context, id: string): Promise<void> {
	const envelope = await find(ctx, id, 'send');
	await ctx.tx(async (tx) => {
		await holdEnvelope(tx, id);
		const [turn] = await tx<{ id: string; client: string }[]>`select s.id, s.client from signer s join envelope e on e.id = s.envelope where e.id = ${id} and e.state = 'waiting' and s.state in ('invited', 'opened') order by s.position limit 1`;
		if (!turn) throw new DomainError('conflict', 'envelope-state');
		const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`remind:${turn.id}`}, interval '1 day') as n`;
		if (n > 3) throw new DomainError('too-many', 'reminders', { retryAfter: 86_400 });
		await append(tx, { op: 'envelope.remind', safe: envelope.safe, obj: id });
		await sendLink(tx, turn.client, turn.id);
	});
}

/** Ends links, sessions and challenges of an envelope's signers, tells those who were invited, and gives back the credits of those who did not sign; those who signed or declined still see what they did. */
export async function closeDoors(tx: Tx, client: string, envelope: string): Promise<void> {
	const invited = await tx<{ id: string }[]>`select id from signer where envelope = ${envelope} and state not in ('waiting', 'declined') order by position`;
	for (const { id } of invited) {
		const message = crypto.randomUUID();
		await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${client}, 'closed', 'mail', ${id})`;
		await enqueue(tx, 'messages.send', { message });
	}
	await tx`update link set ended_at = app.now() where ended_at is null and signer in (select id from signer where envelope = ${envelope})`;
	await tx`update signing_session set ended_at = app.now() where ended_at is null and signer in (select id from signer where envelope = ${envelope} and state not in ('signed', 'declined'))`;
	await tx`update challenge set ended_at = app.now() where ended_at is null and signer in (select id from signer where envelope = ${envelope})`;
	await credits.giveBack(tx, envelope);
}

/**
 * Cancels an envelope that is not complete, with words to those invited if the sender likes. Signatures already given stay in the document's versions. Needs `send`.
 * `conflict`: `envelope-state`, or `being-signed` while a signature whose code was accepted is being made.
 */
export async function cancel(ctx: Context, id: string, reason = ''): Promise<void> {
	const envelope = await find(ctx, id, 'send');
	const words = reason.trim().slice(0, 1000);
	try {
		await ctx.tx(async (tx) => {
			const held = await holdEnvelope(tx, id);
			if (held?.state !== 'draft' && held?.state !== 'waiting') throw new DomainError('conflict', 'envelope-state');
			if (held.signing) throw new DomainError('conflict', 'being-signed');
			const [{ client }] = await tx<[{ client: string }]>`update envelope set state = 'cancelled', closed_at = app.now(), cancel_reason = ${words || null} where id = ${id} returning client`;
			await closeDoors(tx, client, id);
			await append(tx, { op: 'envelope.cancel', safe: envelope.safe, obj: id, values: words ? { reason: words } : {} });
		});
	} catch (error) {
		if (error instanceof DomainError) await appendRefusal(ctx, { op: 'envelope.cancel', safe: envelope.safe, obj: id, values: { reason: error.reason } });
		throw error;
	}
}
