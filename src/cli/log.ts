// probant log new: a new log, when the old one cannot go on. Workers sign it as they find it; nobody need stop.

import { beginLog } from '#lib/server/audit/begin.ts';
import { composeWorker, withActor } from '#lib/server/context.ts';
import { readSettings } from '#lib/server/env.ts';
import { databaseOf } from './database.ts';
import { Misuse } from './misuse.ts';

export const usage = 'probant log new --give-up-the-old';

export async function run(args: readonly string[]): Promise<number> {
	if (args.join(' ') !== 'new --give-up-the-old') throw new Misuse(usage);
	const settings = readSettings();
	const database = await databaseOf(settings, 'owner');
	try {
		const { parts } = await composeWorker({ ...settings, DATABASE_URL_WORKER: database.url });
		try {
			const { line, why } = await beginLog(withActor(parts, { person: null, client: null, via: 'cli' }));
			process.stdout.write(`the old log ended: ${why}\n${line}: begins with its last checkpoint; who checks proofs needs this line too\n`);
		} finally {
			await parts.database.close();
		}
	} finally {
		await database.stop();
	}
	return 0;
}
