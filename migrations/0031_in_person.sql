-- In person: the sender hands their device to a signer; the session they hand it from is locked until they prove themselves again.
-- Level 0: what was drawn there, without a code. A digitised signature, its own class below level 1 (SIGN-14), with units of its own (SIGN-10).

alter table signer
	add column in_person boolean not null default false, -- by hand-over alone: no link is mailed
	drop constraint signer_level_check,
	add constraint signer_level_check check (level in (0, 1, 2)),
	drop constraint identity_declared,
	add constraint identity_declared check (level <> 2 or surname is not null and given_names is not null),
	drop constraint signer_role_check1,
	add constraint signer_role_check1 check (role <> 'signer' or (field is not null) = (group_of is null or group_of = id) and (number is not null or level <> 2)),
	add constraint signer_in_person check (not in_person or role = 'signer' and level <> 2),
	add constraint signer_digitised check (level <> 0 or in_person);

create or replace function app.identity_accepted(signer uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select exists (
		select from public.signer s where s.id = identity_accepted.signer and s.client = app.client() and (s.level <> 2 or s.number_source = 'client' and exists (
			select from public.identity_check k where k.signer = s.id and k.state = 'accepted' and k.valid_until > app.now() and app.same_identity(k, s))))
$$;

alter table credit drop constraint credit_level_check, add constraint credit_level_check check (level in (0, 1, 2));
alter table credit_entry drop constraint credit_entry_level_check, add constraint credit_entry_level_check check (level in (0, 1, 2));
alter table credit_hold drop constraint credit_hold_level_check, add constraint credit_hold_level_check check (level in (0, 1, 2));

create table hand_over (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	signer uuid not null,
	person uuid not null references person, -- who handed over
	session uuid not null references session (id), -- theirs: locked
	began_at timestamptz not null default app.now(),
	ended_at timestamptz, -- taken back, or another took its place
	foreign key (signer, client) references signer (id, client)
);
create unique index hand_over_live on hand_over (signer) where ended_at is null;
alter table hand_over enable row level security;
alter table hand_over force row level security;
create policy tenant on hand_over to web using (client = app.client()) with check (client = app.client());
create policy reads on hand_over for select to worker using (true);
grant select, insert (id, client, signer, person, session), update (ended_at) on hand_over to web;
grant select on hand_over to worker;

alter table session add column hand_over uuid references hand_over; -- not null: locked
grant update (hand_over) on session to web;
alter table signing_session add column hand_over uuid references hand_over; -- what it came by; null: a link

-- Whether the signer still holds the device: it was not taken back, and the session it was handed over from is locked for it.
create function app.handed_over(hand_over uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select exists (select from public.hand_over h join public.session s on s.id = h.session
		where h.id = handed_over.hand_over and h.client = app.client() and h.ended_at is null and s.ended_at is null and s.hand_over = h.id)
$$;
grant execute on function app.handed_over to web, worker;

drop function app.session_by_hash(bytea, interval, interval);
create function app.session_by_hash(hash bytea, idle interval, absolute interval) returns table (id uuid, person uuid, client uuid, role text, step_up_at timestamptz, created_at timestamptz, locale text, name text, email text, operator boolean, hand_over uuid, handed_to uuid)
language sql security definer set search_path = pg_catalog, pg_temp as $$
	with seen as (
		update public.session s set seen_at = app.now()
		where s.hash = session_by_hash.hash and s.ended_at is null and s.seen_at > app.now() - idle and s.created_at > app.now() - absolute
		returning s.*
	)
	select s.id, s.person, m.client, m.role, s.step_up_at, s.created_at, p.locale, p.name, p.email, p.operator, s.hand_over, h.signer
	from seen s join public.person p on p.id = s.person
	left join public.member m on m.client = s.client and m.person = s.person and m.active
	left join public.hand_over h on h.id = s.hand_over
$$;
grant execute on function app.session_by_hash to web;

-- Of a digitised signature: bound to the hand-over in place of a number and a code.
alter table challenge
	alter column number drop not null,
	add column hand_over uuid references hand_over, -- during which it was asked for
	drop constraint challenge_action_check,
	add constraint challenge_action_check check (action in ('sign', 'digitise')),
	add constraint challenge_bound check ((action = 'sign') = (number is not null) and (action = 'sign' or hand_over is not null));

-- Minutes drawn up on the spot. Of acceptance minutes: who decides, and which of their fields is what (C. civ. 1792-6).
create table minutes (
	envelope uuid primary key,
	client uuid not null references client,
	kind text not null check (kind in ('intervention', 'acceptance')),
	decider uuid unique references signer,
	fields jsonb,
	foreign key (envelope, client) references envelope (id, client),
	check ((kind = 'acceptance') = (decider is not null) and (decider is null) = (fields is null))
);
alter table minutes enable row level security;
alter table minutes force row level security;
create policy tenant on minutes to web using (client = app.client()) with check (client = app.client());
create policy reads on minutes for select to worker using (true);
grant select, insert on minutes to web;
grant select on minutes to worker;
