// probant credits: what a client has, and the purchases the operator records, over the owner's connection.

import { composeOwner, withActor } from '#lib/server/context.ts';
import * as credits from '#lib/server/credits.ts';
import { readSettings } from '#lib/server/env.ts';
import { databaseOf } from './database.ts';
import { Misuse } from './misuse.ts';

export const usage = 'probant credits show CLIENT | add CLIENT LEVEL UNITS REFERENCE';

export async function run([act, client = '', level, units, reference, ...more]: readonly string[]): Promise<number> {
	const adding = act === 'add';
	const purchase = credits.purchasing.safeParse({ client, level: adding ? level : 1, units: adding ? units : 1, reference: adding ? reference : '-' });
	if (!(adding || (act === 'show' && level === undefined)) || more.length) throw new Misuse(usage);
	if (!purchase.success) throw new Misuse(`${purchase.error.issues.map((issue) => issue.path.join('.')).join(', ')}: not understood\n${usage}`);
	const settings = readSettings();
	const database = await databaseOf(settings, 'owner');
	try {
		const parts = await composeOwner(settings, database.url);
		const ctx = withActor(parts, { person: null, client: purchase.data.client, via: 'cli' });
		try {
			const shown = adding ? await credits.purchase(ctx, purchase.data) : await credits.balances(ctx);
			if (!shown.length) process.stdout.write('no credits\n');
			for (const b of shown) process.stdout.write(`level ${b.level}\tavailable ${b.available}\theld ${b.held}\tconsumed ${b.consumed}\tpurchased ${b.purchased}\treviews ${b.reviews}\n`);
		} finally {
			await parts.database.close();
		}
	} finally {
		await database.stop();
	}
	return 0;
}
