-- The signed document had again, once all is done (SIGN-19): a link of its own, a fresh code at each visit, a session that reads that document and nothing else.

create table signed_copy_link (
	id uuid primary key default gen_random_uuid(),
	client uuid not null,
	signer uuid not null unique, -- or approver, or copy
	hash bytea unique check (octet_length(hash) = 32), -- of the secret, derived by the worker from the id; null until sent
	created_at timestamptz not null default app.now(),
	foreign key (signer, client) references signer (id, client)
);

-- What a code is bound to. The code is nowhere.
create table signed_copy_challenge (
	id uuid primary key,
	client uuid not null,
	signer uuid not null,
	channel text not null check (channel in ('sms', 'mail')),
	"to" text not null check (length("to") between 3 and 254), -- the number, E.164, or the address known of them
	nonce bytea not null check (octet_length(nonce) = 16),
	document_hash bytea not null check (octet_length(document_hash) = 32), -- of the version it opens
	tries int not null default 0,
	created_at timestamptz not null default app.now(),
	expires_at timestamptz not null default app.now() + interval '10 minutes',
	ended_at timestamptz, -- used, replaced or out of tries
	foreign key (signer, client) references signer (id, client),
	unique (id, client)
);
create unique index signed_copy_challenge_live on signed_copy_challenge (signer) where ended_at is null;

-- A typed code on its way to the worker, and the session that it opens if it is right. The web writes the code and cannot read it back; it cannot say that it is right.
create table signed_copy_attempt (
	id uuid primary key,
	client uuid not null,
	signer uuid not null,
	challenge uuid not null,
	code text check (code ~ '^[0-9]{6}$'),
	outcome text check (outcome in ('right', 'wrong', 'expired', 'exhausted')),
	session bytea not null check (octet_length(session) = 32), -- SHA-256 of the cookie
	created_at timestamptz not null default app.now(),
	seen_at timestamptz not null default app.now(),
	ended_at timestamptz, -- of the session: a later one took its place
	foreign key (challenge, client) references signed_copy_challenge (id, client),
	foreign key (signer, client) references signer (id, client),
	check (code is null or outcome is null)
);
create index signed_copy_attempt_session on signed_copy_attempt (session, signer, created_at desc);
create index signed_copy_attempt_open on signed_copy_attempt (id) where outcome is null;

do $$ declare t text; begin
	foreach t in array array['signed_copy_link', 'signed_copy_challenge', 'signed_copy_attempt'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
		execute format('create policy tenant on %I to web using (client = app.client()) with check (client = app.client())', t);
		execute format('create policy reads on %I for select to worker using (true)', t);
		execute format('create policy adds on %I for insert to worker with check (client = app.client())', t);
		execute format('create policy changes on %I for update to worker using (client = app.client()) with check (client = app.client())', t);
	end loop;
end $$;
grant select (id, client, signer, created_at) on signed_copy_link to web;
grant select, insert, update (hash) on signed_copy_link to worker;
grant select, insert (id, client, signer, channel, "to", nonce, document_hash), update (ended_at) on signed_copy_challenge to web;
grant select, update (tries, ended_at) on signed_copy_challenge to worker;
grant insert (id, client, signer, challenge, code, session), select (id, client, signer, challenge, outcome, session, created_at, seen_at, ended_at), update (seen_at) on signed_copy_attempt to web;
grant select, update (code, outcome, ended_at) on signed_copy_attempt to worker;
create trigger hint after update of outcome on signed_copy_attempt for each row execute function app.hint();

-- Look-up before a tenant is known, by the hash of the link's secret. `live`: complete, and its bytes still kept.
create function app.signed_copy_by_hash(hash bytea) returns table (client uuid, signer uuid, live boolean, sender text, reference text, locale text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select l.client, l.signer, e.state = 'completed' and exists (select from public.version v where v.id = e.current_version and v.wrapped_key is not null), c.name, e.reference, s.locale
	from public.signed_copy_link l join public.signer s on s.id = l.signer join public.envelope e on e.id = s.envelope join public.client c on c.id = l.client
	where l.hash = signed_copy_by_hash.hash
$$;
grant execute on function app.signed_copy_by_hash to web;

-- As app.codes_paused, of the codes that open a signed document.
create function app.signed_copy_codes_paused() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	with codes as (
		select m.client, exists (select from public.signed_copy_attempt a where a.challenge = c.id and a.outcome = 'right') as right
		from public.message m join public.signed_copy_challenge c on c.id = m.subject
		where m.kind = 'copy-code' and m.channel = 'sms' and m.state = 'sent' and m.created_at > app.now() - interval '1 hour' and (c.ended_at is not null or c.expires_at <= app.now())
	)
	select exists (select from codes having count(*) >= 20 and count(*) > 3 * count(*) filter (where codes.right))
		or exists (select from codes where client = app.client() having count(*) >= 20 and count(*) > 3 * count(*) filter (where codes.right))
$$;
grant execute on function app.signed_copy_codes_paused to web;

-- One attestation for each who signed, a document of the safe (SIGN-8).
alter table signer add column attestation uuid references document;
create index signer_unattested on signer (envelope) where role = 'signer' and state = 'signed' and attestation is null;

-- What a sweep takes up again.
create function app.unfinished_signed_copies() returns table (task text, id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select 'signed-copies.attempt', a.id from public.signed_copy_attempt a where a.outcome is null
	union all
	select distinct 'signed-copies.attest', e.id from public.signer s join public.envelope e on e.id = s.envelope
		where s.role = 'signer' and s.state = 'signed' and s.attestation is null and e.state = 'completed'
		and exists (select from public.version v where v.id = e.current_version and v.wrapped_key is not null)
$$;
grant execute on function app.unfinished_signed_copies to worker;

do $$ declare was text; begin
	select pg_get_expr(conbin, conrelid) into was from pg_constraint where conrelid = 'message'::regclass and conname = 'message_kind_check';
	alter table message drop constraint message_kind_check;
	execute format('alter table message add constraint message_kind_check check (%s or kind in (''copy-code''))', was);
end $$;
