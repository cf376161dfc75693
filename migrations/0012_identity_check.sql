-- Identity checks of level 2: a signer shows a document, the worker reads it, a registration officer decides. Images are sealed under a key of the check, which goes at its term.

alter table signer
	add column if not exists level smallint not null default 1 check (level in (1, 2)), -- chosen by the sender
	add column if not exists surname text check (length(surname) between 1 and 100), -- declared by the sender
	add column if not exists given_names text check (length(given_names) between 1 and 100),
	add column if not exists birth_date date,
	add constraint identity_declared check (level = 1 or surname is not null and given_names is not null);
grant update (surname, given_names, birth_date) on signer to web;

alter table client add column two_officers boolean not null default false; -- an acceptance takes two of them
grant update (two_officers) on client to web;
alter table member add column registers boolean not null default false; -- a registration officer
grant update (registers) on member to web;

create function app.registers() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select exists (select from public.member m where m.client = app.client() and m.person = app.actor() and m.registers and m.active) $$;
grant execute on function app.registers to web, worker;

create table identity_check (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	signer uuid not null,
	surname text not null, -- declared, with address and number, as they were when it began
	given_names text not null,
	birth_date date,
	email text not null,
	number text not null,
	document text not null check (document in ('passport', 'card')),
	notice text not null, -- version of the notice shown before the first image
	state text not null default 'capturing' check (state in ('capturing', 'reading', 'to-review', 'accepted', 'refused', 'again', 'ended')),
	wrapped_key bytea, -- of its images and of what was read, under the storage key; null: none were taken, or they were erased
	reading bytea, -- what the worker read, sealed under that key
	findings text[] not null default '{}', -- what the officer should look at, in stable words
	read_tries int not null default 0,
	reused uuid references identity_check, -- the accepted check it stands on
	created_at timestamptz not null default app.now(),
	submitted_at timestamptz,
	read_at timestamptz,
	decided_at timestamptz,
	valid_until timestamptz, -- of an acceptance
	erase_at timestamptz,
	erased_at timestamptz,
	unique (id, client),
	foreign key (signer, client) references signer (id, client),
	check ((state = 'accepted') = (valid_until is not null)),
	check (erased_at is null or wrapped_key is null and reading is null)
);
create index identity_check_signer on identity_check (signer, created_at desc);
create index identity_check_queue on identity_check (client, state, submitted_at);
create index identity_check_person on identity_check (client, email) where state = 'accepted';
create index identity_check_term on identity_check (erase_at) where erased_at is null;
create unique index identity_check_live on identity_check (signer) where state in ('capturing', 'reading', 'to-review');

-- The row comes before its object: until `stored_at` it is an intent with a lease. Without its key it waits to be removed.
create table identity_image (
	id uuid primary key default gen_random_uuid(),
	client uuid not null,
	identity_check uuid not null,
	side text not null check (side in ('front', 'back')),
	media_type text not null check (media_type in ('image/jpeg', 'image/png')),
	object_key text not null unique,
	store_version text,
	wrapped_key bytea, -- under the check's key
	sha256 bytea not null check (octet_length(sha256) = 32), -- of the plain bytes
	size int not null check (size > 0),
	lease timestamptz not null default app.now() + interval '1 minute',
	created_at timestamptz not null default app.now(),
	stored_at timestamptz,
	removed_at timestamptz,
	foreign key (identity_check, client) references identity_check (id, client),
	check ((stored_at is null) = (store_version is null)),
	check (removed_at is null or wrapped_key is null)
);
create index identity_image_check on identity_image (identity_check);
create unique index identity_image_side on identity_image (identity_check, side) where stored_at is not null and wrapped_key is not null;

create table identity_decision (
	id uuid primary key default gen_random_uuid(),
	client uuid not null,
	identity_check uuid not null,
	officer uuid not null references person,
	verdict text not null check (verdict in ('accept', 'refuse', 'again')),
	reason text not null default '' check (length(reason) <= 1000),
	at timestamptz not null default app.now(),
	foreign key (identity_check, client) references identity_check (id, client),
	unique (identity_check, officer)
);

