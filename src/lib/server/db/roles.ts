// The database roles, and what each is for. In production the administrator makes them with the same statements (README).

import type { Sql } from 'postgres';

/**
 * owner: migrations, seeds and security definer look-ups (BYPASSRLS: forced row-level security filters an owner too);
 * web and worker: the two processes; jobs: the job queue's own schema.
 */
export const roles = ['owner', 'web', 'worker', 'jobs'] as const;
export type DatabaseRole = (typeof roles)[number];

/** Creates the missing roles and sets the passwords. `admin` is a superuser; passwords are hexadecimal. */
export async function ensureRoles(admin: Sql, password: (role: DatabaseRole) => string): Promise<void> {
	for (const role of roles) {
		const secret = password(role);
		if (!/^[0-9a-f]+$/.test(secret)) throw new Error(`the password of role ${role} is not hexadecimal`);
		const [known] = await admin`select from pg_roles where rolname = ${role}`;
		await admin.unsafe(`${known ? 'alter' : 'create'} role ${role} login nosuperuser nocreatedb nocreaterole
			${role === 'owner' ? 'bypassrls' : 'nobypassrls'} password '${secret}'`);
	}
}

/** Creates the database when it is missing, owned by `owner` and closed to roles that are not ours. */
export async function ensureDatabase(admin: Sql, name: string, template = 'template1'): Promise<void> {
	const [known] = await admin`select from pg_database where datname = ${name}`;
	if (known) return;
	await admin`create database ${admin(name)} owner owner template ${admin(template)}`;
	await admin`revoke all on database ${admin(name)} from public`;
	await admin`grant connect on database ${admin(name)} to web, worker, jobs`;
	await admin`grant create on database ${admin(name)} to jobs`;
}
