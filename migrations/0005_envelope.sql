-- Envelopes, signers, links, challenges, attempts, signing intents. The web writes what people ask for; the worker alone decides and signs.

create table envelope (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	safe uuid not null,
	document uuid not null,
	reference text not null unique check (reference ~ '^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$'),
	title text not null check (length(title) between 1 and 200),
	note text not null default '' check (length(note) <= 2000), -- the sender's words to the signers
	level smallint not null default 1 check (level in (1, 2)),
	state text not null default 'draft' check (state in ('draft', 'waiting', 'completed', 'declined', 'cancelled', 'expired')),
	base_version uuid references version, -- frozen: every signer's field is in it
	base_digest bytea check (octet_length(base_digest) = 32), -- H
	current_version uuid references version, -- base plus our own revisions
	created_by uuid not null references person,
	created_at timestamptz not null default app.now(),
	sent_at timestamptz,
	expires_at timestamptz not null,
	warned_at timestamptz, -- that the term is near
	closed_at timestamptz,
	evidence uuid references document, -- the evidence file, once it is made
	cancel_reason text check (length(cancel_reason) <= 1000), -- the sender's words to those invited
	foreign key (document, safe, client) references document (id, safe, client),
	unique (id, client),
	check (state in ('draft', 'cancelled') or base_version is not null and base_digest is not null and current_version is not null)
);
create index envelope_client on envelope (client, state, created_at desc);

create table signer (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	envelope uuid not null,
	position int not null check (position between 1 and 50),
	name text not null check (length(name) between 1 and 200), -- as the client declared it
	email text not null check (length(email) between 3 and 254),
	number text not null check (number ~ '^\+[1-9][0-9]{6,14}$'), -- E.164
	number_source text not null default 'client' check (number_source in ('client', 'signer')),
	locale text not null default 'fr' check (locale in ('fr', 'en')),
	field text not null unique, -- random name of its signature field
	state text not null default 'waiting' check (state in ('waiting', 'invited', 'opened', 'signing', 'signed', 'declined')),
	consented_at timestamptz,
	consent_version text,
	pages_reached int not null default 0, -- as the signer's browser reported
	decline_reason text check (length(decline_reason) <= 1000),
	signed_version uuid references version,
	signed_at timestamptz,
	unique (envelope, position),
	unique (id, client),
	foreign key (envelope, client) references envelope (id, client),
	check ((state = 'signed') = (signed_version is not null))
);

-- A link's secret is derived by the worker from its id when the message goes out; only its SHA-256 is here.
create table link (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	signer uuid not null references signer,
	hash bytea unique check (octet_length(hash) = 32), -- null until sent
	created_at timestamptz not null default app.now(),
	ended_at timestamptz
);
create unique index link_live on link (signer) where ended_at is null;

-- One cookie, several signers' envelopes: a row for each.
create table signing_session (
	hash bytea not null check (octet_length(hash) = 32),
	client uuid not null references client,
	signer uuid not null references signer,
	created_at timestamptz not null default app.now(),
	seen_at timestamptz not null default app.now(),
	ended_at timestamptz,
	primary key (hash, signer)
);
create unique index signing_session_live on signing_session (signer) where ended_at is null;

-- What a code is bound to. The code is nowhere.
create table challenge (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	signer uuid not null references signer,
	number text not null,
	nonce bytea not null check (octet_length(nonce) = 16),
	document_hash bytea not null check (octet_length(document_hash) = 32),
	"values" bytea not null check (octet_length("values") <= 262144), -- canonical JSON of V
	action text not null default 'sign' check (action = 'sign'),
	tries int not null default 0,
	created_at timestamptz not null default app.now(),
	expires_at timestamptz not null default app.now() + interval '10 minutes',
	ended_at timestamptz -- used, replaced or out of tries
);
create unique index challenge_live on challenge (signer) where ended_at is null;

-- A typed code on its way to the worker, which counts, compares and clears it. The web writes it and cannot read it back.
create table attempt (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	challenge uuid not null references challenge,
	code text check (code ~ '^[0-9]{6}$'),
	outcome text check (outcome in ('right', 'wrong', 'expired', 'exhausted')),
	created_at timestamptz not null default app.now(),
	check (code is null or outcome is null)
);