-- Colleagues who are no officers see none of it: the web reads these for a signer at their door (nobody of ours) and for officers.
do $$ declare t text; begin
	foreach t in array array['identity_check', 'identity_image', 'identity_decision'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
		execute format('create policy tenant on %I to web using (client = app.client() and (app.actor() is null or app.registers())) with check (client = app.client() and (app.actor() is null or app.registers()))', t);
		execute format('create policy reads on %I for select to worker using (true)', t);
		execute format('create policy changes on %I for update to worker using (client = app.client()) with check (client = app.client())', t);
	end loop;
end $$;
create policy own_name on identity_decision as restrictive for insert to web with check (officer = app.actor());

grant select, insert, update (state, document, submitted_at, decided_at, valid_until, erase_at) on identity_check to web;
grant select, update (state, wrapped_key, reading, findings, read_tries, read_at, erase_at, erased_at) on identity_check to worker;
grant select, insert, update (store_version, stored_at, wrapped_key) on identity_image to web;
grant select, update (wrapped_key, removed_at) on identity_image to worker;
grant select, insert, update (verdict, reason, at) on identity_decision to web;
grant select on identity_decision to worker;
create trigger no_revival before update on identity_check for each row execute function app.refuse_revival();
create trigger no_revival before update on identity_image for each row execute function app.refuse_revival();

-- Whether a check is of the identity, address and number that a signer has now: a correction unties it.
create function app.same_identity(k identity_check, s signer) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
	select k.surname = s.surname and k.given_names = s.given_names and k.birth_date is not distinct from s.birth_date and k.email = s.email and k.number = s.number
$$;

-- May this signer be sent a code, as far as identity goes? Level 2: a number given beforehand, and an accepted check of this very identity, in its term.
create function app.identity_accepted(signer uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select exists (
		select from public.signer s where s.id = identity_accepted.signer and s.client = app.client() and (s.level = 1 or s.number_source = 'client' and exists (
			select from public.identity_check k where k.signer = s.id and k.state = 'accepted' and k.valid_until > app.now() and app.same_identity(k, s))))
$$;

-- Where the identity of each level-2 signer of an envelope stands, for its sender: the state alone.
create function app.identity_states(envelope uuid) returns table (signer uuid, state text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select s.id, coalesce((select k.state from public.identity_check k where k.signer = s.id and app.same_identity(k, s) order by k.created_at desc limit 1), 'none')
	from public.signer s where s.envelope = identity_states.envelope and s.client = app.client() and s.level = 2
$$;

-- What a correction of the signer leaves behind.
create function app.end_identity_checks(signer uuid) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
	update public.identity_check k set state = 'ended', erase_at = app.now()
	where k.signer = end_identity_checks.signer and k.client = app.client() and k.state in ('capturing', 'reading', 'to-review')
$$;
grant execute on function app.same_identity, app.identity_accepted to web, worker;
grant execute on function app.identity_states, app.end_identity_checks to web;

-- What a sweep takes up again: documents not read, checks whose envelope is closed, images at their term or without a key.
create function app.unfinished_identity_checks() returns table (task text, id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select 'identity.read', k.id from public.identity_check k where k.state = 'reading'
	union
	select 'identity.erase', k.id from public.identity_check k where k.erase_at <= app.now() and k.erased_at is null
	union
	select 'identity.erase', k.id from public.identity_check k join public.signer s on s.id = k.signer join public.envelope e on e.id = s.envelope
		where k.state in ('capturing', 'reading', 'to-review') and (e.state <> 'waiting' or s.state = 'declined')
	union
	select 'identity.erase', i.identity_check from public.identity_image i
		where i.removed_at is null and (i.wrapped_key is null or i.stored_at is null) and i.lease < app.now()
$$;
grant execute on function app.unfinished_identity_checks to worker;

create function app.identity_hint() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform pg_notify('hint', concat_ws(' ', new.signer, new.id, (select s.envelope from public.signer s where s.id = new.signer)));
	return null;
end $$;
create trigger hint after insert or update of state on identity_check for each row execute function app.identity_hint();

-- Units are of each signer's level.
create or replace function app.hold_credits(envelope uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare its record; part record;
begin
	select e.id, e.client into strict its from public.envelope e where e.id = hold_credits.envelope and e.client = app.client();
	perform from public.credit c where c.client = its.client order by c.level for update;
	if exists (select from public.signer s where s.envelope = its.id and s.role = 'signer' group by s.level
		having count(*) > coalesce((select c.available from public.credit c where c.client = its.client and c.level = s.level), 0)) then
		return false;
	end if;
	insert into public.credit_hold (signer, client, envelope, level) select s.id, its.client, its.id, s.level from public.signer s where s.envelope = its.id and s.role = 'signer';
	for part in select h.level, count(*)::int as units from public.credit_hold h where h.envelope = its.id group by h.level order by h.level loop
		update public.credit c set available = c.available - part.units, held = c.held + part.units where c.client = its.client and c.level = part.level;
		insert into public.credit_entry (client, level, kind, units, envelope) values (its.client, part.level, 'hold', part.units, its.id);
	end loop;
	return true;
end $$;

-- Added to the kinds there are, whichever they are by now.
do $$ declare was text; begin
	select pg_get_expr(conbin, conrelid) into was from pg_constraint where conrelid = 'message'::regclass and conname = 'message_kind_check';
	alter table message drop constraint message_kind_check;
	execute format('alter table message add constraint message_kind_check check (%s or kind in (''identity-again'', ''identity-accepted'', ''identity-refused'', ''identity-review''))', was);
end $$;
