-- Safes, rights, keys, documents, versions, intents, stages, tokens, receipts. Ids are random (UUID v4) and carry no order.
-- The web role sees a row when its client is the asker's AND its safe is open to the asker; the worker reads all, writes under a tenant.

create function app.safe() returns uuid -- a safe opened for one transaction to one who is no member: a signer, by the domain
language sql stable set search_path = pg_catalog, pg_temp
as $$ select nullif(current_setting('app.safe', true), '')::uuid $$;
grant execute on function app.safe to web, worker;

create table safe (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	name text not null check (char_length(name) between 1 and 100),
	created_at timestamptz not null default app.now(),
	unique (id, client)
);
create index on safe (client);

create table safe_right (
	safe uuid not null,
	client uuid not null,
	person uuid not null references person,
	rights text[] not null check (rights <@ array['deposit', 'read', 'send', 'dispose', 'audit', 'administer'] and cardinality(rights) > 0),
	granted_at timestamptz not null default app.now(),
	primary key (safe, person),
	foreign key (safe, client) references safe (id, client)
);
create index on safe_right (person);

-- The safe's key, wrapped: one row per wrapping. Without a row nothing of the safe can be read again.
create table safe_key (
	safe uuid not null,
	client uuid not null,
	wrapper text not null, -- id of the storage key that wrapped it
	wrapped bytea not null,
	created_at timestamptz not null default app.now(),
	primary key (safe, wrapper),
	foreign key (safe, client) references safe (id, client)
);

create table document (
	id uuid primary key default gen_random_uuid(),
	client uuid not null,
	safe uuid not null,
	name text not null check (char_length(name) between 1 and 255), -- the file's name, exactly as given
	media_type text not null, -- of its first version, from its bytes
	kind text not null default 'document' check (kind in ('document', 'evidence')), -- evidence: of a signature, for those who audit
	state text not null default 'kept' check (state in ('kept', 'disposed')),
	created_by uuid references person,
	created_at timestamptz not null default app.now(),
	disposed_at timestamptz,
	check ((state = 'disposed') = (disposed_at is not null)),
	foreign key (safe, client) references safe (id, client),
	unique (id, safe, client)
);
create index on document (safe, created_at desc, id);

create table version (
	id uuid primary key default gen_random_uuid(),
	document uuid not null,
	safe uuid not null,
	client uuid not null,
	number int not null check (number >= 1),
	parent uuid references version,
	sha256 bytea not null check (octet_length(sha256) = 32), -- of the original's bytes
	size bigint not null check (size >= 0), -- of the original's bytes
	media_type text not null, -- what the bytes say
	object_key text not null unique,
	store_version text not null, -- the store's own id of the object's version
	wrapped_key bytea, -- the object's key under the safe's; null once destroyed
	stamp_failure text check (stamp_failure in ('unavailable', 'refused')), -- why the authority's last answer left no token; of no account once there is one
	event bigint not null unique references event,
	created_by uuid references person,
	created_at timestamptz not null default app.now(),
	destroyed_at timestamptz, -- the key went
	removed_at timestamptz, -- the last of the object's bytes went
	check ((number = 1) = (parent is null)),
	check ((destroyed_at is null) = (wrapped_key is not null)),
	check (removed_at is null or destroyed_at is not null),
	foreign key (document, safe, client) references document (id, safe, client),
	unique (document, number),
	unique (id, safe, client)
);
create index on version (safe, sha256);
create index on version (destroyed_at) where removed_at is null and destroyed_at is not null;

-- What is about to be an object: written before it, consumed with the row that names it, or swept with its bytes.
create table intent (
	id uuid primary key default gen_random_uuid(),
	client uuid not null,
	safe uuid not null,
	kind text not null check (kind in ('deposit', 'version', 'receipt', 'evidence')),
	object_key text not null unique,
	stage uuid unique, -- whose bytes it takes: one at a time
	lease timestamptz not null,
	swept boolean not null default false, -- taken by the sweep: can be consumed no more
	created_at timestamptz not null default app.now(),
	foreign key (safe, client) references safe (id, client)
);
create index on intent (lease);

