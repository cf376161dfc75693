// Coming back for a signed document: what the link shows, which changes nothing, and the session on that document alone that a right code has opened.

import { createHash } from 'node:crypto';
import { withActor, type Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { maskNumber } from '../envelopes/contact.ts';
import { maximumTries } from '../envelopes/code-limits.ts';
import { DomainError } from '../errors.ts';
import { opened } from '../safes.ts';

/** SHA-256 of a link's or a cookie's secret. */
export const hashOf = (secret: string): Uint8Array => new Uint8Array(createHash('sha256').update(secret).digest());
/** 256 bits in base64url. */
export const secretShape = /^[A-Za-z0-9_-]{43}$/;

export interface Door {
	readonly live: boolean;
	/** The client's name. */
	readonly sender: string;
	readonly reference: string;
	readonly locale: 'fr' | 'en';
}

export interface Comer extends Door {
	readonly client: string;
	readonly signer: string;
}

/** Whose link it is. `gone` / `copy-gone` for one that nobody ever got. */
export async function comer(ctx: Context, secret: string): Promise<Comer> {
	const [row] = secretShape.test(secret) ? await ctx.tx((tx) => tx<Comer[]>`select client, signer, live, sender, reference, locale from app.signed_copy_by_hash(${hashOf(secret)})`) : [];
	if (!row) throw new DomainError('gone', 'copy-gone');
	return row;
}

/** One person's business with one signed document. */
export type CopyContext = Context & { readonly signer: string; readonly client: string; readonly envelope: string; readonly safe: string };

/** Their business; `gone` / `copy-gone` when the document is not to be had (any more). */
export async function within(ctx: Context, who: Comer): Promise<CopyContext> {
	if (!who.live) throw new DomainError('gone', 'copy-gone');
	const own = withActor(ctx, { person: null, client: who.client, via: 'link' });
	const [at] = await own.tx((tx) => tx<[{ envelope: string; safe: string }]>`select s.envelope, e.safe from signer s join envelope e on e.id = s.envelope where s.id = ${who.signer}`);
	return { ...opened(own, at.safe), signer: who.signer, client: who.client, ...at };
}

/** The version to be had: the last one, whose proof may have been renewed since. */
export const lastVersion = (tx: Tx, envelope: string) => tx`select v.id from version v join envelope e on e.document = v.document where e.id = ${envelope} order by v.number desc limit 1`;

type Outcome = 'right' | 'wrong' | 'expired' | 'exhausted';

/** The last attempt of this browser at that door. */
async function lastAttempt(tx: Tx, ctx: CopyContext, cookie: string | null): Promise<{ id: string; outcome: Outcome | null; open: boolean } | null> {
	if (!cookie || !secretShape.test(cookie)) return null;
	const [row] = await tx<{ id: string; outcome: Outcome | null; open: boolean }[]>`
		select id, outcome, coalesce(outcome = 'right', false) and ended_at is null and seen_at > app.now() - interval '30 minutes' and created_at > app.now() - interval '12 hours' as open
		from signed_copy_attempt where session = ${hashOf(cookie)} and signer = ${ctx.signer} order by created_at desc, id limit 1`;
	return row ?? null;
}

export interface Visit extends Door {
	/** `asked`: a code is good; `checking`: the worker has not looked yet; `open`: the document can be had. */
	readonly state: 'closed' | 'asked' | 'checking' | 'open';
	/** Where a code goes, hidden but for what its owner knows it by. */
	readonly to: { readonly channel: 'sms' | 'mail'; readonly masked: string } | null;
	readonly triesLeft: number;
	/** The SMS was not delivered, as its provider says. */
	readonly undelivered: boolean;
	/** Of the last try here. */
	readonly outcome: Outcome | null;
	readonly document: { readonly title: string; readonly size: number; readonly sha256: string } | null;
	/** Null: not theirs to have (they did not sign), or the session is not open. */
	readonly attestation: 'ready' | 'pending' | null;
}

const maskAddress = (email: string) => email.replace(/^(.).*@/, '$1•••@');

/** What stands at the door, and behind it once it is open. Changes nothing but the session's idle time. `gone` / `copy-gone` for a link nobody ever got. */
export async function visit(ctx: Context, secret: string, cookie: string | null): Promise<Visit> {
	const who = await comer(ctx, secret);
	const { live, sender, reference, locale } = who;
	const shut: Visit = { live, sender, reference, locale, state: 'closed', to: null, triesLeft: 0, undelivered: false, outcome: null, document: null, attestation: null };
	if (!live) return shut;
	const own = await within(ctx, who);
	return own.tx(async (tx) => {
		const last = await lastAttempt(tx, own, cookie); // before the tries: what is said to be left counts it
		const [person] = await tx<[{ number: string | null; email: string; role: string; attestation: string | null; title: string; tries: number | null; delivery: string | null }]>`
			select s.number, s.email, s.role, s.attestation, e.title, c.tries, (select m.delivery from message m where m.subject = c.id order by m.created_at desc limit 1) as delivery
			from signer s join envelope e on e.id = s.envelope left join signed_copy_challenge c on c.signer = s.id and c.ended_at is null and c.expires_at > app.now() where s.id = ${own.signer}`;
		const to = person.number ? { channel: 'sms' as const, masked: maskNumber(person.number) } : { channel: 'mail' as const, masked: maskAddress(person.email) };
		const triesLeft = person.tries === null ? 0 : Math.max(0, maximumTries - person.tries);
		if (!last?.open) return { ...shut, to, triesLeft, undelivered: person.delivery === 'undelivered', outcome: last?.outcome === 'right' ? null : (last?.outcome ?? null), state: last && last.outcome === null ? 'checking' : triesLeft ? 'asked' : 'closed' };
		await tx`update signed_copy_attempt set seen_at = app.now() where id = ${last.id}`;
		const [version] = await tx<[{ size: string; sha256: string }]>`select size, encode(sha256, 'hex') as sha256 from version where id = (${lastVersion(tx, own.envelope)})`;
		return { ...shut, to, state: 'open', document: { title: person.title, size: Number(version.size), sha256: version.sha256 }, attestation: person.role !== 'signer' ? null : person.attestation ? 'ready' : 'pending' };
	});
}

/** The context of an open session at this door, seen now. `unauthenticated` / `copy-session` without one. */
export async function inside(ctx: Context, secret: string, cookie: string | null): Promise<CopyContext> {
	const own = await within(ctx, await comer(ctx, secret));
	await own.tx(async (tx) => {
		const last = await lastAttempt(tx, own, cookie);
		if (!last?.open) throw new DomainError('unauthenticated', 'copy-session');
		await tx`update signed_copy_attempt set seen_at = app.now() where id = ${last.id}`;
	});
	return own;
}