create table signing_intent (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	envelope uuid not null references envelope,
	signer uuid not null unique references signer, -- one signature per signer
	challenge uuid not null unique references challenge,
	"values" bytea not null,
	state text not null default 'ready' check (state in ('ready', 'signed', 'released', 'failed')), -- signed: B-B stored, timestamp pending
	epoch int not null default 0, -- of the claim: a loser's transaction finds another one
	lease_until timestamptz,
	parent_version uuid references version,
	signing_time timestamptz, -- /M of the stored B-B
	object text, store_version text, wrapped_key bytea, size bigint, -- the stored B-B
	failure text,
	created_at timestamptz not null default app.now(),
	released_at timestamptz,
	check (state <> 'signed' or object is not null and parent_version is not null)
);

do $$ declare t text; begin
	foreach t in array array['envelope', 'signer', 'link', 'signing_session', 'challenge', 'attempt', 'signing_intent'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
		execute format('create policy tenant on %I to web using (client = app.client()) with check (client = app.client())', t);
		execute format('create policy reads on %I for select to worker using (true)', t);
		execute format('create policy adds on %I for insert to worker with check (client = app.client())', t);
		execute format('create policy changes on %I for update to worker using (client = app.client()) with check (client = app.client())', t);
	end loop;
end $$;

grant select, insert, update on envelope to web;
grant select, update on envelope to worker;
grant select, insert on signer to web;
grant update (name, email, number, number_source, locale, state, consented_at, consent_version, pages_reached, decline_reason) on signer to web;
grant delete on signer to web; -- of a draft
grant select, update on signer to worker;
grant insert (id, client, signer), select (id, client, signer, created_at, ended_at), update (ended_at) on link to web;
grant select, insert, update on link to worker;
grant select, insert, update on signing_session to web;
grant select, update on signing_session to worker;
grant select, insert, update (ended_at) on challenge to web;
grant select, update (tries, ended_at) on challenge to worker;
grant insert (id, client, challenge, code), select (id, client, challenge, outcome, created_at) on attempt to web;
grant select, update on attempt to worker;
grant select on signing_intent to web;
grant select, insert, update on signing_intent to worker;

create function app.only_drafts_lose_signers() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	if (select state from public.envelope where id = old.envelope) <> 'draft' then
		raise exception 'a sent envelope keeps its signers' using errcode = 'insufficient_privilege';
	end if;
	return old;
end $$;
create trigger keep_signers before delete on signer for each row execute function app.only_drafts_lose_signers();

-- Look-ups before a tenant is known: by the hash of a secret, one row, nothing that was not asked for.
create function app.link_by_hash(hash bytea) returns table (link uuid, client uuid, signer uuid, live boolean, sender text, reference text, locale text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select l.id, l.client, l.signer, l.ended_at is null and e.state = 'waiting' and e.expires_at > app.now(), c.name, e.reference, s.locale
	from public.link l join public.signer s on s.id = l.signer join public.envelope e on e.id = s.envelope join public.client c on c.id = l.client
	where l.hash = link_by_hash.hash
$$;

create function app.signing_session_by_hash(hash bytea, signer uuid) returns table (client uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select s.client from public.signing_session s
	where s.hash = signing_session_by_hash.hash and s.signer = signing_session_by_hash.signer and s.ended_at is null
	and s.seen_at > app.now() - interval '30 minutes' and s.created_at > app.now() - interval '12 hours'
$$;
grant execute on function app.link_by_hash, app.signing_session_by_hash to web;

-- What a sweep takes up again: attempts not answered, signatures not released, envelopes past their term or near it.
create function app.unfinished_envelopes() returns table (task text, id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select 'envelopes.attempt', a.id from public.attempt a where a.outcome is null
	union all
	select 'envelopes.sign', i.id from public.signing_intent i
		where i.state in ('ready', 'signed') and (i.lease_until is null or i.lease_until < app.now())
	union all
	select 'envelopes.warn', e.id from public.envelope e where e.state = 'waiting' and e.warned_at is null
		and app.now() between e.expires_at - interval '3 days' and e.expires_at and e.sent_at < e.expires_at - interval '3 days'
		and exists (select from public.signer s where s.envelope = e.id and s.state in ('invited', 'opened'))
	union all
	select 'envelopes.expire', e.id from public.envelope e where e.state = 'waiting' and e.expires_at <= app.now()
		and exists (select from public.signer s where s.envelope = e.id and s.state <> 'signed')
	union all
	select 'envelopes.evidence', e.id from public.envelope e where e.closed_at is not null and e.sent_at is not null and e.evidence is null
$$;
grant execute on function app.unfinished_envelopes to worker;
