// Vitest's global set-up: one real PostgreSQL and one migrated template database per run, gone with it.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '#lib/server/db/embedded.ts';
import { migrate } from '#lib/server/db/migrate.ts';
import { ensureDatabase, ensureRoles, roles } from '#lib/server/db/roles.ts';

declare module 'vitest' {
	interface ProvidedContext {
		postgres: { port: number; passwords: Record<string, string> };
	}
}

const prefix = 'probant-test-';
const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Ends the servers of runs that were killed. */
async function sweep(): Promise<void> {
	for (const name of readdirSync(tmpdir()).filter((n) => n.startsWith(prefix))) {
		const directory = join(tmpdir(), name);
		try {
			process.kill(Number(readFileSync(join(directory, 'run'), 'utf8')), 0);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') continue;
			await (await startEmbedded(directory)).stop();
			rmSync(directory, { recursive: true, force: true });
		}
	}
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	await sweep();
	const directory = mkdtempSync(join(tmpdir(), prefix));
	writeFileSync(join(directory, 'run'), String(process.pid));
	const server = await startEmbedded(directory, fast);
	const admin = postgres(server.url(), { max: 1, onnotice: () => {} });
	try {
		await ensureRoles(admin, server.password);
		await ensureDatabase(admin, 'template_probant');
		await migrate(server.url('owner', 'template_probant'), server.url('jobs', 'template_probant'));
	} finally {
		await admin.end();
	}
	const passwords = Object.fromEntries(['postgres', ...roles].map((role) => [role, server.password(role)]));
	project.provide('postgres', { port: server.port, passwords });
	return async () => {
		await server.stop();
		rmSync(directory, { recursive: true, force: true });
	};
}
