import { expect, test } from 'vitest';
import { connect } from '#lib/server/db/pool.ts';
import * as safes from '#lib/server/safes.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import { createWorld, type Person } from '../support/world.ts';

const world = await createWorld();
const { owner } = world;
const ours = ['public', 'app', 'migration', 'jobs'];
async function* one(bytes: Uint8Array) {
	yield bytes;
}
async function deposited(who: Person, safe: string) {
	const { id } = await stage.create(who.ctx, { safe, name: 'a.txt', length: 5 });
	await stage.write(who.ctx, id, 0, one(new TextEncoder().encode('hello')));
	return deposit(who.ctx, { stage: id });
}

/** Tables without row-level security, or whose owner it does not filter. `migration` and `jobs` are no role's but their owner's: enabled is enough. */
const unguardedTables = () => owner`
	select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where c.relkind in ('r', 'p') and n.nspname = any (${ours}) and not (c.relrowsecurity and (c.relforcerowsecurity or n.nspname in ('migration', 'jobs')))`;
/** Views that read as their owner, and materialized views, which no policy filters. */
const unguardedViews = () => owner`
	select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where n.nspname = any (${ours}) and (c.relkind = 'm' or c.relkind = 'v' and not coalesce(c.reloptions @> array['security_invoker=true'], false))`;
/** Functions anyone may call, or that search names where their caller says. */
const unguardedFunctions = () => owner`
	select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
	where n.nspname = any (${ours}) and (
		exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)
		or p.prosecdef and not coalesce(p.proconfig::text like '%search_path=pg_catalog, pg_temp%', false))`;

test('SAFE-1 every table, view and function has its guard', async () => {
	expect(await unguardedTables()).toEqual([]);
	expect(await unguardedViews()).toEqual([]);
	expect(await unguardedFunctions()).toEqual([]);
});

test('SAFE-1 the guard test catches what has none', async () => {
	await owner`create table open_table (a int)`;
	await owner`create table half_open (a int)`;
	await owner`alter table half_open enable row level security`;
	await owner`create view open_view as select * from document`;
	await owner`create materialized view open_copy as select 1 as a`;
	await owner`create function app.open_function() returns int language sql security definer as 'select 1'`;
	await owner`create function app.public_function() returns int language sql set search_path = pg_catalog, pg_temp as 'select 1'`;
	await owner`grant execute on function app.public_function to public`;
	const names = (rows: readonly { name?: string }[]) => rows.map(({ name }) => name).sort();
	try {
		expect(names(await unguardedTables())).toEqual(['half_open', 'open_table']);
		expect(names(await unguardedViews())).toEqual(['open_copy', 'open_view']);
		expect(names(await unguardedFunctions())).toEqual(['app.open_function()', 'app.public_function()']);
	} finally {
		await owner`drop table open_table, half_open`;
		await owner`drop view open_view`;
		await owner`drop materialized view open_copy`;
		await owner`drop function app.open_function, app.public_function`;
	}
});

/** Every table with a client column that the web role may read at all. */
const tenantTables = () => owner<{ name: string }[]>`
	select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
	join pg_attribute a on a.attrelid = c.oid and a.attname = 'client' and has_column_privilege('web', c.oid, a.attnum, 'select')
	where c.relkind = 'r' order by 1`;

test('SAFE-1 a query that forgets its where sees its own client’s rows alone, and none without one', async () => {
	const [ada, bob] = [await world.administrator(), await world.administrator()];
	for (const who of [ada, bob]) await deposited(who, (await safes.create(who.ctx, { name: 'Contrats' })).id);
	const tables = (await tenantTables()).map(({ name }) => name);
	expect(tables).toEqual(expect.arrayContaining(['document', 'envelope', 'event', 'receipt', 'safe', 'safe_key', 'signer', 'stage', 'version']));
	const nobody = connect(world.database.connect('web'));
	for (const table of tables) {
		const seen = await ada.ctx.tx((tx) => tx<{ client: string }[]>`select client from ${tx(table)} where client is not null`);
		expect([table, seen.filter(({ client }) => client !== ada.client)]).toEqual([table, []]);
		if (['document', 'version', 'event', 'safe', 'safe_key', 'stage'].includes(table)) expect([table, seen.length > 0]).toEqual([table, true]);
		const bare = await nobody.sql`select client from ${nobody.sql(table)} where client is not null`;
		expect([table, bare.length]).toEqual([table, 0]);
		const unset = await nobody.tx({ person: ada.person, client: null, via: 'web' }, (tx) => tx`select client from ${tx(table)} where client is not null and client <> ${ada.client}`);
		expect([table, unset.length]).toEqual([table, 0]);
	}
});

