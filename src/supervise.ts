// Starts everything on one machine and keeps it running: embedded PostgreSQL when no database is named, migrations, keys, web, worker. Ctrl-C stops it all.

import { fork, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { startEmbedded, type Embedded } from '#lib/server/db/embedded.ts';
import { migrate } from '#lib/server/db/migrate.ts';
import { ensureDatabase, ensureRoles } from '#lib/server/db/roles.ts';
import { BadSettings, readSettings, webEnvironment, type Settings } from '#lib/server/env.ts';
import { prepareKeys } from '#lib/server/keys/prepare.ts';
import { KeyProblem } from '#lib/server/keys/vault.ts';

const demonstrating = process.argv.includes('--demo');
const say = (line: string) => process.stdout.write(`${line}\n`);

interface Urls {
	readonly web: string;
	readonly worker: string;
	readonly owner: string;
	readonly jobs: string;
}

/** The server of this machine: started, or taken over from a parent that was killed. */
async function embedded(settings: Settings): Promise<{ server: Embedded; urls: Urls }> {
	const server = await startEmbedded(join(settings.DATA_DIRECTORY, 'postgres'));
	const admin = postgres(server.url(), { max: 1, onnotice: () => {} });
	try {
		await ensureRoles(admin, server.password);
		await ensureDatabase(admin, 'probant');
	} finally {
		await admin.end();
	}
	const url = (role: string) => server.url(role, 'probant');
	return { server, urls: { web: url('web'), worker: url('worker'), owner: url('owner'), jobs: url('jobs') } };
}

/** A one-time link that makes its bearer the operator; null when there is one already. */
async function setupLink(owner: string, origin: string): Promise<string | null> {
	const sql = postgres(owner, { max: 1, onnotice: () => {} });
	try {
		const [{ there }] = await sql<[{ there: boolean }]>`select exists (select from person where operator) as there`;
		if (there) return null;
		const secret = randomBytes(32).toString('base64url');
		await sql`delete from setup_link where used_at is null`;
		await sql`insert into setup_link (hash) values (${createHash('sha256').update(secret).digest()})`;
		return `${origin}/setup/${secret}`;
	} finally {
		await sql.end();
	}
}

const children = new Map<string, ChildProcess>();
let stopping = false;

/** Starts a process and starts it again when it dies, more slowly each time. Resolves when it first says it is ready. `name`: of its file, and a number where there are several. */
function keep(name: 'web' | `worker ${number}`, env: NodeJS.ProcessEnv): Promise<void> {
	const [file] = name.split(' ');
	return new Promise((ready) => {
		let pause = 250;
		const start = (): void => {
			const child = fork(fileURLToPath(new URL(`./${file}.ts`, import.meta.url)), { env, detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
			children.set(name, child);
			child.on('message', () => {
				pause = 250;
				ready();
			});
			child.on('exit', (code, signal) => {
				if (stopping) return;
				say(`${name} ended (${signal ?? code}); starting it again`);
				pause = Math.min(pause * 2, 10_000);
				setTimeout(start, pause);
			});
		};
		start();
	});
}

async function stop(server: Embedded | null, code: number): Promise<never> {
	stopping = true;
	const gone = [...children.values()].map((child) => new Promise<void>((done) => (child.exitCode === null && child.signalCode === null ? child.once('exit', () => done()) : done())));
	for (const child of children.values()) child.kill('SIGTERM');
	const patience = setTimeout(() => [...children.values()].forEach((child) => child.kill('SIGKILL')), 8000);
	await Promise.all(gone);
	clearTimeout(patience);
	await server?.stop();
	process.exit(code);
}

async function main(): Promise<void> {
	if (demonstrating && process.env.NODE_ENV === 'production') throw new BadSettings(['--demo: not in production']);
	const settings = readSettings();
	mkdirSync(settings.DATA_DIRECTORY, { recursive: true });
	const { DATABASE_URL, DATABASE_URL_WORKER, DATABASE_URL_OWNER, DATABASE_URL_JOBS } = settings;
	const given: Urls | null = DATABASE_URL && DATABASE_URL_WORKER && DATABASE_URL_OWNER && DATABASE_URL_JOBS ? { web: DATABASE_URL, worker: DATABASE_URL_WORKER, owner: DATABASE_URL_OWNER, jobs: DATABASE_URL_JOBS } : null;
	if (DATABASE_URL && !given) throw new BadSettings(['DATABASE_URL: the four of DATABASE_URL, _WORKER, _OWNER, _JOBS are set together']);
	const started = given ? null : await embedded(settings);
	const urls = given ?? started!.urls;
	const end = () => void stop(started?.server ?? null, 0);
	process.on('SIGINT', end);
	process.on('SIGTERM', end);
	process.on('SIGHUP', end);
	process.on('disconnect', end); // whoever started this was killed
	try {
		const instance = { operator: settings.OPERATOR_NAME, country: settings.OPERATOR_COUNTRY, origin: settings.ORIGIN, policy: settings.POLICY_OID };
		await Promise.all([
			migrate(urls.owner, urls.jobs),
			prepareKeys({ storage: settings.STORAGE_KEY_DIRECTORY, signing: settings.SIGNING_KEY_DIRECTORY, instance, production: settings.production }, Date.now())
		]);
		const env = { ...process.env, DATA_DIRECTORY: settings.DATA_DIRECTORY, ORIGIN: settings.ORIGIN };
		const worker = (number: number) => keep(`worker ${number}`, { ...env, DATABASE_URL: urls.web, DATABASE_URL_WORKER: urls.worker, DATABASE_URL_JOBS: urls.jobs });
		await Promise.all([...Array.from({ length: settings.WORKERS }, (_, i) => worker(i + 1)), keep('web', { ...webEnvironment(env), DATABASE_URL: urls.web })]);
		const link = await setupLink(urls.owner, settings.ORIGIN);
		say(`\nProbant: ${settings.ORIGIN}`);
		if (demonstrating) {
			const { demonstrate } = await import('./demo.ts'); // loads most of the domain
			for (const line of await demonstrate({ ...settings, DATABASE_URL: urls.web }, urls.owner)) say(line);
		}
		if (link) say(`Set-up link, once, for the operator: ${link}`);
		say('Ctrl-C stops everything.\n');
		process.send?.({ ready: 'all', link });
	} catch (error) {
		await started?.server.stop();
		throw error;
	}
}

main().catch((error: unknown) => {
	const known = error instanceof BadSettings || error instanceof KeyProblem;
	process.stderr.write(`${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
	for (const child of children.values()) child.kill('SIGTERM');
	process.exit(1);
});
