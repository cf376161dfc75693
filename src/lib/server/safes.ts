// Safes: made, opened to people, and the one gate to what is in them. A safe's key is wrapped by the storage key.

import { append, appendRefusal } from './audit/append.ts';
import type { Context } from './context.ts';
import type { Tx } from './db/pool.ts';
import { DomainError } from './errors.ts';

export const rights = ['deposit', 'read', 'send', 'dispose', 'audit', 'administer'] as const;
export type Right = (typeof rights)[number];

export interface Safe {
	readonly id: string;
	readonly client: string;
	readonly name: string;
	/** The asker's. */
	readonly rights: readonly Right[];
}

/** A member's rights in a safe. */
export interface Grant {
	readonly person: string;
	readonly rights: readonly Right[];
}

/** What a safe's key is bound to where it is wrapped. */
export const binding = (client: string, safe: string) => ['probant/safe/v1', client, safe] as const;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for an id in the one spelling the database gives. */
export const isId = (text: string): boolean => uuid.test(text);

function named(name: string): string {
	const trimmed = name.trim();
	if (!trimmed || [...trimmed].length > 100 || /[\u0000-\u001f\u007f-\u009f]/.test(trimmed)) throw new DomainError('invalid', 'safe-name');
	return trimmed;
}

function member(ctx: Context): { person: string; client: string } {
	const { person, client } = ctx.actor;
	if (!person || !client) throw new DomainError('unauthenticated', 'no-member');
	return { person, client };
}

/** Founds a safe with a key of its own; its founder, an administrator of the client, gets every right. Forbidden to others. */
export async function create(ctx: Context, input: { readonly name: string }): Promise<Safe> {
	const { person, client } = member(ctx);
	const founded = await ctx.tx(async (tx) => {
		const [may] = await tx<{ may: boolean }[]>`select app.administers() as may`;
		return may?.may ? found(ctx, tx, { person, client, name: input.name }) : null;
	});
	if (founded) return founded;
	await appendRefusal(ctx, { op: 'safe.create', safe: null, obj: client });
	throw new DomainError('forbidden', 'administrators-only');
}

/** A safe founded in its founder's transaction, which has shown that they administer the client. */
export async function found(ctx: Context, tx: Tx, by: { readonly person: string; readonly client: string; readonly name: string }): Promise<Safe> {
	const { person, client } = by;
	const name = named(by.name);
	const id = crypto.randomUUID();
	const wrapped = await ctx.storageKey.wrap(ctx.primitives.random(32), binding(client, id));
	await tx`insert into safe (id, client, name) values (${id}, ${client}, ${name})`;
	await tx`insert into safe_right (safe, client, person, rights) values (${id}, ${client}, ${person}, ${[...rights]})`;
	await tx`insert into safe_key (safe, client, wrapper, wrapped) values (${id}, ${client}, ${ctx.storageKey.wrapperOf(wrapped)}, ${wrapped})`;
	await append(tx, { op: 'safe.create', safe: id, obj: id, values: { name } });
	return { id, client, name, rights };
}

/** The safes open to the asker, by name. */
export async function list(ctx: Context): Promise<Safe[]> {
	const { person } = member(ctx);
	return ctx.tx(
		(tx) => tx<Safe[]>`
			select s.id, s.client, s.name, r.rights from safe s join safe_right r on r.safe = s.id
			where r.person = ${person} order by s.name, s.id`
	);
}

/**
 * The safe, when the asker has that right in it. The only way to a row of a safe for a member.
 * A refusal is an event, committed before `forbidden` leaves; `not-found` for a safe the asker has no right in at all.
 */
export async function require(ctx: Context, safe: string, right: Right): Promise<Safe> {
	const { person, client } = member(ctx);
	const found = isId(safe) ? await ctx.tx((tx) => seen(tx, safe, person)) : undefined;
	if (found?.rights.includes(right)) return found;
	await appendRefusal(ctx, { op: 'safe.require', safe: found ? safe : null, obj: found ? safe : client, values: { right, asked: safe.slice(0, 64) } });
	throw found ? new DomainError('forbidden', 'right-missing', { right }) : new DomainError('not-found', 'safe');
}

