-- The ground: the clock, who asks, limits shared by all processes. Tables are closed unless a later line opens them.

alter default privileges revoke execute on functions from public;
create schema app;
grant usage on schema app to web, worker;

-- The database's clock, with an offset that only tests set (the owner alone may write it).
create table app.clock (one boolean primary key default true check (one), shift interval not null default '0');
alter table app.clock enable row level security;
alter table app.clock force row level security;
insert into app.clock default values;

create function app.now() returns timestamptz
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select clock_timestamp() + shift from app.clock $$;

-- Who asks, set by ctx.tx for one transaction. A reused connection gives '' and not null: both deny.
create function app.client() returns uuid
language sql stable set search_path = pg_catalog, pg_temp
as $$ select nullif(current_setting('app.client', true), '')::uuid $$;

create function app.actor() returns uuid
language sql stable set search_path = pg_catalog, pg_temp
as $$ select nullif(current_setting('app.actor', true), '')::uuid $$;

grant execute on function app.now, app.client, app.actor to web, worker;

-- Counters of acts per source and window. `subject` is a keyed hash, never an address or a number in clear.
create table app.counter (
	subject text not null,
	window_start timestamptz not null,
	count int not null,
	primary key (subject, window_start)
);
alter table app.counter enable row level security;
alter table app.counter force row level security;

-- Counts one act and returns how many there were in this window, this one included.
create function app.hit(subject text, width interval) returns int
language sql security definer set search_path = pg_catalog, pg_temp as $$
	insert into app.counter as c (subject, window_start, count)
	values (hit.subject, date_bin(width, app.now(), 'epoch'), 1)
	on conflict (subject, window_start) do update set count = c.count + 1
	returning count
$$;
grant execute on function app.hit to web, worker;
