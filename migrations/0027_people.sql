-- What a signer may ask of the sender or of the operator (SIGN-21); contacts that two people share.

create table signer_request (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	envelope uuid not null,
	signer uuid not null,
	name text not null, -- who asked and is answered: the place may be another's since
	email text not null,
	kind text not null check (kind in ('paper', 'question')),
	words text not null default '' check (length(words) <= 2000), -- the signer's
	asked_at timestamptz not null default app.now(),
	answer text check (length(answer) between 1 and 2000), -- the sender's, mailed
	settled_at timestamptz, -- answered, or marked as settled
	settled_by uuid references person,
	foreign key (signer, client) references signer (id, client),
	foreign key (envelope, client) references envelope (id, client),
	check (kind = 'paper' or words <> ''),
	check ((settled_at is null) = (settled_by is null) and (answer is null or settled_at is not null))
);
create index signer_request_envelope on signer_request (envelope, asked_at);
create unique index signer_request_paper on signer_request (signer, email) where kind = 'paper' and settled_at is null;

-- Addresses that want no reminder: of one envelope, or of any from this client. Codes, links that were asked for and the signed document still go.
create table reminder_stop (
	client uuid not null references client,
	email text not null check (length(email) between 3 and 254),
	envelope uuid, -- null: of every envelope of the client
	at timestamptz not null default app.now(),
	foreign key (envelope, client) references envelope (id, client),
	unique nulls not distinct (client, email, envelope)
);

-- An address or a number that serves two people of an envelope, or the sender too: as it was when someone confirmed it.
create table contact_sharing (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	envelope uuid not null,
	kind text not null check (kind in ('email', 'number')),
	value text not null,
	signers uuid[] not null,
	sender boolean not null, -- it is the sender's too
	noted text not null check (noted in ('send', 'correct', 'delegate', 'number')), -- on which occasion
	person uuid references person, -- who confirmed it; null: the signer did
	at timestamptz not null default app.now(),
	foreign key (envelope, client) references envelope (id, client)
);
create index contact_sharing_envelope on contact_sharing (envelope, at);
alter table envelope
	add column sharing_confirmed text, -- digest of the shared contacts that its sender has confirmed
	add column sharing_by uuid references person;

