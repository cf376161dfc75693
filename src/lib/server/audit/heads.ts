// The heads of all chains, once an hour, as one hash in the log: from then on a safe's events cannot be left out without contradicting it.

import { hex } from '#crypto/bytes.ts';
import { headsRoot, type Head } from '#crypto/tlog/heads.ts';
import type { WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import { append } from './append.ts';
import { lineage } from './log-keys.ts';

const none = '00000000-0000-0000-0000-000000000000'; // how the index spells no safe

/** The last link of each chain among the first `size` leaves. */
export async function headsAt(tx: Tx, size: number): Promise<Head[]> {
	const rows = await tx<{ safe: string | null; seq: string; leaf: Uint8Array }[]>`
		with recursive chain (key) as (
			(select coalesce(safe, ${none}) from log_leaf order by 1 limit 1)
			union all
			select (select coalesce(l.safe, ${none}) from log_leaf l where coalesce(l.safe, ${none}) > c.key order by 1 limit 1) from chain c where c.key is not null
		)
		select h.safe, h.seq, h.leaf from chain c
		cross join lateral (select safe, seq, leaf from log_leaf where coalesce(safe, ${none}) = c.key and index < ${size} order by seq desc limit 1) h`;
	return rows.map(({ safe, seq, leaf }) => ({ safe, seq: Number(seq), leaf }));
}

/** Writes the entry `log.heads` of an hour, once; nothing while the log is empty. */
export async function commitHeads(ctx: WorkerContext, hour: Date): Promise<void> {
	const { keys } = await lineage(ctx);
	await ctx.tx(async (tx) => {
		await tx`select pg_advisory_xact_lock(hashtextextended(${`log.heads:${hour.toISOString()}`}, 0))`;
		const [head] = await tx<[{ size: string; made: boolean }]>`select size, exists (select from log_heads where hour = ${hour}) as made from log_head`;
		if (head.made || head.size === '0') return;
		const root = await headsRoot(nodePrimitives, await headsAt(tx, Number(head.size)));
		const event = await append(tx, { op: 'log.heads', safe: null, obj: keys[0]!.verifier.name, values: { root: hex(root), size: head.size } });
		await tx`insert into log_heads (hour, event, size, root) values (${hour}, ${event.id}, ${head.size}, ${root})`;
	});
}