/**
 * `not-found` of what is not there or not the asker's to know about; `what` is its noun. The refusal is an event, committed before the error is there to be thrown:
 * what is asked for by its id has no safe until it is found, so nothing came to `require`.
 */
export async function missing(ctx: Context, what: string, asked: string, right: Right): Promise<DomainError> {
	await appendRefusal(ctx, { op: 'safe.require', safe: null, obj: ctx.actor.client ?? 'none', values: { right, what, asked: asked.slice(0, 64) } });
	return new DomainError('not-found', what);
}

async function seen(tx: Tx, safe: string, person: string): Promise<Safe | undefined> {
	const [row] = await tx<Safe[]>`
		select s.id, s.client, s.name, r.rights from safe s join safe_right r on r.safe = s.id
		where s.id = ${safe} and r.person = ${person}`;
	return row;
}

/** Who has which rights in a safe. Needs `administer`. */
export async function grants(ctx: Context, safe: string): Promise<Grant[]> {
	await require(ctx, safe, 'administer');
	return ctx.tx((tx) => tx<Grant[]>`select person, rights from safe_right where safe = ${safe} order by person`);
}

/**
 * Sets a member's rights in a safe; none takes them all away. Needs `administer`, or to be an administrator of the client.
 * `invalid` for one who is no member of the client, `conflict` when the safe would be left without an administrator.
 */
export async function grant(ctx: Context, input: { readonly safe: string } & Grant): Promise<void> {
	const { client } = member(ctx);
	const given = rights.filter((r) => input.rights.includes(r));
	if (given.length !== new Set(input.rights).size || !isId(input.person)) throw new DomainError('invalid', 'rights');
	const may = isId(input.safe) && (await ctx.tx(async (tx) => (await tx`select from safe where id = ${input.safe} and app.administers(id)`).length === 1));
	if (!may) await require(ctx, input.safe, 'administer');
	await ctx.tx(async (tx) => {
		const others = await tx`select from safe_right where safe = ${input.safe} and person <> ${input.person} and 'administer' = any (rights) for update`;
		if (!others.length && !given.includes('administer')) throw new DomainError('conflict', 'last-administrator');
		const [known] = await tx`select from member where client = ${client} and person = ${input.person}`;
		if (!known && given.length) throw new DomainError('invalid', 'not-a-member');
		if (given.length) {
			await tx`insert into safe_right (safe, client, person, rights) values (${input.safe}, ${client}, ${input.person}, ${given})
				on conflict (safe, person) do update set rights = excluded.rights, granted_at = app.now()`;
		} else {
			await tx`delete from safe_right where safe = ${input.safe} and person = ${input.person}`;
		}
		const [to] = await tx<{ actor: string }[]>`select app.pseudonym(${input.person}) as actor`;
		await append(tx, {
			op: given.length ? 'safe.grant' : 'safe.revoke',
			safe: input.safe,
			obj: input.safe,
			values: { person: to!.actor, rights: given.join(' ') }
		});
	});
}

/** The context of one who is no member but has business in one safe: a signer, by an envelope of it. The caller has checked that. */
export function opened<C extends Context>(ctx: C, safe: string): C {
	const tx: Context['tx'] = (act) =>
		ctx.tx(async (tx) => {
			await tx`select set_config('app.safe', ${safe}, true)`;
			return act(tx);
		});
	return { ...ctx, tx };
}

/** The safe's key, 32 bytes. `not-found` when the safe is not open to the asker, CryptoError `mismatch` when it was moved or altered. */
export async function safeKey(ctx: Context, tx: Tx, safe: Pick<Safe, 'id' | 'client'>): Promise<Uint8Array> {
	const [row] = await tx<{ wrapped: Uint8Array }[]>`select wrapped from safe_key where safe = ${safe.id} order by created_at desc limit 1`;
	if (!row) throw new DomainError('not-found', 'safe');
	return ctx.storageKey.unwrap(row.wrapped, binding(safe.client, safe.id));
}
