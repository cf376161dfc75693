// What a registration officer sees: the queue, one check with what was read beside what was declared, and its images, each look at one being an event.

import { append } from '../audit/append.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { isId } from '../safes.ts';
import type { CheckState, Document } from './capture.ts';
import { requireOfficer } from './officers.ts';
import type { ReadDocument } from './read.ts';
import { images, openReading, readImage, type Keyed } from './store.ts';

export interface Queued {
	readonly id: string;
	readonly state: CheckState;
	readonly surname: string;
	readonly givenNames: string;
	readonly document: Document;
	readonly reference: string;
	readonly submittedAt: Date;
	readonly decidedAt: Date | null;
	readonly findings: readonly string[];
	/** An officer has accepted; another one has to. */
	readonly halfway: boolean;
	/** It stands on one accepted before. */
	readonly reused: boolean;
}

export interface Decision {
	readonly officer: string;
	readonly name: string;
	readonly verdict: 'accept' | 'refuse' | 'again';
	readonly reason: string;
	readonly at: Date;
}

export interface Review extends Queued {
	readonly birthDate: string | null;
	readonly email: string;
	readonly images: readonly { readonly id: string; readonly side: 'front' | 'back' }[];
	/** Null when nothing was read, or after the images were erased. */
	readonly reading: ReadDocument | null;
	readonly decisions: readonly Decision[];
	readonly eraseAt: Date | null;
	readonly erasedAt: Date | null;
	readonly validUntil: Date | null;
	/** The asker is this signer, or another one of the same envelope: they may not decide. */
	readonly party: boolean;
}

export type Shelf = 'waiting' | 'decided';

const columns = (tx: Tx) => tx`k.id, k.state, k.surname, k.given_names as "givenNames", k.document, e.reference, k.submitted_at as "submittedAt", k.decided_at as "decidedAt", k.findings, k.reused is not null as reused,
	k.state = 'to-review' and exists (select from identity_decision d where d.identity_check = k.id and d.verdict = 'accept') as halfway`;
const joined = (tx: Tx) => tx`identity_check k join signer s on s.id = k.signer join envelope e on e.id = s.envelope`;

/** The client's checks, at most 200: those that wait, longest first, or those decided, newest first. Needs to be an officer. */
export async function queue(ctx: Context, shelf: Shelf): Promise<Queued[]> {
	await requireOfficer(ctx, 'identity.open', ctx.actor.client ?? 'none');
	return ctx.tx((tx) =>
		shelf === 'waiting'
			? tx<Queued[]>`select ${columns(tx)} from ${joined(tx)} where k.client = ${ctx.actor.client} and k.state in ('reading', 'to-review') order by k.submitted_at, k.id limit 200`
			: tx<Queued[]>`select ${columns(tx)} from ${joined(tx)} where k.client = ${ctx.actor.client} and k.state in ('accepted', 'refused', 'again') and k.reused is null order by k.decided_at desc, k.id limit 200`
	);
}

/** Whether the asker signs in the same envelope, by address or by name: never a party to the document. */
export const isParty = (tx: Tx, check: string, person: string) => tx<{ party: boolean }[]>`
	select exists (
		select from identity_check k join signer own on own.id = k.signer join signer s on s.envelope = own.envelope join person p on p.id = ${person}
		where k.id = ${check} and (s.email = p.email or lower(btrim(s.name)) = lower(btrim(p.name)) or lower(concat_ws(' ', s.given_names, s.surname)) = lower(btrim(p.name)))) as party`;

interface Row extends Omit<Review, 'images' | 'reading' | 'decisions' | 'party'>, Keyed {
	readonly sealed: Uint8Array | null;
}

/** One check with all that is known of it. Needs to be an officer; `not-found` / `identity-check`. */
export async function review(ctx: Context, check: string): Promise<Review> {
	const officer = await requireOfficer(ctx, 'identity.open', isId(check) ? check : (ctx.actor.client ?? 'none'));
	const found = isId(check) ? await ctx.tx(async (tx) => {
		const [row] = await tx<Row[]>`
			select ${columns(tx)}, k.client, k.wrapped_key as "wrappedKey", k.birth_date::text as "birthDate", k.email, k.reading as sealed, k.erase_at as "eraseAt", k.erased_at as "erasedAt", k.valid_until as "validUntil"
			from ${joined(tx)} where k.id = ${check} and k.client = ${ctx.actor.client}`;
		if (!row) return null;
		const decisions = await tx<Decision[]>`select d.officer, p.name, d.verdict, d.reason, d.at from identity_decision d join person p on p.id = d.officer where d.identity_check = ${check} order by d.at`;
		const [{ party } = { party: true }] = await isParty(tx, check, officer);
		return { row, decisions, party };
	}) : null;
	if (!found) throw new DomainError('not-found', 'identity-check');
	const { wrappedKey, sealed, client, ...row } = found.row;
	const shown = await images(ctx, check);
	const reading = sealed && wrappedKey ? (JSON.parse(await openReading(ctx, { id: check, client, wrappedKey }, sealed)) as ReadDocument) : null;
	return { ...row, images: shown.map(({ id, side }) => ({ id, side })), reading, decisions: found.decisions, party: found.party };
}

export interface Shown {
	readonly mediaType: string;
	readonly bytes: Uint8Array;
}

/**
 * One image, the look at it logged first. Needs to be an officer and, once the check is decided, to say why (`invalid` / `identity-why`, 5 to 200 characters).
 * `not-found` / `identity-image`, `forbidden` / `own-identity` for a party to the document.
 */
export async function openImage(ctx: Context, input: { readonly check: string; readonly image: string; readonly why: string }): Promise<Shown> {
	const officer = await requireOfficer(ctx, 'identity.open', isId(input.check) ? input.check : (ctx.actor.client ?? 'none'));
	const none = new DomainError('not-found', 'identity-image');
	if (!isId(input.check) || !isId(input.image)) throw none;
	const [row] = await ctx.tx((tx) => tx<(Keyed & { state: CheckState; safe: string })[]>`
		select k.id, k.client, k.wrapped_key as "wrappedKey", k.state, e.safe from ${joined(tx)} where k.id = ${input.check} and k.client = ${ctx.actor.client}`);
	const image = row && (await images(ctx, row.id)).find(({ id }) => id === input.image);
	if (!row || !image) throw none;
	const why = row.state === 'to-review' ? 'review' : input.why.trim();
	if (why.length < 5 || why.length > 200) throw new DomainError('invalid', 'identity-why');
	const allowed = await ctx.tx(async (tx) => {
		const [{ party } = { party: true }] = await isParty(tx, row.id, officer);
		await append(tx, { op: 'identity.open', safe: row.safe, obj: row.id, res: party ? 'denied' : 'ok', values: { image: image.id, why } });
		return !party;
	});
	if (!allowed) throw new DomainError('forbidden', 'own-identity');
	return { mediaType: image.mediaType, bytes: await readImage(ctx, row, image) };
}
