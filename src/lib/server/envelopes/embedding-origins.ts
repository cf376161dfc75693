// The sites a client lets its signing pages be shown in (SIGN-6): exact origins over HTTPS, kept with who added and removed each.

import { append } from '../audit/append.ts';
import { administer } from '../clients.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';

export interface AllowedOrigin {
	readonly id: string;
	readonly origin: string;
	readonly addedAt: Date;
	readonly by: string;
}

const mostOrigins = 20;

/** `https://shop.example` or `https://shop.example:8443` (RFC 6454), as browsers write it. `invalid` / `embedding-origin` for anything more or less: no path, no wildcard, no plain HTTP. */
export function exactOrigin(typed: string): string {
	const text = typed.trim().replace(/\/$/, '');
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url?.protocol !== 'https:' || url.origin !== text.toLowerCase() || !/^https:\/\/[a-z0-9.:[\]-]+$/.test(url.origin)) throw new DomainError('invalid', 'embedding-origin');
	return url.origin;
}

/** Those allowed now, by name. Any member may see them. */
export async function allowedOrigins(ctx: Context): Promise<AllowedOrigin[]> {
	return ctx.tx((tx) => tx<AllowedOrigin[]>`select o.id, o.origin, o.added_at as "addedAt", p.name as by from embedding_origin o join person p on p.id = o.added_by where o.client = ${ctx.actor.client} and o.removed_at is null order by o.origin`);
}

async function mine(ctx: Context): Promise<string> {
	const { client } = ctx.actor;
	if (!client) throw new DomainError('unauthenticated', 'no-member');
	await administer(ctx, 'client.embed', client);
	return client;
}

/** Allows one more. Needs to administer the client. `invalid` / `embedding-origin`; `conflict`: `origin-known`, `origins-many`. */
export async function allowOrigin(ctx: Context, typed: string): Promise<void> {
	const client = await mine(ctx);
	const origin = exactOrigin(typed);
	if (origin === ctx.settings.origin) throw new DomainError('invalid', 'embedding-origin');
	await ctx.tx(async (tx) => {
		const [{ n }] = await tx<[{ n: number }]>`select count(*)::int as n from embedding_origin where client = ${client} and removed_at is null`;
		if (n >= mostOrigins) throw new DomainError('conflict', 'origins-many');
		const { count } = await tx`insert into embedding_origin (client, origin, added_by) values (${client}, ${origin}, ${ctx.actor.person}) on conflict do nothing`;
		if (!count) throw new DomainError('conflict', 'origin-known');
		await append(tx, { op: 'client.embed', safe: null, obj: client, values: { allowed: origin } });
	});
}

/** Allows it no more: URLs and sessions for it end at once. Needs to administer the client. `not-found` / `origin`. */
export async function forbidOrigin(ctx: Context, id: string): Promise<void> {
	const client = await mine(ctx);
	await ctx.tx(async (tx) => {
		const [row] = await tx<{ origin: string }[]>`update embedding_origin set removed_at = app.now(), removed_by = ${ctx.actor.person} where id::text = ${id} and client = ${client} and removed_at is null returning origin`;
		if (!row) throw new DomainError('not-found', 'origin');
		await append(tx, { op: 'client.embed', safe: null, obj: client, values: { forbidden: row.origin } });
	});
}
