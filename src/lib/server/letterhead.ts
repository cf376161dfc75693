// What a client's mails and its signers' pages carry of it: a logo, and where answers go. The logo is public by its nature, small, and kept in its row.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { hex } from '#crypto/bytes.ts';
import { append } from './audit/append.ts';
import { administer } from './clients.ts';
import type { Context } from './context.ts';
import { DomainError } from './errors.ts';
import { bare } from './identity-check/image.ts';
import { email } from './identity/register.ts';

/** Bytes of a logo, and the longer of its sides in pixels. */
export const maximumLogo = 512 * 1024;
const longestSide = 2000;

export interface Letterhead {
	/** Null: whoever sends gets the answers. */
	readonly replyTo: string | null;
	/** SHA-256 in hexadecimal: `/logo/DIGEST` shows it. */
	readonly logo: string | null;
	/** The asker may change it. */
	readonly administrator: boolean;
}

export const replying = z.object({ replyTo: z.union([z.string().trim().length(0).transform(() => null), email]) });

/** The client's. Any member may see it; so may its signers. */
export async function letterhead(ctx: Context): Promise<Letterhead> {
	const [row] = await ctx.tx((tx) => tx<[Letterhead]>`
		select l.reply_to as "replyTo", encode(l.logo_digest, 'hex') as logo, app.is_administrator() as administrator from (select ${ctx.actor.client}::uuid as client) c left join letterhead l on l.client = c.client`);
	return row;
}

/** The client's logo, by its digest in hexadecimal; null when it has none. */
export const logoOf = async (ctx: Context): Promise<string | null> => (await letterhead(ctx)).logo;

async function mine(ctx: Context): Promise<string> {
	const { client } = ctx.actor;
	if (!client) throw new DomainError('unauthenticated', 'no-member');
	await administer(ctx, 'client.change', client);
	return client;
}

/** Shows a logo from now on, without anything that stood beside the picture in its file. Needs to administer the client. `invalid`: `logo-type`, `logo-damaged`, `logo-pixels`; `too-large` / `logo-large`. */
export async function setLogo(ctx: Context, bytes: Uint8Array): Promise<void> {
	const client = await mine(ctx);
	if (bytes.length > maximumLogo) throw new DomainError('too-large', 'logo-large', { maximum: maximumLogo });
	const logo = read(bytes);
	const digest = new Uint8Array(createHash('sha256').update(logo.bytes).digest());
	await ctx.tx(async (tx) => {
		await tx`insert into letterhead (client, logo, logo_type, logo_digest) values (${client}, ${logo.bytes}, ${logo.mediaType}, ${digest})
			on conflict (client) do update set logo = excluded.logo, logo_type = excluded.logo_type, logo_digest = excluded.logo_digest, changed_at = app.now()`;
		await append(tx, { op: 'client.change', safe: null, obj: client, values: { logo: hex(digest) } });
	});
}

function read(bytes: Uint8Array): ReturnType<typeof bare> {
	try {
		const logo = bare(bytes);
		if (Math.max(logo.width, logo.height) > longestSide || Math.min(logo.width, logo.height) < 1) throw new DomainError('invalid', 'logo-pixels', { maximum: longestSide });
		return logo;
	} catch (error) {
		if (error instanceof DomainError && error.reason.startsWith('image-')) throw new DomainError(error.kind, error.reason.replace('image-', 'logo-'));
		throw error;
	}
}

/** Shows none any more. Needs to administer the client; none before is none now. */
export async function removeLogo(ctx: Context): Promise<void> {
	const client = await mine(ctx);
	await ctx.tx(async (tx) => {
		const { count } = await tx`update letterhead set logo = null, logo_type = null, logo_digest = null, changed_at = app.now() where client = ${client} and logo is not null`;
		if (count) await append(tx, { op: 'client.change', safe: null, obj: client, values: { logo: '' } });
	});
}

/** Where answers to the client's mails go; null: to whoever sends. Needs to administer the client. */
export async function setReplyTo(ctx: Context, { replyTo }: z.output<typeof replying>): Promise<void> {
	const client = await mine(ctx);
	await ctx.tx(async (tx) => {
		await tx`insert into letterhead (client, reply_to) values (${client}, ${replyTo}) on conflict (client) do update set reply_to = excluded.reply_to, changed_at = app.now()`;
		await append(tx, { op: 'client.change', safe: null, obj: client, values: { 'reply-to': replyTo ?? '' } });
	});
}

/** A logo's bytes, for whoever knows its digest. `not-found` / `logo`. */
export async function logo(ctx: Context, digest: string): Promise<{ bytes: Uint8Array; type: string }> {
	const [row] = /^[0-9a-f]{64}$/.test(digest) ? await ctx.tx((tx) => tx<{ bytes: Uint8Array; type: string }[]>`select bytes, type from app.logo_by_digest(${Buffer.from(digest, 'hex')})`) : [];
	if (!row) throw new DomainError('not-found', 'logo');
	return row;
}
