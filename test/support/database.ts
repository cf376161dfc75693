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
}

/** Clones the template. Call it at the top level of a test file: the database goes when the file's tests are done. */
export async function createTestDatabase(): Promise<TestDatabase> {
	const { port, passwords } = inject('postgres');
	const name = `test_${randomBytes(6).toString('hex')}`;
	const url = (role: string, database = name) => `postgres://${role}:${passwords[role]}@127.0.0.1:${port}/${database}`;
	const admin = () => postgres(url('postgres', 'postgres'), { max: 1, onnotice: () => {} });
	const pools: Sql[] = [];
	afterAll(async () => {
		await Promise.all(pools.map((p) => p.end({ timeout: 5 })));
		const sql = admin();
		await sql`drop database ${sql(name)} with (force)`;
		await sql.end();
	});
	const sql = admin();
	try {
		await ensureDatabase(sql, name, 'template_probant');
	} finally {
		await sql.end();
	}
	return {
		name,
		url,
		connect(role) {
			const pool = postgres(url(role), { max: 10, onnotice: () => {} });
			pools.push(pool);
			return pool;
		}
	};
}
