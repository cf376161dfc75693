// probant sms: how many codes each client was sent each month, what became of them and what they cost, over the owner's connection.

import { composeOwner, withActor } from '#lib/server/context.ts';
import { smsLedger } from '#lib/server/delivery.ts';
import { readSettings } from '#lib/server/env.ts';
import { databaseOf } from './database.ts';
import { Misuse } from './misuse.ts';

export const usage = 'probant sms [MONTH as 2026-11]';

export async function run([month, ...more]: readonly string[]): Promise<number> {
	if (more.length || (month !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month))) throw new Misuse(usage);
	const settings = readSettings();
	const database = await databaseOf(settings, 'owner');
	try {
		const parts = await composeOwner(settings, database.url);
		try {
			const lines = await smsLedger(withActor(parts, { person: null, client: null, via: 'cli' }), month ?? null);
			if (!lines.length) process.stdout.write('no SMS\n');
			for (const l of lines) process.stdout.write(`${l.month}\t${l.client}\t${l.name}\tsent ${l.sent}\tdelivered ${l.delivered}\tundelivered ${l.undelivered}\ttyped right ${l.right}\tcost ${l.cost || 'not told'}\n`);
		} finally {
			await parts.database.close();
		}
	} finally {
		await database.stop();
	}
	return 0;
}
