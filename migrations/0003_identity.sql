-- People, their means of authentication, clients and members, messages to send. What happens before a tenant is known goes through definer functions.

create table person (
	id uuid primary key default gen_random_uuid(),
	email text not null unique check (email = lower(email) and email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
	name text not null check (char_length(name) between 1 and 200),
	locale text not null default 'fr' check (locale in ('fr', 'en')),
	password_hash text, -- PHC string, Argon2id
	confirmed_at timestamptz, -- the e-mail
	operator boolean not null default false,
	created_at timestamptz not null default app.now()
);

create table client (
	id uuid primary key default gen_random_uuid(),
	name text not null check (char_length(name) between 1 and 200),
	registration_number text check (registration_number ~ '^[0-9A-Z]{9,14}$'), -- SIREN or SIRET
	verified_at timestamptz, -- by the operator: before it, nothing goes to outsiders
	created_at timestamptz not null default app.now()
);

create table member (
	client uuid not null references client,
	person uuid not null references person,
	role text not null check (role in ('administrator', 'contributor', 'operator', 'reader', 'auditor')),
	active boolean not null default true,
	since timestamptz not null default app.now(),
	primary key (client, person)
);
create index on member (person);

create table session (
	hash bytea primary key check (octet_length(hash) = 32), -- SHA-256 of the cookie's 256 bits
	id uuid not null unique default gen_random_uuid(), -- to list and end it
	person uuid not null references person,
	client uuid references client, -- the one they work for now
	user_agent text not null default '' check (length(user_agent) <= 300),
	created_at timestamptz not null default app.now(),
	seen_at timestamptz not null default app.now(),
	step_up_at timestamptz,
	ended_at timestamptz
);
create index on session (person) where ended_at is null;

create table passkey (
	id text primary key, -- credential id, base64url
	person uuid not null references person,
	public_key bytea not null, -- COSE
	counter bigint not null default 0,
	transports text[] not null default '{}',
	name text not null check (char_length(name) between 1 and 100),
	created_at timestamptz not null default app.now(),
	used_at timestamptz
);
create index on passkey (person);

create table webauthn_challenge (
	challenge text primary key, -- base64url
	person uuid references person, -- null: a login, whose person the passkey tells
	purpose text not null check (purpose in ('register', 'login', 'step-up')),
	expires_at timestamptz not null default app.now() + interval '5 minutes'
);

-- Secrets of mailed links are derived by the worker when it sends; only their SHA-256 comes here.
create table confirmation (
	id uuid primary key default gen_random_uuid(),
	person uuid not null references person,
	hash bytea unique check (octet_length(hash) = 32),
	created_at timestamptz not null default app.now(),
	expires_at timestamptz not null default app.now() + interval '24 hours',
	used_at timestamptz
);

create table password_reset (
	id uuid primary key default gen_random_uuid(),
	person uuid not null references person,
	hash bytea unique check (octet_length(hash) = 32),
	created_at timestamptz not null default app.now(),
	expires_at timestamptz not null default app.now() + interval '1 hour',
	used_at timestamptz -- or another of the person's was
);
create index on password_reset (person) where used_at is null;

create table invitation (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	email text not null check (email = lower(email) and length(email) <= 254),
	role text not null check (role in ('administrator', 'contributor', 'operator', 'reader', 'auditor')),
	locale text not null default 'fr' check (locale in ('fr', 'en')),
	hash bytea unique check (octet_length(hash) = 32),
	invited_by uuid not null references person,
	created_at timestamptz not null default app.now(),
	expires_at timestamptz not null default app.now() + interval '7 days',
	ended_at timestamptz -- accepted or withdrawn
);

create table terms_acceptance (
	person uuid not null references person,
	version text not null,
	locale text not null,
	at timestamptz not null default app.now(),
	primary key (person, version)
);

-- The first operator's way in: printed once where the instance was started.
create table setup_link (
	hash bytea primary key check (octet_length(hash) = 32),
	created_at timestamptz not null default app.now(),
	used_at timestamptz
);

-- What is to be sent, by ids only; the worker finds the words and derives the secrets when it sends.
create table message (
	id uuid primary key default gen_random_uuid(),
	client uuid references client, -- null: of no tenant
	kind text not null check (kind in ('confirmation', 'registered', 'reset', 'renewed', 'invitation', 'signing-link', 'code', 'signed-copy', 'declined', 'closed', 'expiring', 'unsigned')),
	channel text not null check (channel in ('mail', 'sms')),
	subject uuid not null, -- the confirmation, person (already registered, password renewed), reset, invitation, link, challenge, signer or envelope it is about
	state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'dropped')),
	tries int not null default 0,
	provider_reference text,
	failure text,
	created_at timestamptz not null default app.now(),
	sent_at timestamptz
);
create index on message (subject);
create index on message (created_at) where state = 'waiting';