do $$ declare t text; begin
	foreach t in array array['signer_request', 'reminder_stop', 'contact_sharing'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
		execute format('create policy tenant on %I to web using (client = app.client()) with check (client = app.client())', t);
		execute format('create policy reads on %I for select to worker using (true)', t);
		execute format('grant select on %I to worker', t);
	end loop;
end $$;
grant select, insert (id, client, envelope, signer, name, email, kind, words), update (answer, settled_at, settled_by) on signer_request to web;
grant select, insert (client, email, envelope), delete on reminder_stop to web;
grant select, insert (client, envelope, kind, value, signers, sender, noted, person) on contact_sharing to web;

-- Whoever looks at the envelope hears of it.
create function app.request_hint() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform pg_notify('hint', concat_ws(' ', new.signer, new.envelope));
	return null;
end $$;
create trigger hint after insert or update on signer_request for each row execute function app.request_hint();

-- A member's own mobile, kept to notice that a signer was given the same.
alter table person add column number text check (number ~ '^\+[1-9][0-9]{6,14}$');
grant select (number), update (number) on person to web;

-- Addresses and numbers of an envelope of this client that two of its signers or approvers share, or that are its sender's: who made it, who sent it, who asks now, where answers go.
create function app.shared_contacts(envelope uuid) returns table (kind text, value text, signers uuid[], names text[], sender boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	with e as (select * from public.envelope where id = shared_contacts.envelope and client = app.client()),
	people as (select p.* from public.person p, e where p.id in (e.created_by, e.sent_by, app.actor())),
	contacts as (
		select c.kind, c.value, s.id, s.name, s.position from public.signer s join e on e.id = s.envelope cross join lateral (values ('email', s.email), ('number', s.number)) c (kind, value)
		where s.role <> 'copy' and c.value is not null
	),
	own as (
		select 'email' as kind, p.email as value from people p union select 'number', p.number from people p
		union select 'email', l.reply_to from public.letterhead l join e on e.client = l.client
	),
	found as (
		select c.kind, c.value, array_agg(c.id order by c.position) as signers, array_agg(c.name order by c.position) as names, exists (select from own o where o.kind = c.kind and o.value = c.value) as sender
		from contacts c group by c.kind, c.value
	)
	select f.kind, f.value, f.signers, f.names, f.sender from found f where cardinality(f.signers) > 1 or f.sender order by f.kind, f.value
$$;
grant execute on function app.shared_contacts to web;

create function app.reminders_stopped(s signer) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
	select exists (select from public.reminder_stop r where r.client = s.client and r.email = s.email and (r.envelope is null or r.envelope = s.envelope))
$$;
grant execute on function app.reminders_stopped to web, worker;
create or replace function app.reminder_due(s signer, e envelope) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
	select e.state = 'waiting' and e.expires_at > app.now() and e.remind_days > 0 and s.state in ('invited', 'opened') and s.reminders < 5
		and s.asked_at + (s.reminders + 1) * e.remind_days * interval '1 day' <= app.now()
		and not (e.sent_at < e.expires_at - interval '3 days' and e.expires_at <= app.now() + interval '3 days') -- the warning of the term speaks then
		and not app.reminders_stopped(s)
$$;

-- Reports of abuse go to the operator alone: the client they are about reads none, and no event of its log says that there was one.
create table abuse_report (
	id uuid primary key,
	client uuid not null references client, -- that it is about
	envelope uuid not null references envelope,
	signer uuid not null references signer, -- who reports
	reason text not null check (reason in ('unknown-sender', 'deception', 'content', 'harassment', 'other')),
	words text not null default '' check (length(words) <= 2000),
	at timestamptz not null default app.now(),
	settled_at timestamptz,
	settled_note text check (length(settled_note) <= 500)
);
create index abuse_report_open on abuse_report (at) where settled_at is null;
alter table abuse_report enable row level security;
alter table abuse_report force row level security;
create policy reads on abuse_report for select to worker using (true);
grant select on abuse_report to worker;

-- Called with no client set, so that the event beside it is of none either.
create function app.report_abuse(id uuid, signer uuid, reason text, words text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
	insert into public.abuse_report (id, client, envelope, signer, reason, words) select report_abuse.id, s.client, s.envelope, s.id, report_abuse.reason, report_abuse.words from public.signer s where s.id = report_abuse.signer
$$;
grant execute on function app.report_abuse to web;

do $$ declare was text; begin
	select pg_get_expr(conbin, conrelid) into was from pg_constraint where conrelid = 'message'::regclass and conname = 'message_kind_check';
	alter table message drop constraint message_kind_check;
	execute format('alter table message add constraint message_kind_check check (%s or kind in (''request'', ''request-answered'', ''abuse''))', was);
end $$;

-- A group (SIGN-6): several people for one place of the order; the first who signs or approves does so for all. They share the head's step, role, level and fields.
alter table signer
	drop constraint signer_state_check,
	drop constraint signer_role_check1,
	drop column due,
	add constraint signer_of_envelope unique (id, envelope),
	add column group_of uuid, -- the head of the group, its first; null: a place of their own
	add foreign key (group_of, envelope) references signer (id, envelope) on delete cascade,
	add constraint signer_state_check check (state in ('waiting', 'invited', 'opened', 'signing', 'signed', 'approved', 'declined', 'spared')), -- spared: another of the group has done it
	add constraint signer_role_check1 check (role <> 'signer' or (field is not null) = (group_of is null or group_of = id) and (number is not null or level = 1)),
	add constraint signer_group_check check (group_of is null or role <> 'copy'),
	add constraint signer_spared_check check (state <> 'spared' or group_of is not null),
	add column due boolean generated always as (role <> 'copy' and state not in ('signed', 'approved', 'spared') and not (state = 'declined' and group_of is not null)) stored; -- the envelope waits for them
create index signer_group on signer (group_of) where group_of is not null;

alter table attempt
	drop constraint attempt_outcome_check,
	add constraint attempt_outcome_check check (outcome in ('right', 'wrong', 'expired', 'exhausted', 'taken')); -- taken: another of the group was first

-- Another of this signer's group has signed or approved, or their code was accepted.
create function app.group_taken(signer uuid) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
	select exists (select from public.signer s join public.signer o on o.group_of = s.group_of and o.id <> s.id where s.id = group_taken.signer and o.state in ('signing', 'signed', 'approved'))
$$;
grant execute on function app.group_taken to web, worker;
grant execute on function app.end_identity_checks to worker;

-- Before a tenant is known: a link that ended because another of the group was first.
create function app.spared_by_hash(hash bytea) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select exists (select from public.link l join public.signer s on s.id = l.signer where l.hash = spared_by_hash.hash and s.state = 'spared')
$$;
grant execute on function app.spared_by_hash to web;

-- A group holds one unit, its head's.
create or replace function app.hold_credits(envelope uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare its record; part record;
begin
	select e.id, e.client into strict its from public.envelope e where e.id = hold_credits.envelope and e.client = app.client();
	perform from public.credit c where c.client = its.client order by c.level for update;
	if exists (select from public.signer s where s.envelope = its.id and s.role = 'signer' and (s.group_of is null or s.group_of = s.id) group by s.level
		having count(*) > coalesce((select c.available from public.credit c where c.client = its.client and c.level = s.level), 0)) then
		return false;
	end if;
	insert into public.credit_hold (signer, client, envelope, level) select s.id, its.client, its.id, s.level from public.signer s where s.envelope = its.id and s.role = 'signer' and (s.group_of is null or s.group_of = s.id);
	for part in select h.level, count(*)::int as units from public.credit_hold h where h.envelope = its.id group by h.level order by h.level loop
		update public.credit c set available = c.available - part.units, held = c.held + part.units where c.client = its.client and c.level = part.level;
		insert into public.credit_entry (client, level, kind, units, envelope) values (its.client, part.level, 'hold', part.units, its.id);
	end loop;
	return true;
end $$;

do $$ declare was text; begin
	select pg_get_expr(conbin, conrelid) into was from pg_constraint where conrelid = 'message'::regclass and conname = 'message_kind_check';
	alter table message drop constraint message_kind_check;
	execute format('alter table message add constraint message_kind_check check (%s or kind in (''spared''))', was);
end $$;
