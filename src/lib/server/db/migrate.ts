// Forward-only migrations: numbered SQL files, each applied once in its own transaction and never changed after.
// migrations/*.sql run as owner; migrations/jobs/*.sql as jobs, on top of graphile-worker's own schema.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Logger, runMigrations } from 'graphile-worker';
import postgres, { type Sql } from 'postgres';
import { allowedTasks, priority } from '../jobs/allowed.ts';

export interface Migration {
	readonly number: number;
	readonly name: string;
	/** SHA-256 of the file, hexadecimal. */
	readonly checksum: string;
	readonly sql: string;
}

const directory = fileURLToPath(new URL('../../../../migrations', import.meta.url));
const lock = 7_269_870_361; // any constant: one migration at a time in a database

/** The migrations of a directory in order. Throws on a name that is not NNNN_words.sql, a gap or a repeated number. */
export function readMigrations(from: string): Migration[] {
	const files = readdirSync(from).filter((f) => f.endsWith('.sql')).sort();
	return files.map((file, index) => {
		const [, digits, name] = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file) ?? [];
		if (!digits || !name) throw new Error(`migration ${file}: not NNNN_words.sql`);
		if (Number(digits) !== index + 1) throw new Error(`migration ${file}: number ${index + 1} expected`);
		const sql = readFileSync(join(from, file), 'utf8');
		return { number: index + 1, name, checksum: createHash('sha256').update(sql).digest('hex'), sql };
	});
}

/**
 * Applies what `schema`.migration does not hold yet and returns the names applied.
 * Throws when an applied file was changed or is missing here (an older build on a newer database).
 */
export async function applyMigrations(sql: Sql, schema: string, migrations: readonly Migration[]): Promise<string[]> {
	const table = sql(`${schema}.migration`);
	await sql`create schema if not exists ${sql(schema)}`;
	await sql`create table if not exists ${table} (number int primary key, name text not null, checksum text not null, at timestamptz not null default clock_timestamp())`;
	await sql`alter table ${table} enable row level security`;
	const applied = await sql<{ number: number; name: string; checksum: string }[]>`select number, name, checksum from ${table} order by number`;
	for (const { number, name, checksum } of applied) {
		const here = migrations[number - 1];
		if (!here) throw new Error(`the database has migration ${number} ${name}, which this build does not know`);
		if (here.checksum !== checksum) throw new Error(`migration ${number} ${name} was changed after it was applied`);
	}
	const pending = migrations.slice(applied.length);
	for (const { number, name, checksum, sql: text } of pending) {
		try {
			await sql.begin(async (tx) => {
				await tx.unsafe(text);
				await tx`insert into ${table} (number, name, checksum) values (${number}, ${name}, ${checksum})`;
			});
		} catch (cause) {
			throw new Error(`migration ${number} ${name}: ${(cause as Error).message}`, { cause });
		}
	}
	return pending.map((m) => m.name);
}

async function migrateJobs(url: string): Promise<string[]> {
	await runMigrations({ connectionString: url, logger: new Logger(() => () => {}) });
	const sql = postgres(url, { max: 1, onnotice: () => {} });
	try {
		const applied = await applyMigrations(sql, 'jobs', readMigrations(join(directory, 'jobs')));
		await sql.begin(async (tx) => {
			await tx`delete from jobs.allowed`;
			for (const [role, tasks] of Object.entries(allowedTasks)) {
				await tx`insert into jobs.allowed (role, task, priority) select ${role}, * from unnest(${tasks as string[]}::text[], ${tasks.map(priority)}::int[])`;
			}
		});
		return applied;
	} finally {
		await sql.end();
	}
}

/**
 * Brings the database to this build's schema and returns the names of the migrations applied.
 * `owner` and `jobs` are connection URLs of these roles; two concurrent calls run one after the other.
 */
export async function migrate(owner: string, jobs: string): Promise<string[]> {
	const sql = postgres(owner, { max: 1, onnotice: () => {} });
	try {
		await sql`select pg_advisory_lock(${lock})`;
		return [...(await migrateJobs(jobs)), ...(await applyMigrations(sql, 'migration', readMigrations(directory)))];
	} finally {
		await sql.end();
	}
}
