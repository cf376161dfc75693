// A whole instance of real processes, each of which can be killed and started again: PostgreSQL with its durable settings, the built web, the worker, an authority over HTTP.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, expect, vi } from 'vitest';
import { composeWeb, composeWorker, withActor } from '#lib/server/context.ts';
import { startEmbedded } from '#lib/server/db/embedded.ts';
import { migrate } from '#lib/server/db/migrate.ts';
import { ensureDatabase, ensureRoles } from '#lib/server/db/roles.ts';
import { readSettings } from '#lib/server/env.ts';
import { check } from '#lib/server/fsck/check.ts';
import type { Finding } from '#lib/server/fsck/finding.ts';
import { makeKeys } from '#lib/server/keys/prepare.ts';
import { base64 } from '#crypto/bytes.ts';
import { pem } from '#crypto/x509/pem.ts';
import { compiled } from '../support/compiled.ts';
import { freePort } from '../support/free-port.ts';
import { createHostileTsa } from '../support/tsa.ts';
import { build } from '../support/web.ts';
import { postgresProxy, type Moment } from './postgres-proxy.ts';

export type Victim = 'web' | 'worker' | 'postgres';

/** After a kill it syncs the file system once, not each of its thousand files. What it promises of a commit is as ever. */
const postgresSettings: Record<string, string> = process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {};

/** Kills a server with all its backends: stopped first, so that it makes no more. */
function killPostgres(pid: number): void {
	process.kill(pid, 'SIGSTOP');
	const parentOf = (text: string) => Number(text.slice(text.lastIndexOf(')')).split(' ')[2]);
	for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
		try {
			if (parentOf(readFileSync(`/proc/${entry}/stat`, 'utf8')) === pid) process.kill(Number(entry), 'SIGKILL');
		} catch (error) {
			if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error; // gone meanwhile
		}
	}
	process.kill(pid, 'SIGKILL');
}

/** What is still asked for. */
const unsettled = (owner: postgres.Sql) => owner<{ what: string; id: string }[]>`
	select 'token' as what, v.id from version v where not exists (select from timestamp_token t where t.version = v.id)
	union all select 'receipt', v.id from version v where v.number = 1 and not exists (select from receipt r where r.version = v.id)
	union all select 'message', id from message where state = 'waiting'
	union all select 'attempt', id from attempt where outcome is null
	union all select 'signature', id from signing_intent where state in ('ready', 'signed')
	union all select 'evidence', e.id from envelope e where e.closed_at is not null and e.sent_at is not null and e.evidence is null
	union all select 'attestation', s.id from signer s join envelope e on e.id = s.envelope where e.state = 'completed' and s.role = 'signer' and s.state = 'signed' and s.attestation is null
	union all select 'completion', e.id from envelope e where state = 'waiting' and not exists (select from signer s where s.envelope = e.id and s.state <> 'signed')`;

