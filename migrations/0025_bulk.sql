-- Bulk sending (SIGN-6): a template and a CSV, a line for each envelope. The worker sends them one by one, in the name of who started it.

create table bulk (
	id uuid primary key,
	client uuid not null,
	safe uuid not null,
	template uuid not null,
	template_number int not null,
	file_name text not null check (length(file_name) between 1 and 200),
	sha256 bytea not null check (octet_length(sha256) = 32), -- of the file
	state text not null default 'checked' check (state in ('checked', 'running', 'paused', 'cancelled')), -- checked: nothing of it was sent; forgotten after a day
	created_by uuid not null references person,
	created_at timestamptz not null default app.now(),
	sender uuid references person, -- in whose name it is sent: who started, resumed or retried it last
	acts_version text check (length(acts_version) <= 100), -- of the warning on excluded acts, as they confirmed it
	started_at timestamptz,
	foreign key (safe, client) references safe (id, client),
	foreign key (template, safe, client) references template (id, safe, client),
	foreign key (template, template_number) references template_version (template, number),
	unique (id, client),
	check ((state = 'checked') = (started_at is null) and (state = 'checked') = (sender is null) and (state = 'checked') = (acts_version is null))
);
create index bulk_client on bulk (client, created_at desc);

create table bulk_line (
	bulk uuid not null,
	client uuid not null,
	number int not null check (number >= 2), -- the row in the file; the first is its header
	label text not null check (length(label) <= 200), -- what its sender knows it by
	reference text not null default '' check (length(reference) <= 80), -- the sender's own
	input jsonb, -- what the envelope is made from; null: the line cannot be sent, or the envelope has it
	problems jsonb not null default '[]' check (jsonb_typeof(problems) = 'array'), -- column, what stands there, why it cannot be sent
	warnings jsonb not null default '[]' check (jsonb_typeof(warnings) = 'array'),
	document uuid not null default gen_random_uuid(), -- what it becomes, said before it is made: made once, whoever dies in between
	envelope uuid not null default gen_random_uuid(),
	state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'cancelled')),
	reason text check (length(reason) <= 100), -- why it failed, or is tried again
	tries int not null default 0,
	lease_until timestamptz, -- of whoever sends it; after an outage, when it is tried again
	sent_at timestamptz,
	primary key (bulk, number),
	foreign key (bulk, client) references bulk (id, client) on delete cascade,
	check (input is not null or state = 'sent' or problems <> '[]'),
	check ((state = 'sent') = (sent_at is not null) and (state <> 'sent' or input is null) and (state <> 'failed' or reason is not null))
);
create index bulk_line_waiting on bulk_line (bulk, number) where state = 'waiting';

do $$ declare t text; begin
	foreach t in array array['bulk', 'bulk_line'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
		execute format('create policy sees on %I for select to web using (client = app.client())', t);
		execute format('create policy adds on %I for insert to web with check (client = app.client())', t);
		execute format('create policy changes on %I for update to web using (client = app.client()) with check (client = app.client())', t);
		execute format('create policy reads on %I for select to worker using (true)', t);
	end loop;
end $$;
create policy gives_up on bulk for delete to web using (client = app.client() and state = 'checked');
create policy forgets on bulk for delete to worker using (state = 'checked' and created_at < app.now() - interval '1 day');
grant select, insert, delete, update (state, sender, acts_version, started_at) on bulk to web;
grant select, insert, update (input, state, reason, tries, lease_until, sent_at) on bulk_line to web;
grant select (id, client, sender, state, created_at), delete on bulk to worker;
grant select (bulk, client, number, state, lease_until) on bulk_line to worker;

create function app.bulk_hint() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	if tg_table_name = 'bulk' then perform pg_notify('hint', new.id::text); else perform pg_notify('hint', new.bulk::text); end if;
	return null;
end $$;
create trigger hint after update of state on bulk for each row execute function app.bulk_hint();
create trigger hint after update of state, reason on bulk_line for each row execute function app.bulk_hint();
