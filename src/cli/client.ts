// probant client: the operator sees the clients and verifies one, over the owner's connection.

import * as clients from '#lib/server/clients.ts';
import { composeOwner, withActor } from '#lib/server/context.ts';
import { readSettings } from '#lib/server/env.ts';
import { databaseOf } from './database.ts';
import { Misuse } from './misuse.ts';

export const usage = 'probant client list | verify ID';

export async function run([act, id, ...more]: readonly string[]): Promise<number> {
	const verifying = act === 'verify' && id !== undefined;
	if ((!verifying && (act !== 'list' || id !== undefined)) || more.length) throw new Misuse(usage);
	if (verifying && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new Misuse(`${id}: not the id of a client (probant client list)`);
	const settings = readSettings();
	const database = await databaseOf(settings, 'owner');
	try {
		const parts = await composeOwner(settings, database.url);
		const ctx = withActor(parts, { person: null, client: null, via: 'cli' });
		try {
			const shown = verifying ? [await clients.verify(ctx, id)] : await clients.all(ctx);
			for (const c of shown) process.stdout.write(`${c.id}\t${c.verified ? 'verified' : 'waiting'}\t${c.registrationNumber ?? ''}\t${JSON.stringify(c.name)}\n`);
		} finally {
			await parts.database.close();
		}
	} finally {
		await database.stop();
	}
	return 0;
}