/** Starts everything, with these settings besides; ended with the test file. */
export async function startInstance(more: Readonly<Record<string, string>> = {}) {
	vi.setConfig({ testTimeout: 120_000 });
	build();
	const directory = mkdtempSync(join(tmpdir(), 'probant-kill-'));
	const cluster = join(directory, 'postgres');
	let server = await startEmbedded(cluster, postgresSettings);
	const undo: (() => Promise<unknown>)[] = [];
	afterAll(async () => {
		for (const act of undo.reverse()) await act();
		await server.stop();
		for (const place of [directory, server.directory]) rmSync(place, { recursive: true, force: true });
	});
	const admin = postgres(server.url(), { max: 1, onnotice: () => {} });
	await ensureRoles(admin, server.password);
	await ensureDatabase(admin, 'probant');
	await admin.end();
	const proxy = await postgresProxy(server.port);
	undo.push(() => proxy.close());
	const direct = (role: string) => server.url(role, 'probant');
	const through = (role: string) => direct(role).replace(`:${server.port}/`, `:${proxy.port}/`);
	await migrate(direct('owner'), direct('jobs'));

	const tsa = await createHostileTsa();
	const roots = join(directory, 'roots.pem');
	writeFileSync(roots, pem('CERTIFICATE', base64(tsa.root)));
	const port = await freePort();
	const origin = `http://localhost:${port}`;
	const env = { PATH: process.env.PATH ?? '', ...compiled, NODE_ENV: 'test', ORIGIN: origin, PORT: String(port), DATA_DIRECTORY: directory, PRIVATE_INSTANCE: 'true', TSA_URL: tsa.url, TSA_ANCHORS_FILE: roots, EGRESS_ALLOW: '127.0.0.1', ...more };
	const urls = { DATABASE_URL: through('web'), DATABASE_URL_WORKER: through('worker'), DATABASE_URL_JOBS: through('jobs') };
	const settings = readSettings({ ...env, DATABASE_URL: direct('web'), DATABASE_URL_WORKER: direct('worker') });
	await makeKeys({ storage: settings.STORAGE_KEY_DIRECTORY, signing: settings.SIGNING_KEY_DIRECTORY, instance: { operator: 'Kill', country: 'FR', origin, policy: settings.POLICY_OID } }, Date.now());

	let ending = false;
	const children = new Set<ChildProcess>();
	const current = new Map<'web' | 'worker', { child: ChildProcess; ready: Promise<void> }>();
	/** Processes that ended without being killed by a test, and were started again as the supervisor does. */
	const fell: string[] = [];
	function start(name: 'web' | 'worker'): Promise<void> {
		const child = spawn(process.execPath, [`src/${name}.ts`], { env: { ...env, ...urls }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
		children.add(child);
		let said = '';
		child.stderr!.on('data', (text: Buffer) => (said += text.toString()));
		const ready = new Promise<void>((ok) => child.once('message', () => ok()));
		child.once('exit', (code, signal) => {
			children.delete(child);
			if (ending || signal === 'SIGKILL') return;
			fell.push(`${name} (${signal ?? code}): ${said.slice(-2000)}`);
			if (current.get(name)?.child === child) void start(name);
		});
		current.set(name, { child, ready });
		return ready;
	}
	const kill = (victim: Victim) => (victim === 'postgres' ? killPostgres(server.pid) : void current.get(victim)!.child.kill('SIGKILL'));

	undo.push(async () => {
		ending = true;
		const gone = [...children].map((child) => new Promise((ok) => child.once('exit', ok)));
		for (const child of children) child.kill('SIGKILL');
		await Promise.all(gone);
	});

	const [owner, jobs] = ['owner', 'jobs'].map((role) => postgres(direct(role), { max: 4, onnotice: () => {} })) as [postgres.Sql, postgres.Sql];
	await jobs.unsafe(`
		create table jobs.taken (job bigint not null, by text not null, at timestamptz not null default clock_timestamp());
		create function jobs.note_taken() returns trigger language plpgsql as $$ begin insert into jobs.taken (job, by) values (new.id, new.locked_by); return null; end $$;
		create trigger note_taken after update of locked_by on graphile_worker._private_jobs for each row when (new.locked_by is not null and new.locked_by is distinct from old.locked_by) execute function jobs.note_taken()`);
	const web = await composeWeb(settings);
	const { parts } = await composeWorker(settings);
	undo.push(() => Promise.all([owner.end({ timeout: 2 }), jobs.end({ timeout: 2 }), web.database.close(), parts.database.close()]));
	const worker = withActor(parts, { person: null, client: null, via: 'cli' });
	await Promise.all([start('worker'), start('web')]);

	return {
		origin,
		tsa,
		owner,
		web,
		worker,
		kill,
		start,
		pid: (name: 'web' | 'worker') => current.get(name)!.child.pid!,
		/** Holds the connection at a moment, for as long as its process lives; resolves when that has happened. */
		holdAt: (moment: Moment) => proxy.at(moment, () => {}),
		/** Kills at a moment; resolves when that has happened. A process whose moment it is not goes on with it. */
		killAt: (victim: Victim, moment: Moment) => proxy.at(moment, () => kill(victim), victim !== 'postgres' && victim !== moment.role),
		/** Starts what was killed again, and waits until it serves. */
		async restart(victim: Victim) {
			if (victim === 'postgres') server = await startEmbedded(cluster, postgresSettings);
			else await start(victim);
		},
		/** A process as it is now, ready. */
		ready: (name: 'web' | 'worker') => current.get(name)!.ready,
		/** When jobs were taken, by the database's clock. */
		taken: () => jobs<{ job: string; by: string; at: Date }[]>`select job::text, by, at from jobs.taken order by at`,
		/** Jobs that a worker has taken, and which one. */
		heldJobs: () => jobs<{ id: string; by: string; task: string }[]>`select j.id::text, j.locked_by as by, t.identifier as task from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where j.locked_by is not null`,
		findings: async () => {
			const found: Finding[] = [];
			const counts = await check(worker, (f) => found.push(f));
			return { found, counts };
		},
		/** Waits until nothing is asked for any more: every token, receipt, message and signature is there. A job that was killed and then failed comes back after up to a minute. */
		async settled() {
			let left: unknown[] = [];
			await vi
				.waitUntil(async () => !(left = await unsettled(owner).catch(() => [{ what: 'server' }])).length, { timeout: 80_000, interval: 50 })
				.catch(async (error: unknown) => {
					throw new Error(JSON.stringify([left, await jobs`select task_id, key, attempts, locked_by, locked_at, run_at, last_error, now() from graphile_worker._private_jobs`, await jobs`select * from jobs.heartbeat`]), { cause: error });
				});
		},
		/** Nothing is wrong; and nothing fell by itself, but with its database (postgres.js writes to a socket that is gone): then it was started again. */
		async whole(victim: Victim) {
			expect((await this.findings()).found).toEqual([]);
			const fallen = fell.splice(0);
			if (victim !== 'postgres') expect(fallen).toEqual([]);
		}
	};
}

export type Instance = Awaited<ReturnType<typeof startInstance>>;
