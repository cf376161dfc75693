// Sending, cancelling, following: what the sender does with an envelope.

import { append } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import * as clients from '../clients.ts';
import type { Context } from '../context.ts';
import * as credits from '../credits.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import * as safes from '../safes.ts';
import { freeze } from './freeze.ts';
import { sendLink } from './link.ts';
import { recordProcedure } from './procedure.ts';
import { noteSharing, sharedIn, sharingDigest } from './sharing.ts';
import { advance } from './steps.ts';
import { holdEnvelope, type EnvelopeState } from './turnstile.ts';

export type SignerState = 'waiting' | 'invited' | 'opened' | 'signing' | 'signed' | 'approved' | 'declined' | 'spared';
export type Role = 'signer' | 'approver' | 'copy';

export interface SignerView {
	readonly id: string;
	readonly position: number;
	/** Those of one step are asked together. */
	readonly step: number;
	readonly role: Role;
	/** The head of their group, of which one suffices; null: a place of their own. */
	readonly groupOf: string | null;
	readonly name: string;
	readonly email: string;
	/** Empty when an approver or a copy has none. */
	readonly number: string;
	readonly locale: 'fr' | 'en';
	readonly state: SignerState;
	/** Or approved. */
	readonly signedAt: Date | null;
	readonly declineReason: string | null;
	/** The last mail to them. `tries`: how often it was not taken. */
	readonly message: { readonly id: string; readonly kind: string; readonly state: string; readonly tries: number; readonly refused: boolean; /** ISO 8601. */ readonly nextTry: string; /** As its carrier says; null: it has not said. */ readonly delivery: 'delivered' | 'undelivered' | null; readonly reason: string | null } | null;
	/** What became of the last code sent to them: taken by no provider yet or never, or as its provider says. */
	readonly codeDelivery: 'delayed' | 'refused' | 'delivered' | 'undelivered' | null;
	/** Their attestation is made. */
	readonly attested: boolean;
	/** Of the last mail with the signed document. */
	readonly copy: string | null;
	/** Signed, its timestamp still asked for. */
	readonly pending: boolean;
	/** Their code was accepted and the signature did not come about: made again of its own accord, or they have to ask for another code. */
	readonly trouble: 'retrying' | 'failed' | null;
	/** They want no more reminders. */
	readonly quiet: boolean;
	readonly level: 0 | 1 | 2;
	/** Level 1 in their own name. */
	readonly advanced: boolean;
	/** By hand-over of the sender's device, and not by a link. */
	readonly inPerson: boolean;
	/** Declared, at level 2 or in their own name. */
	readonly surname: string | null;
	readonly givenNames: string | null;
	readonly birthDate: string | null;
	/** For whom they sign, as the sender said; null: for themselves, or it is asked of them. */
	readonly organisation: string | null;
	readonly capacity: string | null;
	readonly capacityAsked: boolean;
	readonly mandateAsked: boolean;
	/** The document that is their mandate. */
	readonly mandate: string | null;
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
	/** What every signature reached at completion; null: not complete, or completed before this was kept. */
	readonly proofLevel: string | null;
	/** Everyone has signed, and what makes it last could not be had yet: it is asked for again. */
	readonly awaits: boolean;
	/** Drawn up on the spot: its fields are made with it. */
	readonly minutes: boolean;
	/** What it was made from. */
	readonly template: { readonly id: string; readonly name: string; readonly number: number } | null;
}

/** As an envelope is shown; of the table `envelope`. */
export const columns = (tx: Tx) => tx`id, safe, document, reference, title, note, state, current_version as "currentVersion", created_at as "createdAt", sent_at as "sentAt", expires_at as "expiresAt", closed_at as "closedAt", cancel_reason as "cancelReason", evidence, proof_level as "proofLevel", awaits is not null as awaits, exists (select from minutes m where m.envelope = envelope.id) as minutes,
	(select jsonb_build_object('id', t.id, 'name', t.name, 'number', template_number) from template t where t.id = envelope.template) as template`;

/** The envelope, for one who has the right in its safe. `not-found` / `envelope` otherwise. */
export async function find(ctx: Context, id: string, right: safes.Right): Promise<EnvelopeView> {
	const [row] = safes.isId(id) ? await ctx.tx((tx) => tx<EnvelopeView[]>`select ${columns(tx)} from envelope where id = ${id} and client = ${ctx.actor.client}`) : [];
	if (!row) throw await safes.missing(ctx, 'envelope', id, right);
	await safes.require(ctx, row.safe, right);
	return row;
}

/** An envelope with its signers in order. Needs `send`. */
export async function follow(ctx: Context, id: string): Promise<EnvelopeView & { readonly signers: readonly SignerView[] }> {
	const envelope = await find(ctx, id, 'send');
	const signers = await ctx.tx(
		(tx) => tx<SignerView[]>`
			select s.id, s.position, s.step, s.role, s.group_of as "groupOf", s.name, s.email, coalesce(s.number, '') as number, s.locale, s.state, coalesce(s.signed_at, s.approved_at) as "signedAt", s.decline_reason as "declineReason",
				s.organisation, s.capacity, s.capacity_asked as "capacityAsked", s.mandate_asked as "mandateAsked", s.mandate,
				s.level, s.advanced, s.in_person as "inPerson", s.surname, s.given_names as "givenNames", s.birth_date::text as "birthDate", (select i.state from app.identity_states(s.envelope) i where i.signer = s.id) as identity,
				(select jsonb_build_object('id', m.id, 'kind', m.kind, 'state', m.state, 'tries', m.tries, 'refused', m.refused, 'nextTry', m.next_try, 'delivery', m.delivery, 'reason', m.delivery_reason) from message m
					where (m.subject = s.id and m.kind in ('signed-copy', 'closed') or m.subject in (select l.id from link l where l.signer = s.id)) order by m.created_at desc limit 1) as message,
				(select case when m.state = 'failed' then 'refused' when m.state = 'waiting' and m.tries > 0 then 'delayed' else m.delivery end from message m join challenge h on h.id = m.subject where h.signer = s.id and m.kind = 'code' order by m.created_at desc limit 1) as "codeDelivery",
				app.reminders_stopped(s) as quiet, s.attestation is not null as attested, (select m.state from message m where m.subject = s.id and m.kind = 'signed-copy' order by m.created_at desc limit 1) as copy,
				exists (select from signing_intent i where i.signer = s.id and i.state = 'signed') as pending,
				(select case when i.state = 'failed' and s.state = 'opened' then 'failed' when i.state in ('ready', 'signed') and i.failures > 0 then 'retrying' end from signing_intent i where i.signer = s.id order by i.place desc limit 1) as trouble
			from signer s where s.envelope = ${id} order by s.role = 'copy', s.step, s.position`
	);
	return { ...envelope, signers };
}

