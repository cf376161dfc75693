// What a member sees first of each safe: how much is in it, and what its documents still wait for.

import type { Context } from '../context.ts';
import * as safes from '../safes.ts';

export interface Summary {
	readonly id: string;
	readonly name: string;
	readonly rights: readonly safes.Right[];
	/** Documents kept. */
	readonly documents: number;
	/** Of all their versions. */
	readonly bytes: number;
	/** Versions kept whose timestamp is still asked for. */
	readonly pending: number;
}

/** The safes the asker may read, by name. */
export async function summaries(ctx: Context): Promise<Summary[]> {
	const open = (await safes.list(ctx)).filter((s) => s.rights.includes('read'));
	const counted = await ctx.tx(
		(tx) => tx<{ safe: string; documents: number; bytes: string; pending: number }[]>`
			select d.safe, count(distinct d.id)::int as documents, sum(v.size) as bytes, (count(*) filter (where t.version is null))::int as pending
			from document d join version v on v.document = d.id left join timestamp_token t on t.version = v.id
			where d.safe = any (${open.map((s) => s.id)}) and d.state = 'kept' group by d.safe`
	);
	return open.map(({ id, name, rights }) => {
		const { documents = 0, bytes = 0, pending = 0 } = counted.find((c) => c.safe === id) ?? {};
		return { id, name, rights, documents, bytes: Number(bytes), pending };
	});
}
