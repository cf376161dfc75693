// probant abuse: what signers reported to the operator, and what was done about it, over the owner's connection.

import { reports, settleReport } from '#lib/server/abuse.ts';
import { composeOwner, withActor } from '#lib/server/context.ts';
import { readSettings } from '#lib/server/env.ts';
import { databaseOf } from './database.ts';
import { Misuse } from './misuse.ts';

export const usage = 'probant abuse list [--all] | settle ID NOTE';

export async function run([act, first, ...more]: readonly string[]): Promise<number> {
	const settling = act === 'settle' && first !== undefined && more.length > 0;
	const listing = act === 'list' && (first === undefined || first === '--all') && !more.length;
	if (!settling && !listing) throw new Misuse(usage);
	const settings = readSettings();
	const database = await databaseOf(settings, 'owner');
	try {
		const parts = await composeOwner(settings, database.url);
		const ctx = withActor(parts, { person: null, client: null, via: 'cli' });
		try {
			if (settling) await settleReport(ctx, first, more.join(' '));
			const shown = settling ? await reports(ctx, 'all', first) : await reports(ctx, first ? 'all' : 'open');
			if (!shown.length) process.stdout.write('no report\n');
			for (const r of shown) {
				process.stdout.write(`${r.id}\t${r.at.toISOString()}\t${r.reason}\t${r.settledAt ? 'settled' : 'open'}\tclient ${r.client} ${JSON.stringify(r.sender)}\tenvelope ${r.reference}\tby ${JSON.stringify(`${r.name} <${r.email}>`)}\t${JSON.stringify(r.words)}${r.note ? `\t${JSON.stringify(r.note)}` : ''}\n`);
			}
		} finally {
			await parts.database.close();
		}
	} finally {
		await database.stop();
	}
	return 0;
}
