-- What mails carry of a client: its logo, where answers go. What they were in HTML, for the outbox page. Whether they arrived.

-- The logo is public by its nature (whoever gets a mail has it), one a client and small: a column, with the backups of its row, and no sealed object.
create table letterhead (
	client uuid primary key references client,
	reply_to text check (length(reply_to) between 3 and 254), -- null: to whoever sends
	logo bytea check (octet_length(logo) <= 524288),
	logo_type text check (logo_type in ('image/png', 'image/jpeg')),
	logo_digest bytea check (octet_length(logo_digest) = 32), -- SHA-256: the address under which it is shown
	changed_at timestamptz not null default app.now(),
	check ((logo is null) = (logo_type is null) and (logo is null) = (logo_digest is null))
);
create index on letterhead (logo_digest);
alter table letterhead enable row level security;
alter table letterhead force row level security;
create policy own on letterhead for select to web using (client = app.client());
create policy administered on letterhead to web using (client = app.client() and app.is_administrator()) with check (client = app.client() and app.is_administrator());
create policy reads on letterhead for select to worker using (true);
grant select, insert, update on letterhead to web;
grant select on letterhead to worker;

-- Before a tenant is known: a logo by its digest.
create function app.logo_by_digest(digest bytea) returns table (bytes bytea, type text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select l.logo, l.logo_type from public.letterhead l where l.logo_digest = logo_by_digest.digest limit 1
$$;
grant execute on function app.logo_by_digest to web;

alter table outbox
	add column html text,
	add column sender text, -- in whose name; null: our own
	add column reply_to text;

alter table message add column delivery_reason text check (delivery_reason in ('address', 'full', 'refused', 'unreachable', 'other')); -- why a mail was not delivered
grant select (delivery_reason), update (delivery_reason) on message to web;

-- Mails are reported on as SMS are: by the message and its secret.
create or replace function app.message_by_report(message uuid, hash bytea) returns table (client uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select m.client from public.message m where m.id = message_by_report.message and m.report_hash = message_by_report.hash and m.state = 'sent'
$$;

-- A bounced mail that the operator's mail server hands in names the message; the operator's token vouches for it.
create function app.mail_by_id(message uuid) returns table (client uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select m.client from public.message m where m.id = mail_by_id.message and m.channel = 'mail' and m.state = 'sent'
$$;
grant execute on function app.mail_by_id to web;

-- What a person with a confirmed address is asked to sign or approve there, by whichever client.
create function app.asked_of_me() returns table (client uuid, signer uuid, envelope uuid, link uuid, role text, sender text, title text, reference text, expires_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select s.client, s.id, e.id, l.id, s.role, c.name, e.title, e.reference, e.expires_at
	from public.person p join public.signer s on s.email = p.email join public.envelope e on e.id = s.envelope join public.client c on c.id = s.client
	join public.link l on l.signer = s.id and l.ended_at is null
	where p.id = app.actor() and p.confirmed_at is not null and s.state in ('invited', 'opened') and e.state = 'waiting' and e.expires_at > app.now()
$$;
grant execute on function app.asked_of_me to web;
create index signer_email on signer (email) where state in ('invited', 'opened');

do $$ declare was text; begin
	select pg_get_expr(conbin, conrelid) into was from pg_constraint where conrelid = 'message'::regclass and conname = 'message_kind_check';
	alter table message drop constraint message_kind_check;
	execute format('alter table message add constraint message_kind_check check (%s or kind = ''preview'')', was);
end $$;

-- "Send it to me": which signer's invitation, to whom.
create table preview (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	signer uuid not null,
	person uuid not null references person,
	created_at timestamptz not null default app.now(),
	foreign key (signer, client) references signer (id, client) on delete cascade
);
alter table preview enable row level security;
alter table preview force row level security;
create policy own on preview to web using (client = app.client()) with check (client = app.client() and person = app.actor());
create policy reads on preview for select to worker using (true);
grant select, insert (id, client, signer, person) on preview to web;
grant select on preview to worker;
