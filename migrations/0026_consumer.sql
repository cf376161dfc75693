-- SIGN-18: who signs as a consumer, what the contract is (frozen with the envelope), the recap that each confirmed, the day of delivery, and withdrawal.

alter table signer add column consumer boolean not null default false; -- acts outside any business (C. conso. art. liminaire)
alter table signer no force row level security;
alter table envelope no force row level security;
update signer s set consumer = true from envelope e where e.id = s.envelope and e.consumer and s.role = 'signer';
alter table envelope force row level security;
alter table signer force row level security;
alter table envelope drop column consumer;
alter table signer add constraint signer_consumer check (not consumer or role = 'signer');

-- What a consumer is told of the contract. Written with the envelope and never changed; the day of delivery comes later.
create table consumer_contract (
	envelope uuid primary key,
	client uuid not null,
	subject text not null check (length(subject) between 1 and 200),
	price_cents bigint check (price_cents between 0 and 100000000000), -- all taxes, in cents of euro; null: nothing to pay
	price_note text not null default '' check (length(price_note) <= 200), -- such as instalments
	withdrawal_days int check (withdrawal_days between 14 and 365), -- C. conso. L221-18: 14, or longer; null: none, for the reason of `exception`
	exception text check (exception in ('2', '3', '4', '7', '8', '10', '11', '12')), -- which of L221-28
	runs_from text not null check (runs_from in ('conclusion', 'delivery')),
	long_archive boolean not null, -- 120 € and more (D213-1): kept ten years from delivery
	delivered_on date, -- of the goods, or the service performed; recorded by the sender
	delivered_by uuid references person,
	created_at timestamptz not null default app.now(),
	foreign key (envelope, client) references envelope (id, client),
	check ((withdrawal_days is null) = (exception is not null)),
	check (long_archive or coalesce(price_cents, 0) < 12000),
	check ((delivered_on is null) = (delivered_by is null))
);

-- The day of delivery is never in the future, and a correction never makes a consumer's term or archive shorter.
create function app.delivery_only_later() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if new.delivered_on is null or new.delivered_on < old.delivered_on or new.delivered_on > (app.now() at time zone 'Europe/Paris')::date then
		raise exception 'a day of delivery is not in the future, and is corrected to a later one only' using errcode = 'check_violation';
	end if;
	return new;
end $$;
create trigger only_later before update on consumer_contract for each row execute function app.delivery_only_later();

-- The recap a consumer confirmed before the code (C. civ. 1127-2), each time they did; of use while the session it was made in lasts.
create table recap_confirmation (
	id uuid primary key default gen_random_uuid(),
	client uuid not null,
	signer uuid not null,
	version text not null check (version ~ '^[a-z0-9-]{1,40}$'), -- of its words
	words text not null check (length(words) <= 8000), -- all of them, in the signer's language
	sha256 bytea not null check (sha256 = sha256(convert_to(words, 'UTF8'))),
	at timestamptz not null default app.now(),
	foreign key (signer, client) references signer (id, client)
);
create index on recap_confirmation (signer, at);

-- A declaration of withdrawal: beside the signed document, which it does not change.
create table withdrawal (
	id uuid primary key,
	client uuid not null,
	signer uuid not null unique,
	name text not null check (length(name) between 1 and 200), -- as typed or left
	email text not null check (length(email) between 3 and 254), -- where the acknowledgement goes
	statement text not null check (length(statement) <= 4000), -- word for word
	last_day date, -- of the term as it stood; null: it had not begun
	at timestamptz not null default app.now(),
	acknowledgement uuid references document, -- the sealed one, once it is made
	foreign key (signer, client) references signer (id, client)
);

do $$ declare t text; begin
	foreach t in array array['consumer_contract', 'recap_confirmation', 'withdrawal'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
		execute format('create policy tenant on %I to web using (client = app.client()) with check (client = app.client())', t);
		execute format('create policy reads on %I for select to worker using (true)', t);
	end loop;
end $$;
create policy acknowledges on withdrawal for update to worker using (client = app.client()) with check (client = app.client());
grant select, insert (envelope, client, subject, price_cents, price_note, withdrawal_days, exception, runs_from, long_archive), update (delivered_on, delivered_by) on consumer_contract to web;
grant select, insert (client, signer, version, words, sha256) on recap_confirmation to web;
grant select, insert (id, client, signer, name, email, statement, last_day) on withdrawal to web;
grant select on consumer_contract, recap_confirmation to worker;
grant select, update (acknowledgement) on withdrawal to worker;

-- The first day on which a document may be destroyed as far as consumers are concerned; null: whenever. `infinity` while the day of delivery that a term or the archive runs from is not known.
-- Ten years from delivery (D213-2); else the term of withdrawal with the most days that holidays can add to it (L221-19).
create function app.kept_for_consumers(document uuid) returns date
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select max(greatest(
		case when not k.long_archive then null when k.delivered_on is null then 'infinity' else (greatest(k.delivered_on, d.concluded) + interval '10 years')::date + 1 end,
		case when k.withdrawal_days is null then null when k.runs_from = 'conclusion' then d.concluded + k.withdrawal_days + 6 when k.delivered_on is null then 'infinity' else greatest(k.delivered_on, d.concluded) + k.withdrawal_days + 6 end))
	from public.consumer_contract k join public.envelope e on e.id = k.envelope
	cross join lateral (select (e.closed_at at time zone 'Europe/Paris')::date as concluded) d
	where e.state = 'completed' and (e.document = kept_for_consumers.document or e.evidence = kept_for_consumers.document
		or exists (select from public.signer s left join public.withdrawal w on w.signer = s.id where s.envelope = e.id and kept_for_consumers.document in (s.attestation, w.acknowledgement, s.mandate)))
$$;
grant execute on function app.kept_for_consumers to web, worker;

-- Whoever asks: not before.
create function app.keep_for_consumers() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	if new.state = 'disposed' and old.state <> 'disposed' and app.kept_for_consumers(old.id) > (app.now() at time zone 'Europe/Paris')::date then
		raise exception 'kept for a consumer until %', app.kept_for_consumers(old.id) using errcode = 'insufficient_privilege';
	end if;
	return new;
end $$;
create trigger keep_for_consumers before update of state on document for each row execute function app.keep_for_consumers();

-- What a sweep takes up again: a withdrawal whose sealed acknowledgement is not made.
create function app.unfinished_withdrawals() returns table (task text, id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select 'withdrawals.acknowledge', w.id from public.withdrawal w where w.acknowledgement is null
$$;
grant execute on function app.unfinished_withdrawals to worker;

do $$ declare was text; begin
	select pg_get_expr(conbin, conrelid) into was from pg_constraint where conrelid = 'message'::regclass and conname = 'message_kind_check';
	alter table message drop constraint message_kind_check;
	execute format('alter table message add constraint message_kind_check check (%s or kind in (''withdrawal'', ''withdrawal-notice''))', was);
end $$;
