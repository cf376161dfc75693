// Rotation of the storage key: everything it wraps is wrapped anew under its newest version, in batches, while the service runs.
// What it wraps is listed here: keys of safes, of uploads under way and of identity checks. Under the owner's connection, which row-level security does not bind.

import { append } from './audit/append.ts';
import type { Context } from './context.ts';
import type { Tx } from './db/pool.ts';
import { binding as ofStage } from './documents/stage.ts';
import { binding as ofIdentity } from './identity-check/store.ts';
import { binding as ofSafe } from './safes.ts';

interface Wrapped {
	readonly id: string;
	readonly client: string;
	readonly safe: string;
	readonly wrapped: Uint8Array;
}

/** Each kind: rows not wrapped by `newest`, what they are bound to, and their new wrapping. */
const kinds = [
	{
		older: (tx: Tx, newest: string, limit: number) => tx<Wrapped[]>`select safe as id, safe, client, wrapped from safe_key where encode(substring(wrapped for 8), 'escape') <> ${newest} order by safe limit ${limit} for update`,
		binding: ({ client, safe }: Wrapped) => ofSafe(client, safe),
		store: (tx: Tx, row: Wrapped, wrapped: Uint8Array, newest: string) => tx`update safe_key set wrapped = ${wrapped}, wrapper = ${newest} where safe = ${row.safe} and wrapped = ${row.wrapped}`
	},
	{
		older: (tx: Tx, newest: string, limit: number) => tx<Wrapped[]>`select id, safe, client, wrapped_key as wrapped from stage where encode(substring(wrapped_key for 8), 'escape') <> ${newest} order by id limit ${limit} for update`,
		binding: (row: Wrapped) => ofStage(row),
		store: (tx: Tx, row: Wrapped, wrapped: Uint8Array) => tx`update stage set wrapped_key = ${wrapped} where id = ${row.id}`
	},
	{
		older: (tx: Tx, newest: string, limit: number) => tx<Wrapped[]>`select id, client, id as safe, wrapped_key as wrapped from identity_check where encode(substring(wrapped_key for 8), 'escape') <> ${newest} order by id limit ${limit} for update`,
		binding: (row: Wrapped) => ofIdentity(row),
		store: (tx: Tx, row: Wrapped, wrapped: Uint8Array) => tx`update identity_check set wrapped_key = ${wrapped} where id = ${row.id} and wrapped_key = ${row.wrapped}`
	}
] as const;

/** How many rows each version of the storage key wraps. */
export async function wrappedBy(ctx: Context): Promise<ReadonlyMap<string, number>> {
	const rows = await ctx.tx(
		(tx) => tx<{ id: string; count: number }[]>`
			select encode(substring(wrapped for 8), 'escape') as id, count(*)::int as count
			from (select wrapped from safe_key union all select wrapped_key from stage union all select wrapped_key from identity_check where wrapped_key is not null) w group by 1 order by 1`
	);
	return new Map(rows.map(({ id, count }) => [id, count]));
}

/**
 * Wraps at most `limit` keys of each kind anew, in one transaction with its event. Answers how many; 0 when the newest wraps them all.
 * CryptoError `mismatch` at a wrapping that was altered or moved: nothing of the batch is changed.
 */
export async function rewrapBatch(ctx: Context, newest: string, limit = 500): Promise<number> {
	return ctx.tx(async (tx) => {
		let count = 0;
		for (const kind of kinds)
			for (const row of await kind.older(tx, newest, limit)) {
				const key = await ctx.storageKey.unwrap(row.wrapped, kind.binding(row));
				const wrapped = await ctx.storageKey.wrap(key, kind.binding(row));
				await kind.store(tx, row, wrapped, ctx.storageKey.wrapperOf(wrapped));
				count++;
			}
		if (count) await append(tx, { op: 'key.rewrap', safe: null, obj: newest, values: { count: String(count) } });
		return count;
	});
}
