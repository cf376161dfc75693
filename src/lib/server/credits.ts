// Prepaid signature credits (SIGN-10). A unit is one signer's signature at a level. A private instance asks for none.

import { z } from 'zod';
import { append } from './audit/append.ts';
import { withActor, type Context } from './context.ts';
import type { Tx } from './db/pool.ts';
import { DomainError } from './errors.ts';

/** 0: a digitised signature, its own class below level 1, with units of its own. */
export const levels = [0, 1, 2] as const;
export type Level = (typeof levels)[number];

/** Of one client at one level, in units; purchased = available + held + consumed. */
export interface Balance {
	readonly level: Level;
	readonly purchased: number;
	readonly available: number;
	/** For signers who have been asked and have not signed yet. */
	readonly held: number;
	readonly consumed: number;
	/** Identities reviewed and not followed by a signature: invoiced apart, not a part of what was purchased. */
	readonly reviews: number;
}

export interface Entry {
	readonly id: string;
	readonly at: Date;
	readonly level: Level;
	/** `review`: of an identity, with no signature after it; priced by itself, and taken from no balance. */
	readonly kind: 'purchase' | 'hold' | 'consume' | 'return' | 'review';
	readonly units: number;
	/** Of a purchase: the operator's order or invoice. */
	readonly reference: string | null;
	/** Of anything else. */
	readonly envelope: { readonly id: string; readonly reference: string } | null;
}

export const purchasing = z.object({
	client: z.uuid(),
	level: z.coerce.number().pipe(z.union([z.literal(0), z.literal(1), z.literal(2)])),
	units: z.coerce.number().int().min(1).max(1_000_000),
	reference: z.string().trim().min(1).max(200)
});

/** Holds a unit for each signer, in the transaction that sends. Throws `forbidden` / `no-credit`, and nothing is held. */
export async function hold(tx: Tx, ctx: Context, envelope: string): Promise<void> {
	if (ctx.settings.privateInstance) return;
	const [row] = await tx<[{ enough: boolean }]>`select app.hold_credits(${envelope}) as enough`;
	if (!row.enough) throw new DomainError('forbidden', 'no-credit');
}

/** The signer has signed; in the transaction that says so. Worker only. */
export async function consume(tx: Tx, signer: string): Promise<void> {
	await tx`select app.consume_credit(${signer})`;
}

/** The envelope has ended: what it still holds goes back, in the transaction that ends it. */
export async function giveBack(tx: Tx, envelope: string): Promise<void> {
	await tx`select app.return_credits(${envelope})`;
}

/** The client's balances, by level. Any member may see them. */
export async function balances(ctx: Context): Promise<Balance[]> {
	return ctx.tx((tx) => tx<Balance[]>`
		select c.level, c.purchased::int, c.available::int, c.held::int, c.consumed::int,
			(select coalesce(sum(e.units), 0)::int from credit_entry e where e.client = c.client and e.level = c.level and e.kind = 'review') as reviews
		from credit c where c.client = ${ctx.actor.client} order by c.level`);
}

/** The client's ledger, newest first: at most `limit` entries older than `before`. */
export async function entries(ctx: Context, before: string | null = null, limit = 100): Promise<Entry[]> {
	return ctx.tx((tx) => tx<Entry[]>`
		select c.id, c.at, c.level, c.kind, c.units, c.reference, case when e.id is not null then jsonb_build_object('id', e.id, 'reference', e.reference) end as envelope
		from credit_entry c left join envelope e on e.id = c.envelope
		where c.client = ${ctx.actor.client} and (${before}::bigint is null or c.id < ${before}) order by c.id desc limit ${limit}`);
}

/** Records what a client bought. For the operator, over the owner's connection. `not-found` for no client. */
export async function purchase(ctx: Context, { client, level, units, reference }: z.infer<typeof purchasing>): Promise<Balance[]> {
	const own = withActor(ctx, { ...ctx.actor, client });
	await own.tx(async (tx) => {
		const { count } = await tx`select from client where id = ${client}`;
		if (!count) throw new DomainError('not-found', 'client');
		await tx`select app.purchase_credits(${client}, ${level}::smallint, ${units}, ${reference})`;
		await append(tx, { op: 'credit.purchase', safe: null, obj: client, values: { level: String(level), units: String(units), reference } });
	});
	return balances(own);
}
