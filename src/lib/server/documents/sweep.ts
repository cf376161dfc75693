// Orphans: intents whose lease ran out. The row is taken first, then the bytes go, then the row: a late writer finds its intent gone.

import type { WorkerContext } from '../context.ts';
import { withActor } from '../context.ts';
import { erase } from './stage.ts';

/** Takes what is overdue. Returns how many objects and uploads went. */
export async function sweep(ctx: WorkerContext): Promise<number> {
	const overdue = await ctx.tx((tx) => tx<{ id: string; client: string; key: string }[]>`select id, client, object_key as key from intent where lease < app.now() limit 100`);
	for (const { id, client, key } of overdue) {
		const own = withActor(ctx, { ...ctx.actor, client });
		const [taken] = await own.tx((tx) => tx`update intent set swept = true where id = ${id} and lease < app.now() returning id`);
		if (!taken) continue;
		for await (const object of ctx.objects.list(key)) if (object.key === key) await ctx.objects.remove(key, object.version);
		await own.tx((tx) => tx`delete from intent where id = ${id} and swept`);
	}
	const expired = await ctx.tx((tx) => tx<{ id: string; client: string }[]>`select s.id, s.client from stage s where s.expires < app.now() and not exists (select from intent i where i.stage = s.id) limit 100`);
	for (const { id, client } of expired) {
		await erase(ctx, id);
		await withActor(ctx, { ...ctx.actor, client }).tx((tx) => tx`delete from stage where id = ${id}`);
	}
	return overdue.length + expired.length;
}
