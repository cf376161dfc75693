// What is measured: an instance of its own with one client, one administrator and one safe.

import { join } from 'node:path';
import postgres from 'postgres';
import { composeWeb, composeWorker, withActor, type Context, type WorkerContext } from '#lib/server/context.ts';
import { startEmbedded } from '#lib/server/db/embedded.ts';
import { migrate } from '#lib/server/db/migrate.ts';
import { ensureDatabase, ensureRoles } from '#lib/server/db/roles.ts';
import { readSettings, type Settings } from '#lib/server/env.ts';
import { makeKeys } from '#lib/server/keys/prepare.ts';
import * as safes from '#lib/server/safes.ts';
import { freePort } from './free-port.ts';

export interface Bench {
	readonly directory: string;
	readonly ctx: Context;
	readonly worker: WorkerContext;
	readonly safe: string;
	readonly owner: postgres.Sql;
	/** Of the web process. */
	readonly settings: Settings;
}

/** An instance with one client, one administrator and one safe. */
export async function instance(directory: string): Promise<Bench & { stop(): Promise<void> }> {
	const server = await startEmbedded(join(directory, 'postgres'));
	const admin = postgres(server.url(), { max: 1, onnotice: () => {} });
	await ensureRoles(admin, server.password);
	await ensureDatabase(admin, 'bench');
	await admin.end();
	const url = (role: string) => server.url(role, 'bench');
	await migrate(url('owner'), url('jobs'));
	const port = await freePort();
	const settings = readSettings({ NODE_ENV: 'test', ORIGIN: `http://localhost:${port}`, PORT: String(port), DATA_DIRECTORY: directory, DATABASE_URL: url('web'), DATABASE_URL_WORKER: url('worker'), DATABASE_URL_JOBS: url('jobs'), PRIVATE_INSTANCE: 'true' });
	await makeKeys({ storage: settings.STORAGE_KEY_DIRECTORY, signing: settings.SIGNING_KEY_DIRECTORY, instance: { operator: 'Bench', country: 'FR', origin: settings.ORIGIN, policy: settings.POLICY_OID } }, Date.now());
	const [web, { parts }] = [await composeWeb(settings), await composeWorker(settings)];
	const owner = postgres(url('owner'), { max: 2, onnotice: () => {} });
	const [person, client] = [crypto.randomUUID(), crypto.randomUUID()];
	await owner`insert into person (id, email, name) values (${person}, 'bench@localhost.example', 'Bench')`;
	await owner`insert into client (id, name) values (${client}, 'Bench')`;
	await owner`insert into member (client, person, role) values (${client}, ${person}, 'administrator')`;
	const ctx = withActor(web, { person, client, via: 'cli' });
	const { id: safe } = await safes.create(ctx, { name: 'Bench' });
	return {
		directory,
		ctx,
		worker: withActor(parts, { person: null, client: null, via: 'worker' }),
		safe,
		owner,
		settings,
		async stop() {
			await owner.end();
			await web.database.close();
			await parts.database.close();
			await server.stop();
		}
	};
}