-- An upload, sealed chunk by chunk as it comes (tus). `chunks` are whole and durable; `counter` numbers each sealing once.
create table stage (
	id uuid primary key,
	client uuid not null,
	safe uuid not null,
	person uuid references person,
	name text not null check (char_length(name) between 1 and 255),
	length bigint not null check (length >= 0), -- bytes announced
	expected_sha256 bytea check (octet_length(expected_sha256) = 32), -- the caller's own hash
	wrapped_key bytea not null,
	chunks int not null default 0 check (chunks >= 0),
	counter bigint not null default 0 check (counter >= chunks),
	holder uuid, -- of the lease: one writer at a time
	lease timestamptz,
	expires timestamptz not null,
	version uuid references version, -- what became of it
	created_at timestamptz not null default app.now(),
	foreign key (safe, client) references safe (id, client)
);
create index on stage (expires);
alter table intent add foreign key (stage) references stage on delete set null;

-- One opening of a version: logged before its bytes are served, shared by the range requests that follow.
create table opening (
	id uuid primary key default gen_random_uuid(),
	client uuid not null,
	safe uuid not null,
	version uuid not null,
	person uuid references person,
	event bigint not null references event,
	expires timestamptz not null,
	foreign key (version, safe, client) references version (id, safe, client)
);
create index on opening (expires);

create table timestamp_token (
	version uuid primary key,
	client uuid not null,
	safe uuid not null,
	token bytea not null, -- DER TimeStampToken (RFC 3161 §2.4.2) over the original's SHA-256, verified before it came here
	gen_time timestamptz not null,
	quality jsonb not null check (jsonb_typeof(quality) = 'object' and quality ->> 'kind' in ('internal', 'third-party', 'qualified')),
	authority text not null,
	event bigint not null references event,
	created_at timestamptz not null default app.now(),
	foreign key (version, safe, client) references version (id, safe, client)
);

create table receipt (
	version uuid primary key,
	client uuid not null,
	safe uuid not null,
	json bytea not null, -- RFC 8785 canonical JSON: digest, size, type, token, log position; never a person
	sha256 bytea not null check (octet_length(sha256) = 32), -- of the sealed PDF
	size bigint not null,
	object_key text not null unique, -- the sealed PDF
	store_version text not null,
	wrapped_key bytea, -- null once the document was disposed of
	event bigint not null references event,
	created_at timestamptz not null default app.now(),
	foreign key (version, safe, client) references version (id, safe, client)
);

-- A person's name in the log, used nowhere else: erasing the row unties the log from the person.
create table pseudonym (
	person uuid primary key references person,
	actor uuid not null unique default gen_random_uuid()
);

-- One runner at a time of what must be done in order; held by time, so that a killed holder frees it.
create table lease (
	name text primary key,
	holder uuid not null,
	until timestamptz not null
);

-- Rows that may not change but for the columns named: a guard against slips, as in the log.
create function app.refuse_update() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if to_jsonb(new) - tg_argv::text[] is distinct from to_jsonb(old) - tg_argv::text[] then
		raise exception '% may change in % alone', tg_table_name, tg_argv using errcode = 'insufficient_privilege';
	end if;
	return new;
end $$;
create trigger frozen before update on document for each row execute function app.refuse_update('state', 'disposed_at');
create trigger frozen before update on version for each row execute function app.refuse_update('wrapped_key', 'destroyed_at', 'removed_at', 'stamp_failure');
create trigger frozen before update on receipt for each row execute function app.refuse_update('wrapped_key');
create trigger append_only before update on timestamp_token for each statement execute function app.refuse_change();

-- What is disposed of stays so; a key that went does not come back.
create function app.refuse_revival() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if to_jsonb(old) ->> 'state' = 'disposed' and to_jsonb(new) ->> 'state' <> 'disposed'
	or to_jsonb(old) ? 'wrapped_key' and to_jsonb(old) ->> 'wrapped_key' is null and to_jsonb(new) ->> 'wrapped_key' is not null then
		raise exception '% was destroyed', tg_table_name using errcode = 'insufficient_privilege';
	end if;
	return new;
end $$;
create trigger no_revival before update on document for each row execute function app.refuse_revival();
create trigger no_revival before update on version for each row execute function app.refuse_revival();
create trigger no_revival before update on receipt for each row execute function app.refuse_revival();

