-- Prepaid signature credits. A unit is one signer's signature at a level: bought, held at send, consumed when that signer signs, else given back.
-- Balances and ledger change together, in the functions below and nowhere else.

create table credit (
	client uuid not null references client,
	level smallint not null check (level in (1, 2)),
	purchased bigint not null default 0,
	available bigint not null default 0 check (available >= 0),
	held bigint not null default 0 check (held >= 0),
	consumed bigint not null default 0 check (consumed >= 0),
	primary key (client, level),
	check (purchased = available + held + consumed)
);

create table credit_entry (
	id bigint generated always as identity primary key,
	client uuid not null references client,
	level smallint not null check (level in (1, 2)),
	kind text not null check (kind in ('purchase', 'hold', 'consume', 'return')),
	units int not null check (units > 0),
	envelope uuid, -- null: a purchase
	reference text check (length(reference) between 1 and 200), -- of a purchase: order or invoice
	at timestamptz not null default app.now(),
	foreign key (envelope, client) references envelope (id, client),
	check ((kind = 'purchase') = (envelope is null) and (kind = 'purchase') = (reference is not null))
);
create index credit_entry_client on credit_entry (client, id desc);

-- A signer's unit.
create table credit_hold (
	signer uuid primary key,
	client uuid not null references client,
	envelope uuid not null,
	level smallint not null check (level in (1, 2)),
	state text not null default 'held' check (state in ('held', 'consumed', 'returned')),
	foreign key (signer, client) references signer (id, client),
	foreign key (envelope, client) references envelope (id, client)
);
create index credit_hold_envelope on credit_hold (envelope) where state = 'held';

do $$ declare t text; begin
	foreach t in array array['credit', 'credit_entry', 'credit_hold'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
		execute format('create policy tenant on %I for select to web using (client = app.client())', t);
		execute format('grant select on %I to web', t);
	end loop;
end $$;
create trigger append_only before update or delete or truncate on credit_entry for each statement execute function app.refuse_change();

-- The operator's alone.
create function app.purchase_credits(client uuid, level smallint, units int, reference text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
	insert into public.credit_entry (client, level, kind, units, reference) values (purchase_credits.client, purchase_credits.level, 'purchase', units, reference);
	insert into public.credit as c (client, level, purchased, available) values (purchase_credits.client, purchase_credits.level, units, units)
		on conflict on constraint credit_pkey do update set purchased = c.purchased + units, available = c.available + units;
$$;

-- Holds a unit for each signer of an envelope of one's own client. False, and nothing held: not enough of them.
create function app.hold_credits(envelope uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare wanted int; its record;
begin
	select e.id, e.client, e.level into strict its from public.envelope e where e.id = hold_credits.envelope and e.client = app.client();
	insert into public.credit_hold (signer, client, envelope, level) select s.id, its.client, its.id, its.level from public.signer s where s.envelope = its.id;
	get diagnostics wanted = row_count;
	update public.credit c set available = c.available - wanted, held = c.held + wanted where c.client = its.client and c.level = its.level and c.available >= wanted;
	if not found then
		delete from public.credit_hold h where h.envelope = its.id;
		return false;
	end if;
	insert into public.credit_entry (client, level, kind, units, envelope) values (its.client, its.level, 'hold', wanted, its.id);
	return true;
end $$;

-- A held unit is gone: its signer has signed. Without one (an instance that asks for no credits) nothing happens, and a second call neither.
create function app.consume_credit(signer uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare unit record;
begin
	update public.credit_hold h set state = 'consumed' where h.signer = consume_credit.signer and h.client = app.client() and h.state = 'held' returning h.client, h.level, h.envelope into unit;
	if not found then return; end if;
	update public.credit c set held = c.held - 1, consumed = c.consumed + 1 where c.client = unit.client and c.level = unit.level;
	insert into public.credit_entry (client, level, kind, units, envelope) values (unit.client, unit.level, 'consume', 1, unit.envelope);
end $$;

-- What an envelope still holds goes back: it ended and these did not sign.
create function app.return_credits(envelope uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare unit record;
begin
	for unit in
		with back as (update public.credit_hold h set state = 'returned' where h.envelope = return_credits.envelope and h.client = app.client() and h.state = 'held' returning h.client, h.level)
		select b.client, b.level, count(*)::int as units from back b group by b.client, b.level order by b.level
	loop
		update public.credit c set available = c.available + unit.units, held = c.held - unit.units where c.client = unit.client and c.level = unit.level;
		insert into public.credit_entry (client, level, kind, units, envelope) values (unit.client, unit.level, 'return', unit.units, return_credits.envelope);
	end loop;
end $$;

grant execute on function app.hold_credits to web;
grant execute on function app.consume_credit to worker;
grant execute on function app.return_credits to web, worker;
