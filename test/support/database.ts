// A database of a test file's own: a clone of the run's migrated template, on the run's real PostgreSQL.

import { randomBytes } from 'node:crypto';
import postgres, { type Sql } from 'postgres';
import { afterAll, inject } from 'vitest';
import { ensureDatabase, type DatabaseRole } from '#lib/server/db/roles.ts';

export interface TestDatabase {
	readonly name: string;
	/** Connection URL of a role; `postgres` is the superuser. */
	url(role: DatabaseRole | 'postgres'): string;
	/** A pool of that role, ended with the test file. */
	connect(role: DatabaseRole | 'postgres'): Sql;
	/** Keeps the database as it is; what it answers puts it back so. Pools connect anew by themselves. */
	snapshot(): Promise<() => Promise<void>>;
}

/** Clones the template. Call it at the top level of a test file: the database goes when the file's tests are done. */
export async function createTestDatabase(): Promise<TestDatabase> {
	const { port, passwords } = inject('postgres');
	const name = `test_${randomBytes(6).toString('hex')}`;
	const url = (role: string, database = name) => `postgres://${role}:${passwords[role]}@127.0.0.1:${port}/${database}`;
	const admin = () => postgres(url('postgres', 'postgres'), { max: 1, onnotice: () => {} });
	const pools: Sql[] = [];
	const kept = new Set<string>();
	afterAll(async () => {
		await Promise.all(pools.map((p) => p.end({ timeout: 5 })));
		const sql = admin();
		for (const database of [name, ...kept]) await sql`drop database ${sql(database)} with (force)`;
		await sql.end();
	});
	const sql = admin();
	try {
		await ensureDatabase(sql, name, 'template_probant');
	} finally {
		await sql.end();
	}
	async function copy(from: string, to: string): Promise<void> {
		const sql = admin();
		try {
			await sql`alter database ${sql(from)} allow_connections false`;
			await sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname in (${from}, ${to})`;
			await sql`drop database if exists ${sql(to)} with (force)`;
			await sql`create database ${sql(to)} owner owner template ${sql(from)}`;
			await sql`alter database ${sql(from)} allow_connections true`;
			await sql`revoke all on database ${sql(to)} from public`;
			await sql`grant connect on database ${sql(to)} to web, worker, jobs`;
			await sql`grant create on database ${sql(to)} to jobs`;
		} finally {
			await sql.end();
		}
	}
	return {
		name,
		url,
		async snapshot() {
			const then = `${name}_${kept.size}`;
			await copy(name, then);
			kept.add(then);
			return () => copy(then, name);
		},
		connect(role) {
			const pool = postgres(url(role), { max: 10, onnotice: () => {} });
			pools.push(pool);
			return pool;
		}
	};
}
