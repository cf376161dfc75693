// Refusals above the limit: one event per minute and source, with their number, once the minute is over.

import type { WorkerContext } from '../context.ts';
import { append, writtenPerMinute } from './append.ts';

/** Writes the counts of minutes gone by and forgets them. Returns how many events that made. */
export async function countRefusals(ctx: WorkerContext): Promise<number> {
	return ctx.tx(async (tx) => {
		const rows = await tx<{ op: string; client: string | null; count: number }[]>`
			delete from refusal where minute < app.now() - interval '1 minute' returning op, client, count`;
		const above = rows.filter(({ op, count }) => count > writtenPerMinute(op));
		for (const { op, client, count } of above) {
			await tx`select set_config('app.client', ${client ?? ''}, true)`;
			const values = { op, count: String(count - writtenPerMinute(op)) };
			await append(tx, { op: 'refusal.counted', safe: null, obj: client ?? 'instance', res: 'denied', values });
		}
		return above.length;
	});
}
