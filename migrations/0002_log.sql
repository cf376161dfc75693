-- The audit log: events are written by anyone's transaction through one function, leaves and checkpoints by the worker.

create table event (
	id bigint generated always as identity primary key,
	body bytea not null check (octet_length(body) between 2 and 65535), -- RFC 8785 canonical JSON, without seq and prev
	digest bytea not null, -- SHA-256 of body; two events of one millisecond may say the same
	client uuid, -- whose log view it belongs to; null: the instance's
	safe uuid, -- whose chain it is a link of; null: the chain of events of no safe
	at timestamptz not null default app.now()
);
create index on event (safe, id);
create index on event (client, id);

-- Values behind the commitments of an event: erased with the person, which leaves the log verifiable.
create table event_opening (
	event bigint not null references event,
	name text not null,
	key bytea not null check (octet_length(key) = 32),
	value text not null,
	primary key (event, name)
);

-- Events that have no leaf yet. A queue, for speed; the truth is that log_leaf has no row of the event.
create table event_waiting (event bigint primary key references event);

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

-- Hashes of complete subtrees of 256^level leaves: level 8, 16 … of the tree; those between are computed.
create table log_node (
	level int not null check (level > 0 and level % 8 = 0),
	index bigint not null check (index >= 0),
	hash bytea not null check (octet_length(hash) = 32),
	primary key (level, index)
);

create table log_head (one boolean primary key default true check (one), size bigint not null default 0);
insert into log_head default values;

create table checkpoint (
	size bigint primary key check (size >= 0),
	root bytea not null check (octet_length(root) = 32),
	note text not null, -- C2SP signed note
	at timestamptz not null default app.now(),
	token bytea, -- RFC 3161 token over the note, when there is one
	cosignatures text not null default '' -- of witnesses: lines below the note's own signatures
);

-- What we know of a witness, by its verifier line.
create table witness (
	verifier text primary key,
	size bigint not null default 0, -- of the last checkpoint it cosigned
	at timestamptz, -- when
	asked_at timestamptz not null,
	problem text, -- why its last answer was no cosignature
	contradiction text -- why it contradicts this log: nothing is signed until someone looks
);

-- The keys that sign checkpoints, oldest first. Each follows the one before by an entry `log.key`, which opens to a note both have signed;
-- one without an entry begins a log. The last log is the one that is written.
create table log_key (
	number int primary key check (number >= 1),
	verifier text not null unique, -- C2SP verifier line
	event bigint unique references event
);

-- Once an hour an entry `log.heads` commits to the heads of all chains among the first `size` leaves; then an authority stamps a checkpoint that covers it.
create table log_heads (
	hour timestamptz primary key check (hour = date_trunc('hour', hour, 'UTC')),
	event bigint not null unique references event,
	size bigint not null check (size > 0),
	root bytea not null check (octet_length(root) = 32),
	checkpoint bigint references checkpoint -- the one that is stamped; null: pending
);

-- Leaves and checkpoints of logs that could not go on; their events have leaves in the log that followed too.
create table former_leaf (log int not null, index bigint not null, event bigint not null references event, safe uuid, seq bigint not null, prev bytea, leaf bytea not null, primary key (log, index));
create table former_checkpoint (log int not null, size bigint not null, root bytea not null, note text not null, at timestamptz not null, token bytea, cosignatures text not null, primary key (log, size));

-- Refusals of one source in one minute: above a limit they become one event that counts them. `source` is an id or a keyed hash.
create table refusal (
	source text not null,
	op text not null,
	minute timestamptz not null,
	client uuid,
	count int not null,
	primary key (source, op, minute)
);