test('SAFE-1 within a client, a safe that is not open to a person shows no row of it', async () => {
	const ada = await world.administrator();
	const [one, two] = [await safes.create(ada.ctx, { name: 'Un' }), await safes.create(ada.ctx, { name: 'Deux' })];
	for (const { id } of [one, two]) await deposited(ada, id);
	const eve = await world.person(ada.client, 'contributor');
	await safes.grant(ada.ctx, { safe: one.id, person: eve.person, rights: ['read'] });
	for (const table of ['document', 'version', 'safe_key', 'stage', 'event']) {
		const rows = await eve.ctx.tx((tx) => tx<{ safe: string | null }[]>`select distinct safe from ${tx(table)} where safe is not null`);
		expect([table, rows]).toEqual([table, [{ safe: one.id }]]);
	}
	expect(await safes.list(eve.ctx)).toMatchObject([{ id: one.id, rights: ['read'] }]);
	await expect(eve.ctx.tx((tx) => safes.safeKey(eve.ctx, tx, two))).rejects.toMatchObject({ kind: 'not-found' });
});

test('SAFE-1 the web role writes under its own client alone, and gives no rights it may not give', async () => {
	const [ada, bob] = [await world.administrator(), await world.administrator()];
	const safe = await safes.create(ada.ctx, { name: 'Contrats' });
	const denied = { code: '42501' };
	await expect(bob.ctx.tx((tx) => tx`insert into safe (client, name) values (${ada.client}, 'x')`)).rejects.toMatchObject(denied);
	await expect(bob.ctx.tx((tx) => tx`insert into safe_right (safe, client, person, rights) values (${safe.id}, ${ada.client}, ${bob.person}, '{read}')`)).rejects.toMatchObject(denied);
	const eve = await world.person(ada.client, 'reader');
	await expect(eve.ctx.tx((tx) => tx`insert into safe_right (safe, client, person, rights) values (${safe.id}, ${ada.client}, ${eve.person}, '{read}')`)).rejects.toMatchObject(denied);
	await expect(safes.create(eve.ctx, { name: 'Mien' })).rejects.toMatchObject({ reason: 'administrators-only' });
});

test('LOG-1 the log is written through the append function alone, by no role changed', async () => {
	const ada = await world.administrator();
	await safes.create(ada.ctx, { name: 'Contrats' });
	const denied = { code: '42501' };
	const log = ['event', 'event_opening', 'event_waiting', 'log_leaf', 'log_node', 'log_head', 'checkpoint', 'refusal'];
	for (const [role, ctx] of [['web', ada.ctx], ['worker', world.worker]] as const) {
		await expect(ctx.tx((tx) => tx`insert into event (body, digest) values ('\\x7b7d', sha256('\\x7b7d'))`), role).rejects.toMatchObject(denied);
		for (const table of ['event', 'event_opening', 'log_leaf', 'log_node']) {
			await expect(ctx.tx((tx) => tx`delete from ${tx(table)}`), `${role} ${table}`).rejects.toMatchObject(denied);
			await expect(ctx.tx((tx) => tx`truncate ${tx(table)} cascade`), `${role} ${table}`).rejects.toMatchObject(denied);
		}
		await expect(ctx.tx((tx) => tx`update event set body = body`), role).rejects.toMatchObject(denied);
	}
	for (const table of log) {
		const [may] = await owner`select has_table_privilege('web', ${table}, 'insert, update, delete, truncate') as write`;
		expect([table, may]).toEqual([table, { write: false }]);
	}
	await expect(owner`delete from event`).rejects.toMatchObject(denied);
	await expect(owner`update log_leaf set leaf = leaf`).rejects.toMatchObject(denied);
});

test('the web process reads no code, link secret or signing key in the database', async () => {
	const secrets = await owner<{ t: string; c: string }[]>`
		select c.oid::regclass::text as t, a.attname as c from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'app')
		join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		where c.relkind = 'r' and a.attname ~ '(code|secret|private|password)' and has_column_privilege('web', c.oid, a.attnum, 'select')`;
	expect(secrets).toEqual([]);
	for (const [table, column] of [['attempt', 'code'], ['link', 'hash'], ['confirmation', 'hash'], ['invitation', 'hash'], ['person', 'password_hash']] as const) {
		const [known] = await owner`select has_column_privilege('web', ${table}, ${column}, 'select') as reads`;
		expect([table, known]).toEqual([table, { reads: false }]);
	}
});