-- The asker administers the client (safe null) or that safe of it. Definer: a policy on safe_right cannot read safe_right.
create function app.administers(safe uuid default null) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select exists (select from public.member m where m.client = app.client() and m.person = app.actor() and m.role = 'administrator' and m.active)
		or exists (select from public.safe_right r where r.safe = administers.safe and r.client = app.client() and r.person = app.actor() and 'administer' = any (r.rights))
$$;

-- The person's name in the log, made on first use.
create function app.pseudonym(person uuid) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	found uuid;
begin
	if person is null then return null; end if;
	select p.actor into found from public.pseudonym p where p.person = pseudonym.person;
	if found is null then
		insert into public.pseudonym (person) values (pseudonym.person) on conflict on constraint pseudonym_pkey do nothing;
		select p.actor into found from public.pseudonym p where p.person = pseudonym.person;
	end if;
	return found;
end $$;
grant execute on function app.administers, app.pseudonym to web, worker;

do $$
declare
	t text;
	open constant text := 'client = app.client() and (safe = app.safe() or safe in (select r.safe from safe_right r where r.person = app.actor()))';
begin
	foreach t in array array['safe', 'safe_right', 'safe_key', 'document', 'version', 'intent', 'stage', 'opening', 'timestamp_token', 'receipt', 'pseudonym', 'lease'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
	end loop;
	foreach t in array array['safe_key', 'document', 'version', 'intent', 'stage', 'opening', 'timestamp_token', 'receipt'] loop
		execute format('create policy open_safe on %I to web using (%s) with check (%s)', t, open, open);
	end loop;
	foreach t in array array['safe', 'safe_right', 'safe_key', 'document', 'version', 'intent', 'stage', 'opening', 'timestamp_token', 'receipt'] loop
		execute format('create policy reads on %I for select to worker using (true)', t);
		execute format('create policy adds on %I for insert to worker with check (client = app.client())', t);
		execute format('create policy changes on %I for update to worker using (client = app.client()) with check (client = app.client())', t);
		execute format('create policy sweeps on %I for delete to worker using (client = app.client())', t);
	end loop;
end $$;

create policy open_safe on safe for select to web
	using (client = app.client() and (id = app.safe() or app.administers() or id in (select r.safe from safe_right r where r.person = app.actor())));
create policy founds on safe for insert to web with check (client = app.client() and app.administers());
create policy renames on safe for update to web using (client = app.client() and app.administers(id)) with check (client = app.client());
create policy own on safe_right for select to web using (client = app.client());
create policy grants on safe_right for insert to web with check (client = app.client() and app.administers(safe));
create policy regrants on safe_right for update to web using (client = app.client() and app.administers(safe)) with check (client = app.client());
create policy revokes on safe_right for delete to web using (client = app.client() and app.administers(safe));
create policy own on pseudonym for select to web
	using (person = app.actor() or exists (select from member m where m.person = pseudonym.person and m.client = app.client()));
create policy reads on pseudonym for select to worker using (true);
create policy holds on lease to worker using (true) with check (true);

-- Of a client's events, those of a safe are shown only to whom the safe is open.
alter policy own on event using (
	client = app.client() and (safe is null or safe = app.safe() or safe in (select r.safe from safe_right r where r.person = app.actor()))
);

grant select on safe, safe_right, safe_key, document, version, intent, stage, opening, timestamp_token, receipt, pseudonym to web, worker;
grant insert on safe, safe_right, safe_key, stage, opening to web;
grant insert on document, version, intent to web, worker;
grant insert on timestamp_token, receipt, opening to worker;
grant update (name) on safe to web;
grant update (rights, granted_at), delete on safe_right to web;
grant update (state, disposed_at) on document to web, worker;
grant update (wrapped_key, destroyed_at, removed_at) on version to web, worker;
grant update (stamp_failure) on version to worker;
grant update (wrapped_key) on receipt to web, worker;
grant update (stage, lease, swept), delete on intent to web, worker;
grant update (chunks, counter, holder, lease, expires, version), delete on stage to web, worker;
grant delete on opening to worker;
grant select, insert, update, delete on lease to worker;