do $$ declare t text; begin
	foreach t in array array['event', 'event_opening', 'event_waiting', 'log_leaf', 'log_node', 'log_head', 'log_key', 'log_heads', 'witness', 'former_leaf', 'former_checkpoint', 'checkpoint', 'refusal'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
	end loop;
end $$;

create function app.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege'; end $$;

-- A guard against slips, not the proof: the proof is the log itself.
create trigger append_only before update or delete or truncate on log_key for each statement execute function app.refuse_change();
create trigger append_only before update or delete or truncate on event for each statement execute function app.refuse_change();
create trigger append_only before update or delete or truncate on log_leaf for each statement execute function app.refuse_change();
create trigger append_only before update or delete or truncate on log_node for each statement execute function app.refuse_change();
create trigger append_only before update or delete or truncate on former_leaf for each statement execute function app.refuse_change();
create trigger append_only before update or delete or truncate on former_checkpoint for each statement execute function app.refuse_change();

-- The only way in. Returns the event's id; the caller has hashed the body (checked here).
create function app.append_event(body bytea, client uuid, safe uuid, opening_names text[], opening_keys bytea[], opening_values text[]) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	made bigint;
begin
	insert into public.event (body, digest, client, safe) values (body, sha256(body), client, safe) returning id into made;
	insert into public.event_opening (event, name, key, value)
		select made, o.name, o.key, o.value from unnest(opening_names, opening_keys, opening_values) as o (name, key, value);
	insert into public.event_waiting (event) values (made);
	return made;
end $$;
grant execute on function app.append_event to web, worker;

-- Counts a refusal and returns how many this source had in this minute, this one included.
create function app.count_refusal(source text, op text) returns int
language sql security definer set search_path = pg_catalog, pg_temp as $$
	insert into public.refusal as r (source, op, minute, client, count)
	values (count_refusal.source, count_refusal.op, date_bin('1 minute', app.now(), 'epoch'), app.client(), 1)
	on conflict on constraint refusal_pkey do update set count = r.count + 1
	returning count
$$;
grant execute on function app.count_refusal to web, worker;

-- Who asks, as an event says it: the clock, the client and the way come from the transaction.
create function app.asking(out now timestamptz, out client uuid, out person uuid, out via text)
language sql stable set search_path = pg_catalog, pg_temp
as $$ select app.now(), app.client(), app.actor(), nullif(current_setting('app.via', true), '') $$;

-- Hashes of the tree, which are public: of leaves (level 0) or of complete subtrees (level 8, 16 …), in order.
create function app.log_hashes(level int, first bigint, count int) returns table (hash bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select h.hash from (
		select l.index, l.leaf as hash from public.log_leaf l where log_hashes.level = 0 and l.index >= first and l.index < first + count
		union all
		select n.index, n.hash from public.log_node n where n.level = log_hashes.level and n.index >= first and n.index < first + count
	) h order by h.index
$$;
grant execute on function app.asking, app.log_hashes to web, worker;

-- A client reads its own log; the sequencer reads all and writes leaves.
create policy own on event for select to web using (client = app.client());
create policy own on event_opening for select to web using (exists (select from event e where e.id = event and e.client = app.client()));
create policy own on log_leaf for select to web using (exists (select from event e where e.id = event and e.client = app.client()));
create policy public on checkpoint for select to web using (true);
create policy public on log_key for select to web using (true);
create policy public on log_heads for select to web using (true);
create policy of_the_log on event for select to web using (event.id in (select k.event from log_key k union all select h.event from log_heads h));
create policy of_the_log on event_opening for select to web using (event_opening.event in (select k.event from log_key k union all select h.event from log_heads h));
create policy of_the_log on log_leaf for select to web using (log_leaf.event in (select k.event from log_key k union all select h.event from log_heads h));
create policy sequencer on log_key to worker using (true) with check (true);
create policy sequencer on log_heads to worker using (true) with check (true);
create policy sequencer on witness to worker using (true) with check (true);
create policy sequencer on event for select to worker using (true);
create policy sequencer on event_opening for select to worker using (true);
create policy sequencer on log_leaf to worker using (true) with check (true);
create policy sequencer on event_waiting to worker using (true) with check (true);
create policy sequencer on refusal to worker using (true) with check (true);
create policy sequencer on log_node to worker using (true) with check (true);
create policy sequencer on log_head to worker using (true) with check (true);
create policy sequencer on checkpoint to worker using (true) with check (true);
grant select on event, event_opening, log_leaf, log_key, log_heads, checkpoint to web, worker;
grant insert on log_key, log_heads to worker;
grant update (checkpoint) on log_heads to worker;
grant insert on log_leaf, log_node to worker;
grant select on log_node to worker;
grant select, delete on refusal to worker;
grant select, insert, delete on event_waiting to worker;
grant select, update on log_head to worker;
grant insert, update (token, cosignatures) on checkpoint to worker;
grant select, insert, update on witness to worker;