/** Sends a prepared envelope to everyone of its first step. Needs `send`, a verified client (ACC-1: `client-not-verified`), a credit for each signer (SIGN-10: `no-credit`), and contacts that its people do not share, or what is shared confirmed (SIGN-21: `invalid` / `sharing-unconfirmed`). A second call changes nothing: `conflict`. */
export async function send(ctx: Context, id: string): Promise<void> {
	const envelope = await find(ctx, id, 'send');
	await guarded(ctx, { op: 'envelope.send', safe: envelope.safe, obj: id }, async () => {
		if (!(await clients.maySend(ctx))) throw new DomainError('forbidden', 'client-not-verified');
		await freeze(ctx, id);
		await ctx.tx(async (tx) => {
			const [sent] = await tx<{ client: string; confirmed: string | null }[]>`update envelope set state = 'waiting', sent_at = app.now() where id = ${id} and state = 'draft' and field_revision = base_field_revision and expires_at > app.now() returning client, sharing_confirmed as confirmed`;
			if (!sent) throw new DomainError('conflict', 'envelope-state');
			const shared = await sharedIn(tx, id);
			if (shared.length && sharingDigest(shared) !== sent.confirmed) throw new DomainError('invalid', 'sharing-unconfirmed');
			await noteSharing(ctx, tx, { envelope: id, safe: envelope.safe, client: sent.client, noted: 'send', signer: null }, shared);
			await credits.hold(tx, ctx, id);
			await append(tx, { op: 'envelope.send', safe: envelope.safe, obj: id, values: await recordProcedure(ctx, tx, id) });
			await advance(tx, sent.client, id);
		});
	});
}

/** Sends everyone whose turn it is, and who has not stopped reminders, a new link; the old ones end. Needs `send`. `conflict`: `envelope-state`, `reminders-stopped` when nobody wants any; `too-many` / `reminders`: once an hour. */
export async function remind(ctx: Context, id: string): Promise<void> {
	const envelope = await find(ctx, id, 'send');
	await guarded(ctx, { op: 'envelope.remind', safe: envelope.safe, obj: id }, () =>
		ctx.tx(async (tx) => {
			await holdEnvelope(tx, id);
			const invited = await tx<{ id: string; client: string; stopped: boolean }[]>`select s.id, s.client, app.reminders_stopped(s) as stopped from signer s join envelope e on e.id = s.envelope where e.id = ${id} and e.state = 'waiting' and s.state in ('invited', 'opened') and not s.in_person order by s.position`;
			if (!invited.length) throw new DomainError('conflict', 'envelope-state');
			const asked = invited.filter(({ stopped }) => !stopped);
			if (!asked.length) throw new DomainError('conflict', 'reminders-stopped');
			const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`remind:${id}`}, interval '1 hour') as n`;
			if (n > 1) throw new DomainError('too-many', 'reminders', { retryAfter: 3600 });
			await append(tx, { op: 'envelope.remind', safe: envelope.safe, obj: id });
			for (const signer of asked) await sendLink(tx, signer.client, signer.id);
		})
	);
}

/** Ends links, sessions and challenges of an envelope's signers, tells those who were invited, and gives back the credits of those who did not sign; those who signed or declined still see what they did. */
export async function closeDoors(tx: Tx, client: string, envelope: string): Promise<void> {
	const invited = await tx<{ id: string }[]>`select id from signer where envelope = ${envelope} and state not in ('waiting', 'declined', 'spared') order by position`;
	for (const { id } of invited) {
		const message = crypto.randomUUID();
		await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${client}, 'closed', 'mail', ${id})`;
		await enqueue(tx, 'messages.send', { message });
	}
	await tx`update link set ended_at = app.now() where ended_at is null and signer in (select id from signer where envelope = ${envelope})`;
	await tx`update signing_session set ended_at = app.now() where ended_at is null and signer in (select id from signer where envelope = ${envelope} and state not in ('signed', 'approved', 'declined', 'spared'))`;
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
	await guarded(ctx, { op: 'envelope.cancel', safe: envelope.safe, obj: id }, () =>
		ctx.tx(async (tx) => {
			const held = await holdEnvelope(tx, id);
			if (held?.state !== 'draft' && held?.state !== 'waiting') throw new DomainError('conflict', 'envelope-state');
			if (held.signing) throw new DomainError('conflict', 'being-signed');
			const [{ client }] = await tx<[{ client: string }]>`update envelope set state = 'cancelled', closed_at = app.now(), cancel_reason = ${words || null} where id = ${id} returning client`;
			await closeDoors(tx, client, id);
			await append(tx, { op: 'envelope.cancel', safe: envelope.safe, obj: id, values: words ? { reason: words } : {} });
		})
	);
}
