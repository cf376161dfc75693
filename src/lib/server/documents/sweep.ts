// Orphans: intents whose lease ran out. The row is taken first, then the bytes go: a late writer finds its intent taken.
// What it may still store after that goes in a second pass a day later, and then the row.

import type { WorkerContext } from '../context.ts';
import { withActor } from '../context.ts';
import { erase, strayUploads } from './stage.ts';

/** Takes what is overdue. Returns how many objects and uploads went. */
export async function sweep(ctx: WorkerContext): Promise<number> {
	const overdue = await ctx.tx(
		(tx) => tx<{ id: string; client: string; key: string; last: boolean }[]>`
			select id, client, object_key as key, swept as last from intent where lease < app.now() and (not swept or lease < app.now() - interval '1 day') limit 100`
	);
	for (const { id, client, key, last } of overdue) {
		const own = withActor(ctx, { ...ctx.actor, client });
		const [taken] = await own.tx((tx) => tx`update intent set swept = true, stage = null where id = ${id} and lease < app.now() returning id`);
		if (!taken) continue;
		for await (const object of ctx.objects.list(key)) if (object.key === key) await ctx.objects.remove(key, object.version);
		if (last) await own.tx((tx) => tx`delete from intent where id = ${id} and swept`);
	}
	const expired = await ctx.tx((tx) => tx<{ id: string; client: string }[]>`select s.id, s.client from stage s where s.expires < app.now() and not exists (select from intent i where i.stage = s.id) limit 100`);
	for (const { id, client } of expired) {
		await erase(ctx, id);
		await withActor(ctx, { ...ctx.actor, client }).tx((tx) => tx`delete from stage where id = ${id}`);
	}
	const stray = await strayUploads(ctx);
	for (const id of stray) await erase(ctx, id);
	return overdue.length + expired.length + stray.length;
}
