// Embedding (SIGN-6): a URL for one signer, good once and for ten minutes, that one allowed origin may show in a frame. What only that origin may frame is said by `frame-ancestors`, session by session (hooks.server.ts).

import { createHash } from 'node:crypto';
import { append } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import { withActor, type Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { logoOf } from '../letterhead.ts';
import * as safes from '../safes.ts';
import { inside, type Door, type From, type SignerContext } from './door.ts';
import { find, type Role, type SignerState } from './send.ts';

const hashOf = (secret: string): Uint8Array => new Uint8Array(createHash('sha256').update(secret).digest());
/** The cookie of an embedded session: in a partition of the site around it (CHIPS), since browsers keep no other in a frame; so it is sent with other sites' requests, and our own Origin check stands alone. */
export const embedCookie = '__Host-embed';
export const embedCookieOptions = { path: '/', secure: true, httpOnly: true, sameSite: 'none', partitioned: true, maxAge: 12 * 3600 } as const;

const secretShape = /^[A-Za-z0-9_-]{43}$/;
const perHour = 30;

/**
 * A URL for a signer whose turn it is, to be shown inside that origin; its secret is nowhere after this. Needs `send`.
 * `not-found`: `signer`, `origin` unless the client allows it; `forbidden` / `not-remote` for one who signs in person; `conflict`: `envelope-state`, `not-their-turn`; `too-many` / `embeddings`.
 */
export async function embed(ctx: Context, id: string, at: { readonly signer: string; readonly origin: string }): Promise<string> {
	const envelope = await find(ctx, id, 'send');
	if (!safes.isId(at.signer)) throw await safes.missing(ctx, 'signer', at.signer, 'send');
	const secret = Buffer.from(ctx.primitives.random(32)).toString('base64url');
	await guarded(ctx, { op: 'signer.embed', safe: envelope.safe, obj: at.signer }, () =>
		ctx.tx(async (tx) => {
			const [row] = await tx<{ client: string; state: SignerState; role: Role; inPerson: boolean }[]>`select client, state, role, in_person as "inPerson" from signer where id = ${at.signer} and envelope = ${id}`;
			if (!row) throw new DomainError('not-found', 'signer');
			if (row.inPerson || row.role === 'copy') throw new DomainError('forbidden', 'not-remote');
			if (envelope.state !== 'waiting') throw new DomainError('conflict', 'envelope-state');
			if (row.state !== 'invited' && row.state !== 'opened') throw new DomainError('conflict', 'not-their-turn');
			const [origin] = await tx<{ id: string; origin: string }[]>`select id, origin from embedding_origin where id::text = ${at.origin} and client = ${row.client} and removed_at is null`;
			if (!origin) throw new DomainError('not-found', 'origin');
			const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`embed:${at.signer}`}, interval '1 hour') as n`;
			if (n > perHour) throw new DomainError('too-many', 'embeddings', { retryAfter: 3600 });
			await tx`insert into embedding (client, signer, origin, hash, created_by) values (${row.client}, ${at.signer}, ${origin.id}, ${hashOf(secret)}, ${ctx.actor.person})`;
			await append(tx, { op: 'signer.embed', safe: envelope.safe, obj: at.signer, values: { origin: origin.origin } });
		})
	);
	return `${ctx.settings.origin}/embed/${secret}`;
}

interface Row extends Omit<Door, 'logo' | 'spared'> {
	readonly embedding: string;
	readonly client: string;
	readonly signer: string;
	readonly origin: string;
}

async function look(ctx: Context, secret: string): Promise<Row> {
	const [row] = secretShape.test(secret) ? await ctx.tx((tx) => tx<Row[]>`select embedding, client, signer, origin, live, sender, reference, locale from app.embedding_by_hash(${hashOf(secret)})`) : [];
	if (!row) throw new DomainError('gone', 'embedding-dead');
	return row;
}

/** What stands on the door of such a URL. Changes nothing. `gone` / `embedding-dead` for one that never was. */
export async function knock(ctx: Context, secret: string): Promise<Omit<Door, 'spared'> & { readonly origin: string }> {
	const { live, sender, reference, locale, client, origin } = await look(ctx, secret);
	return { live, sender, reference, locale, origin, logo: await logoOf(withActor(ctx, { ...ctx.actor, client, via: 'link' })) };
}

/** Exchanges it for a session, once; the signer's earlier one ends. `gone` / `embedding-dead` when it was used, is too old, or its origin is allowed no more; the try is an event. */
export async function enterEmbedded(ctx: Context, secret: string, cookie: string | null, from: From): Promise<{ signer: string; embedding: string; cookie: string }> {
	const row = await look(ctx, secret);
	const own = withActor(ctx, { ...ctx.actor, client: row.client, via: 'link' });
	const token = cookie && secretShape.test(cookie) ? cookie : Buffer.from(ctx.primitives.random(32)).toString('base64url');
	await guarded(
		own,
		{ op: 'signer.open', safe: null, obj: row.signer, actor: row.signer, values: { origin: row.origin } },
		() =>
			own.tx(async (tx) => {
				await tx`select from signer where id = ${row.signer} for no key update`;
				const { count } = row.live ? await tx`update embedding set used_at = app.now() where id = ${row.embedding} and used_at is null` : { count: 0 };
				if (!count) throw new DomainError('gone', 'embedding-dead');
				await tx`update signing_session set ended_at = app.now() where signer = ${row.signer} and ended_at is null`;
				await tx`
					insert into signing_session (hash, client, signer, embedding) values (${hashOf(token)}, ${row.client}, ${row.signer}, ${row.embedding})
					on conflict (hash, signer) do update set ended_at = null, created_at = app.now(), seen_at = app.now(), embedding = excluded.embedding`;
				await tx`update signer set state = 'opened' where id = ${row.signer} and state = 'invited'`;
				await append(tx, { op: 'signer.open', safe: null, obj: row.signer, actor: row.signer, values: { address: from.address, agent: from.agent, origin: row.origin } });
			}),
		row.signer
	);
	return { signer: row.signer, embedding: row.embedding, cookie: token };
}

/** The origin that a live embedded session is for; null: none. */
export async function embeddedIn(ctx: Context, cookie: string | null, signer: string): Promise<string | null> {
	if (!cookie || !secretShape.test(cookie) || !safes.isId(signer)) return null;
	const [row] = await ctx.tx((tx) => tx<[{ origin: string | null }]>`select app.embedded_in(${hashOf(cookie)}, ${signer}) as origin`);
	return row.origin;
}

/** The origin that a URL was made for, by its id; null: none. */
export async function embeddingOrigin(ctx: Context, embedding: string | null): Promise<string | null> {
	if (!embedding || !safes.isId(embedding)) return null;
	const [row] = await ctx.tx((tx) => tx<[{ origin: string | null }]>`select app.embedding_origin_of(${embedding}) as origin`);
	return row.origin;
}

/** The signer's context by whichever cookie the browser sends: an embedded session's where there is one for this signer, and then no other. What `inside` throws. */
export async function entered(ctx: Context, cookies: { readonly get: (name: string) => string | undefined }, signer: string): Promise<SignerContext> {
	const embedded = cookies.get(embedCookie) ?? null;
	return inside(ctx, (await embeddedIn(ctx, embedded, signer)) ? embedded : (cookies.get('__Host-signing') ?? null), signer);
}