-- Development only: what would have been sent. The outbox drivers write it; production refuses them.
create table outbox (
	id uuid primary key,
	channel text not null check (channel in ('mail', 'sms')),
	recipient text not null,
	subject text,
	body text not null,
	at timestamptz not null default app.now()
);

-- What the worker publishes for everyone: root and CA certificates, the log's verifier key, OCSP answers.
create table published (name text primary key, value bytea not null, at timestamptz not null default app.now());

do $$ declare t text; begin
	foreach t in array array['person', 'client', 'member', 'session', 'passkey', 'webauthn_challenge', 'confirmation', 'password_reset', 'invitation', 'terms_acceptance', 'setup_link', 'message', 'outbox', 'published'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
		if t not in ('session', 'passkey', 'webauthn_challenge', 'setup_link', 'terms_acceptance') then
			execute format('create policy worker on %I to worker using (true) with check (true)', t);
		end if;
	end loop;
end $$;

-- Of person, the web reads itself and its colleagues; the password hash only through app.credentials.
create function app.colleague(person uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select exists (select from public.member m where m.client = app.client() and m.person = colleague.person) $$;

create function app.is_administrator() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select exists (select from public.member m where m.client = app.client() and m.person = app.actor() and m.role = 'administrator' and m.active) $$;

create policy known on person for select to web using (id = app.actor() or app.colleague(id));
create policy own on person for update to web using (id = app.actor()) with check (id = app.actor());
create policy own on client for select to web using (id = app.client() or exists (select from member m where m.client = client.id and m.person = app.actor() and m.active));
create policy administered on client for update to web using (id = app.client() and app.is_administrator()) with check (id = app.client());
create policy known on member for select to web using (client = app.client() or person = app.actor());
create policy administered on member for update to web using (client = app.client() and app.is_administrator()) with check (client = app.client());
create policy own on session to web using (person = app.actor()) with check (person = app.actor());
create policy own on passkey to web using (person = app.actor()) with check (person = app.actor());
create policy own on password_reset to web using (person = app.actor()) with check (person = app.actor());
create policy own on confirmation to web using (person = app.actor()) with check (person = app.actor());
create policy own on terms_acceptance to web using (person = app.actor()) with check (person = app.actor());
create policy administered on invitation to web using (client = app.client() and app.is_administrator()) with check (client = app.client() and app.is_administrator());
create policy own on message to web using (client = app.client() or client is null) with check (client = app.client() or client is null);
create policy shown on outbox for select to web using (true);
create policy shown on published for select to web using (true);

grant select (id, email, name, locale, confirmed_at, operator, created_at), update (name, locale, password_hash) on person to web;
grant select, update (name, registration_number) on client to web;
grant select, update (role, active) on member to web;
grant select, insert, update (client, seen_at, step_up_at, ended_at) on session to web;
grant select, insert, update (counter, name, used_at), delete on passkey to web;
grant select (id, person, created_at, expires_at, used_at), insert (id, person) on confirmation to web;
grant select (id, person, created_at, expires_at, used_at), insert (id, person) on password_reset to web;
grant select (id, client, email, role, locale, invited_by, created_at, expires_at, ended_at), insert (id, client, email, role, locale, invited_by), update (ended_at) on invitation to web;
grant select, insert on terms_acceptance to web;
grant select (id, client, kind, channel, subject, state, created_at, sent_at), insert (id, client, kind, channel, subject) on message to web;
grant select on outbox, published to web;
grant select on client, member, invitation, confirmation, password_reset, published, message, outbox to worker;
grant select (id, email, name, locale, confirmed_at, operator) on person to worker;
grant update (hash) on confirmation, password_reset, invitation to worker;
grant insert, update on message, published, outbox to worker;

-- Registration. Null when the address is taken: the caller answers the same and the mail tells its owner.
create function app.register(email text, name text, locale text, password_hash text) returns uuid
language sql security definer set search_path = pg_catalog, pg_temp as $$
	insert into public.person (email, name, locale, password_hash) values (lower(email), name, locale, password_hash)
	on conflict do nothing returning id
$$;

create function app.credentials(email text) returns table (person uuid, password_hash text, confirmed boolean, locale text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select p.id, p.password_hash, p.confirmed_at is not null, p.locale from public.person p where p.email = lower(credentials.email)
$$;

create function app.passkey_by_id(id text) returns table (person uuid, public_key bytea, counter bigint, transports text[])
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select k.person, k.public_key, k.counter, k.transports from public.passkey k where k.id = passkey_by_id.id
$$;

create function app.begin_webauthn(challenge text, person uuid, purpose text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
	delete from public.webauthn_challenge where expires_at < app.now();
	insert into public.webauthn_challenge (challenge, person, purpose) values (challenge, person, purpose)
$$;

-- Single use: taken with the answer, whatever comes of it.
create function app.take_webauthn(challenge text, purpose text) returns table (person uuid)
language sql security definer set search_path = pg_catalog, pg_temp as $$
	delete from public.webauthn_challenge w where w.challenge = take_webauthn.challenge and w.purpose = take_webauthn.purpose and w.expires_at > app.now()
	returning w.person
$$;

-- The live session of a cookie, seen now; idle and absolute limits in the caller's words.
create function app.session_by_hash(hash bytea, idle interval, absolute interval) returns table (id uuid, person uuid, client uuid, role text, step_up_at timestamptz, created_at timestamptz, locale text, name text, email text, operator boolean)
language sql security definer set search_path = pg_catalog, pg_temp as $$
	with seen as (
		update public.session s set seen_at = app.now()
		where s.hash = session_by_hash.hash and s.ended_at is null and s.seen_at > app.now() - idle and s.created_at > app.now() - absolute
		returning s.*
	)
	select s.id, s.person, m.client, m.role, s.step_up_at, s.created_at, p.locale, p.name, p.email, p.operator
	from seen s join public.person p on p.id = s.person
	left join public.member m on m.client = s.client and m.person = s.person and m.active
$$;

create function app.confirmation_by_hash(hash bytea) returns table (id uuid, person uuid, live boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select c.id, c.person, c.used_at is null and c.expires_at > app.now() from public.confirmation c where c.hash = confirmation_by_hash.hash
$$;

create function app.confirm(hash bytea) returns uuid
language sql security definer set search_path = pg_catalog, pg_temp as $$
	with used as (update public.confirmation c set used_at = app.now() where c.hash = confirm.hash and c.used_at is null and c.expires_at > app.now() returning c.person)
	update public.person p set confirmed_at = coalesce(p.confirmed_at, app.now()) from used where p.id = used.person returning p.id
$$;

create function app.reset_by_hash(hash bytea) returns table (person uuid, name text, email text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select p.id, p.name, p.email from public.password_reset r join public.person p on p.id = r.person
	where r.hash = reset_by_hash.hash and r.used_at is null and r.expires_at > app.now()
$$;

-- A new password by a mailed link, once; every other link of the person is used up with it. Null when it is not open.
create function app.use_reset(hash bytea, password_hash text) returns uuid
language sql security definer set search_path = pg_catalog, pg_temp as $$
	with taken as (update public.password_reset r set used_at = app.now() where r.hash = use_reset.hash and r.used_at is null and r.expires_at > app.now() returning r.id, r.person),
	others as (update public.password_reset r set used_at = app.now() from taken where r.person = taken.person and r.id <> taken.id and r.used_at is null)
	update public.person p set password_hash = use_reset.password_hash from taken where p.id = taken.person returning p.id
$$;

create function app.found_client(name text, registration_number text) returns uuid
language sql security definer set search_path = pg_catalog, pg_temp as $$
	with made as (insert into public.client (name, registration_number) values (name, registration_number) returning id),
	first as (insert into public.member (client, person, role) select made.id, app.actor(), 'administrator' from made where app.actor() is not null returning client)
	select client from first
$$;

create function app.invitation_by_hash(hash bytea) returns table (id uuid, client uuid, client_name text, email text, role text, live boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select i.id, i.client, c.name, i.email, i.role, i.ended_at is null and i.expires_at > app.now()
	from public.invitation i join public.client c on c.id = i.client where i.hash = invitation_by_hash.hash
$$;

-- The one who holds the link, and whose confirmed address it went to, becomes a member.
create function app.accept_invitation(hash bytea) returns uuid
language sql security definer set search_path = pg_catalog, pg_temp as $$
	with taken as (
		update public.invitation i set ended_at = app.now() from public.person p
		where i.hash = accept_invitation.hash and i.ended_at is null and i.expires_at > app.now()
		and p.id = app.actor() and p.email = i.email and p.confirmed_at is not null
		returning i.client, i.role
	)
	insert into public.member (client, person, role) select t.client, app.actor(), t.role from taken t
	on conflict (client, person) do update set role = excluded.role, active = true
	returning client
$$;

-- The set-up link makes its bearer the operator, once.
create function app.use_setup_link(hash bytea) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
	with used as (update public.setup_link l set used_at = app.now() where l.hash = use_setup_link.hash and l.used_at is null returning 1),
	made as (update public.person p set operator = true, confirmed_at = coalesce(p.confirmed_at, app.now()) where p.id = app.actor() and exists (select from used) returning 1)
	select exists (select from made)
$$;

create function app.setup_link_live(hash bytea) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select exists (select from public.setup_link l where l.hash = setup_link_live.hash and l.used_at is null) $$;

grant execute on function app.colleague, app.is_administrator, app.register, app.credentials, app.passkey_by_id, app.begin_webauthn, app.take_webauthn, app.session_by_hash, app.confirmation_by_hash, app.confirm, app.reset_by_hash, app.use_reset, app.found_client, app.invitation_by_hash, app.accept_invitation, app.use_setup_link, app.setup_link_live to web;

-- The key under which addresses are counted: one a day, so that yesterday's counts name nobody.
create table counting_key (day date primary key, key bytea not null check (octet_length(key) = 32));
alter table counting_key enable row level security;
alter table counting_key force row level security;

-- The keyed hash of an address or an account, as app.hit and app.count_refusal take it.
create function app.blind(subject text) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	today constant date := (app.now() at time zone 'UTC')::date;
	found bytea;
begin
	select k.key into found from public.counting_key k where k.day = today;
	if found is null then
		delete from public.counting_key k where k.day < today;
		insert into public.counting_key (day, key) values (today, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))
			on conflict on constraint counting_key_pkey do nothing;
		select k.key into found from public.counting_key k where k.day = today;
	end if;
	return encode(sha256(found || convert_to(subject, 'UTF8')), 'hex');
end $$;
grant execute on function app.blind to web, worker;
