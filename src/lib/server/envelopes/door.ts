// The signer's door: a link opens nothing by itself; a POST exchanges it for a session, which ends the one before. One cookie may hold several signers.

import { createHash } from 'node:crypto';
import { append } from '../audit/append.ts';
import { withActor, type Context, type Parts } from '../context.ts';
import { DomainError } from '../errors.ts';
import { logoOf } from '../letterhead.ts';
import { opened } from '../safes.ts';

const hashOf = (secret: string): Uint8Array => new Uint8Array(createHash('sha256').update(secret).digest());

export interface Door {
	readonly live: boolean;
	/** The client's name. */
	readonly sender: string;
	readonly reference: string;
	readonly locale: 'fr' | 'en';
	/** It ended because another of their group was first. */
	readonly spared: boolean;
	/** Digest of the client's logo; null: it has none. */
	readonly logo: string | null;
}

interface LinkRow extends Omit<Door, 'logo' | 'spared'> {
	readonly link: string;
	readonly client: string;
	readonly signer: string;
}

async function look(ctx: Context, secret: string): Promise<LinkRow> {
	if (!/^[A-Za-z0-9_-]{43}$/.test(secret)) throw new DomainError('gone', 'link-dead');
	const [row] = await ctx.tx((tx) => tx<LinkRow[]>`select link, client, signer, live, sender, reference, locale from app.link_by_hash(${hashOf(secret)})`);
	if (!row) throw new DomainError('gone', 'link-dead');
	return row;
}

/** What stands on the door. Changes nothing: scanners look too. `gone` / `link-dead` for a link nobody ever got. */
export async function knock(ctx: Context, secret: string): Promise<Door> {
	const { live, sender, reference, locale, client } = await look(ctx, secret);
	const [{ spared }] = await ctx.tx((tx) => tx<[{ spared: boolean }]>`select app.spared_by_hash(${hashOf(secret)}) as spared`);
	return { live, spared, sender, reference, locale, logo: await logoOf(withActor(ctx, { ...ctx.actor, client, via: 'link' })) };
}

/** What a browser says of itself: told in the evidence file, proves little. */
export interface From {
	readonly address: string;
	/** User-Agent. */
	readonly agent: string;
}

/**
 * Exchanges a link for a session; the signer's earlier one ends. Answers the signer and the cookie's secret: the given one when it is good for others already.
 * `gone` / `link-dead` when the link was replaced, its envelope closed or expired; the try is an event.
 */
export async function enter(ctx: Context, secret: string, cookie: string | null, from: From): Promise<{ signer: string; cookie: string }> {
	const row = await look(ctx, secret);
	const own = withActor(ctx, { ...ctx.actor, client: row.client, via: 'link' });
	const token = cookie && /^[A-Za-z0-9_-]{43}$/.test(cookie) ? cookie : Buffer.from(ctx.primitives.random(32)).toString('base64url');
	const entered = row.live && (await own.tx(async (tx) => {
		// What ends the link holds this row: looked at before, it may have ended since.
		await tx`select from signer where id = ${row.signer} for no key update`;
		const { count } = await tx`select from link where id = ${row.link} and ended_at is null`;
		if (!count) return false;
		await tx`update signing_session set ended_at = app.now() where signer = ${row.signer} and ended_at is null`;
		await tx`insert into signing_session (hash, client, signer) values (${hashOf(token)}, ${row.client}, ${row.signer})
			on conflict (hash, signer) do update set ended_at = null, created_at = app.now(), seen_at = app.now(), hand_over = null, embedding = null`;
		await tx`update signer set state = 'opened' where id = ${row.signer} and state = 'invited'`;
		await append(tx, { op: 'signer.open', safe: null, obj: row.signer, actor: row.signer, values: { address: from.address, agent: from.agent } });
		return true;
	}));
	if (!entered) {
		await own.tx((tx) => append(tx, { op: 'signer.open', safe: null, obj: row.signer, res: 'denied', actor: row.signer }));
		throw new DomainError('gone', 'link-dead');
	}
	return { signer: row.signer, cookie: token };
}

/** What a signer's session may do: one signer, in one safe. */
export type SignerContext = Context & { readonly signer: string; readonly envelope: string; readonly safe: string; /** Of the sender's device, that the session came by; null: a link. */ readonly handOver: string | null };

/** The context of a live session, seen now. `unauthenticated` / `signing-session` when it ended or idled out: the link opens it again. */
export async function inside(parts: Parts, cookie: string | null, signer: string): Promise<SignerContext> {
	const nobody = withActor(parts, { person: null, client: null, via: 'link' });
	const dead = new DomainError('unauthenticated', 'signing-session');
	if (!cookie || !/^[0-9a-f-]{36}$/.test(signer)) throw dead;
	const [row] = await nobody.tx((tx) => tx<{ client: string }[]>`select client from app.signing_session_by_hash(${hashOf(cookie)}, ${signer})`);
	if (!row) throw dead;
	const own = withActor(parts, { person: null, client: row.client, via: 'link' });
	const [at] = await own.tx(async (tx) => {
		await tx`update signing_session set seen_at = app.now() where hash = ${hashOf(cookie)} and signer = ${signer}`;
		return tx<{ envelope: string; safe: string; handOver: string | null }[]>`
			select s.envelope, e.safe, x.hand_over as "handOver" from signer s join envelope e on e.id = s.envelope join signing_session x on x.signer = s.id and x.hash = ${hashOf(cookie)} where s.id = ${signer}`;
	});
	if (!at) throw dead;
	return { ...opened(own, at.safe), signer, ...at };
}
