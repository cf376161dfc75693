// probant fsck: the whole instance checked, from the worker's place (its keys and its database role). 0: nothing is wrong.

import { parseArgs } from 'node:util';
import { composeWorker, withActor } from '#lib/server/context.ts';
import { readSettings } from '#lib/server/env.ts';
import { check } from '#lib/server/fsck/check.ts';
import { databaseOf } from './database.ts';
import { Misuse } from './misuse.ts';

export const usage = 'probant fsck [--sweep] [--json]';

const say = (line: string) => void process.stdout.write(`${line}\n`);

function parse(args: readonly string[]): { sweep: boolean; json: boolean } {
	try {
		const { values } = parseArgs({ args: [...args], options: { sweep: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } });
		return values;
	} catch (cause) {
		throw new Misuse(`${(cause as Error).message}\n${usage}`, { cause });
	}
}

export async function run(args: readonly string[]): Promise<number> {
	const { sweep, json } = parse(args);
	const settings = readSettings();
	const database = await databaseOf(settings, 'worker');
	try {
		const { parts } = await composeWorker({ ...settings, DATABASE_URL_WORKER: database.url });
		const ctx = withActor(parts, { person: null, client: null, via: 'cli' });
		try {
			const c = await check(ctx, (f) => say(json ? JSON.stringify(f) : [f.problem, f.subject, f.detail].join('\t').trimEnd()), { sweep });
			const pending = `pending: ${c.timestampsPending} timestamps, ${c.eventsPending} events without a leaf`;
			say(json ? JSON.stringify(c) : `${c.findings} findings in ${c.versions} versions, ${c.receipts} receipts, ${c.signatures} signatures on their way, ${c.objects} objects, ${c.events} events, ${c.checkpoints} checkpoints; ${pending}${sweep ? `; ${c.swept} swept` : ''}`);
			if (!json) for (const { name, size, problem } of c.witnesses) say(`witness ${name}: cosigned ${size} entries${problem ? `; no answer: ${problem}` : ''}`);
			if (!json) for (const remark of c.remarks) say(remark);
			return c.findings ? 1 : 0;
		} finally {
			await parts.database.close();
		}
	} finally {
		await database.stop();
	}
}
