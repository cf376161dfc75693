-- Signing inside another site's page: the origins a client allows, URLs that are good once and for one of them, and sessions that only it may frame.

create table embedding_origin (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	origin text not null check (origin ~ '^https://[a-z0-9.:\[\]-]+$' and length(origin) <= 260), -- exactly; its shape is the web's business
	added_by uuid not null references person,
	added_at timestamptz not null default app.now(),
	removed_by uuid references person,
	removed_at timestamptz,
	check ((removed_at is null) = (removed_by is null))
);
create unique index embedding_origin_live on embedding_origin (client, origin) where removed_at is null;

-- The secret of the URL is 256 random bits, given to the sender once; only its SHA-256 is here.
create table embedding (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	signer uuid not null,
	origin uuid not null references embedding_origin,
	hash bytea not null unique check (octet_length(hash) = 32),
	created_by uuid not null references person,
	created_at timestamptz not null default app.now(),
	expires_at timestamptz not null default app.now() + interval '10 minutes',
	used_at timestamptz, -- once
	foreign key (signer, client) references signer (id, client)
);
create index on embedding (signer);

alter table signing_session add column embedding uuid references embedding; -- what it came by; null: a link, or a hand-over

alter table embedding_origin enable row level security;
alter table embedding_origin force row level security;
create policy own on embedding_origin for select to web using (client = app.client());
create policy administered on embedding_origin to web using (client = app.client() and app.is_administrator()) with check (client = app.client() and app.is_administrator());
grant select, insert (id, client, origin, added_by), update (removed_by, removed_at) on embedding_origin to web;
alter table embedding enable row level security;
alter table embedding force row level security;
create policy tenant on embedding to web using (client = app.client()) with check (client = app.client());
grant select (id, client, signer, origin, created_by, created_at, expires_at, used_at), insert (id, client, signer, origin, hash, created_by), update (used_at) on embedding to web;

-- Before a tenant is known: what stands on the door of such a URL.
create function app.embedding_by_hash(hash bytea) returns table (embedding uuid, client uuid, signer uuid, origin text, live boolean, sender text, reference text, locale text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select m.id, m.client, m.signer, o.origin, m.used_at is null and m.expires_at > app.now() and o.removed_at is null and e.state = 'waiting' and e.expires_at > app.now(), c.name, e.reference, s.locale
	from public.embedding m join public.embedding_origin o on o.id = m.origin join public.signer s on s.id = m.signer join public.envelope e on e.id = s.envelope join public.client c on c.id = m.client
	where m.hash = embedding_by_hash.hash
$$;

-- Who may frame: the origin of a live session that came by such a URL, while its client still allows it.
create function app.embedded_in(hash bytea, signer uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select o.origin from public.signing_session x join public.embedding m on m.id = x.embedding join public.embedding_origin o on o.id = m.origin
	where x.hash = embedded_in.hash and x.signer = embedded_in.signer and x.ended_at is null and o.removed_at is null
$$;

-- The same of one URL by its id, for the page that says why nothing can be shown.
create function app.embedding_origin_of(embedding uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select o.origin from public.embedding m join public.embedding_origin o on o.id = m.origin where m.id = embedding_origin_of.embedding and o.removed_at is null
$$;

-- A session that came by such a URL ends with its origin's being allowed.
create or replace function app.signing_session_by_hash(hash bytea, signer uuid) returns table (client uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select s.client from public.signing_session s
	where s.hash = signing_session_by_hash.hash and s.signer = signing_session_by_hash.signer and s.ended_at is null
	and s.seen_at > app.now() - interval '30 minutes' and s.created_at > app.now() - interval '12 hours'
	and (s.embedding is null or exists (select from public.embedding m join public.embedding_origin o on o.id = m.origin where m.id = s.embedding and o.removed_at is null))
$$;
grant execute on function app.embedding_by_hash, app.embedded_in, app.embedding_origin_of to web;
