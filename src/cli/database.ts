// A role's connection for a command: as set, or of the embedded server, which is started when it does not run.

import { join } from 'node:path';
import { startEmbedded } from '#lib/server/db/embedded.ts';
import type { Settings } from '#lib/server/env.ts';

/** `stop` ends what was started for it, and nothing else. */
export async function databaseOf(settings: Settings, role: 'owner' | 'worker'): Promise<{ url: string; stop: () => Promise<void> }> {
	const set = role === 'owner' ? settings.DATABASE_URL_OWNER : settings.DATABASE_URL_WORKER;
	if (set) return { url: set, stop: async () => {} };
	const server = await startEmbedded(join(settings.DATA_DIRECTORY, 'postgres'));
	return { url: server.url(role, 'probant'), stop: async () => (server.adopted ? undefined : server.stop()) };
}
