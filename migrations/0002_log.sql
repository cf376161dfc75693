-- The audit log: events are written by anyone's transaction through one function, leaves and checkpoints by the worker.

create table event (
	id bigint generated always as identity primary key,
	body bytea not null check (octet_length(body) between 2 and 65535), -- RFC 8785 canonical JSON, without seq and prev
	digest bytea not null unique, -- SHA-256 of body
	client uuid, -- whose log view it belongs to; null: the instance's
	safe uuid, -- whose chain it is a link of; null: the chain of events of no safe
	at timestamptz not null default app.now()
);

-- Values behind the commitments of an event: erased with the person, which leaves the log verifiable.
create table event_opening (
	event bigint not null references event,
	name text not null,
	key bytea not null check (octet_length(key) = 32),
	value text not null,
	primary key (event, name)
);

create table log_leaf (
	index bigint primary key check (index >= 0),
	event bigint not null unique references event,
	safe uuid, -- of the event
	seq bigint not null check (seq >= 1),
	prev bytea check (octet_length(prev) = 32), -- previous leaf of that safe, null for its first
	leaf bytea not null check (octet_length(leaf) = 32),
	check ((seq = 1) = (prev is null))
);
create unique index log_leaf_chain on log_leaf (coalesce(safe, '00000000-0000-0000-0000-000000000000'), seq);

create table log_head (one boolean primary key default true check (one), size bigint not null default 0);
insert into log_head default values;

create table checkpoint (
	size bigint primary key check (size >= 0),
	root bytea not null check (octet_length(root) = 32),
	note text not null, -- C2SP signed note
	at timestamptz not null default app.now(),
	token bytea -- RFC 3161 token over the note, when there is one
);

do $$ declare t text; begin
	foreach t in array array['event', 'event_opening', 'log_leaf', 'log_head', 'checkpoint'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
	end loop;
end $$;

create function app.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege'; end $$;

-- A guard against slips, not the proof: the proof is the log itself.
create trigger append_only before update or delete or truncate on event for each statement execute function app.refuse_change();
create trigger append_only before update or delete or truncate on log_leaf for each statement execute function app.refuse_change();

-- The only way in. Returns the event's id; the caller has hashed the body (checked here).
create function app.append_event(body bytea, client uuid, safe uuid, opening_names text[], opening_keys bytea[], opening_values text[]) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	made bigint;
begin
	insert into public.event (body, digest, client, safe) values (body, sha256(body), client, safe) returning id into made;
	insert into public.event_opening (event, name, key, value)
		select made, o.name, o.key, o.value from unnest(opening_names, opening_keys, opening_values) as o (name, key, value);
	return made;
end $$;
grant execute on function app.append_event to web, worker;

-- A client reads its own log; the sequencer reads all and writes leaves.
create policy own on event for select to web using (client = app.client());
create policy own on event_opening for select to web using (exists (select from event e where e.id = event and e.client = app.client()));
create policy own on log_leaf for select to web using (exists (select from event e where e.id = event and e.client = app.client()));
create policy public on checkpoint for select to web using (true);
create policy sequencer on event for select to worker using (true);
create policy sequencer on event_opening for select to worker using (true);
create policy sequencer on log_leaf to worker using (true) with check (true);
create policy sequencer on log_head to worker using (true) with check (true);
create policy sequencer on checkpoint to worker using (true) with check (true);
grant select on event, event_opening, log_leaf, checkpoint to web, worker;
grant insert on log_leaf to worker;
grant select, update on log_head to worker;
grant insert, update (token) on checkpoint to worker;
