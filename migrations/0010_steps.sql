-- Steps: everyone of a step is asked at once, the next step when it is complete. Signers, approvers, copies. A queue of signatures per envelope.

alter table signer
	drop constraint signer_position_check,
	drop constraint signer_state_check,
	alter column field drop not null,
	alter column number drop not null,
	add column step int not null default 1 check (step between 1 and 100),
	add column role text not null default 'signer' check (role in ('signer', 'approver', 'copy')),
	add column approved_at timestamptz,
	add column approved_digest bytea check (octet_length(approved_digest) = 32), -- of the version that was read
	add constraint signer_position_check check (position between 1 and 200),
	add constraint signer_state_check check (state in ('waiting', 'invited', 'opened', 'signing', 'signed', 'approved', 'declined')),
	add constraint signer_role_check1 check (role <> 'signer' or field is not null and number is not null),
	add constraint signer_role_check2 check ((state = 'approved') = (approved_at is not null and approved_digest is not null) and (state <> 'approved' or role = 'approver')),
	add constraint signer_role_check3 check (state not in ('signing', 'signed') or role = 'signer'),
	add constraint signer_role_check4 check (role <> 'copy' or state = 'waiting'),
	add column due boolean generated always as (role <> 'copy' and state not in ('signed', 'approved')) stored; -- the envelope waits for them

alter table signer no force row level security;
update signer set step = position; -- they were asked one after another
alter table signer force row level security;
grant update (approved_at, approved_digest) on signer to web;

-- What the signer had before their eyes; what is signed may be later by other signers' revisions, and by nothing else.
alter table challenge add column shown_version uuid references version;
alter table challenge no force row level security;
update challenge c set shown_version = e.base_version from signer s join envelope e on e.id = s.envelope where s.id = c.signer; -- it bound the base
alter table challenge force row level security;
alter table challenge alter column shown_version set not null;

-- One signature after another, in the order in which the codes were accepted: numbers are given under the envelope's lock.
alter table signing_intent
	add column place bigint generated always as identity,
	drop constraint signing_intent_signer_key;
create unique index signing_intent_signer on signing_intent (signer) where state <> 'failed'; -- one signature per signer
create index signing_intent_queue on signing_intent (envelope, place) where state in ('ready', 'signed');

-- Reminders: every so many days after one was asked, five times at most.
alter table envelope add column remind_days smallint not null default 3 check (remind_days between 0 and 30); -- 0: never
alter table signer
	add column asked_at timestamptz,
	add column reminders smallint not null default 0 check (reminders between 0 and 5);
grant update (asked_at) on signer to web;

create function app.reminder_due(s signer, e envelope) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
	select e.state = 'waiting' and e.expires_at > app.now() and e.remind_days > 0 and s.state in ('invited', 'opened') and s.reminders < 5
		and s.asked_at + (s.reminders + 1) * e.remind_days * interval '1 day' <= app.now()
		and not (e.sent_at < e.expires_at - interval '3 days' and e.expires_at <= app.now() + interval '3 days') -- the warning of the term speaks then
$$;
grant execute on function app.reminder_due to worker;

-- A unit is a signature's: approvers and copies hold none.
create or replace function app.hold_credits(envelope uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare wanted int; its record;
begin
	select e.id, e.client, e.level into strict its from public.envelope e where e.id = hold_credits.envelope and e.client = app.client();
	insert into public.credit_hold (signer, client, envelope, level) select s.id, its.client, its.id, its.level from public.signer s where s.envelope = its.id and s.role = 'signer';
	get diagnostics wanted = row_count;
	update public.credit c set available = c.available - wanted, held = c.held + wanted where c.client = its.client and c.level = its.level and c.available >= wanted;
	if not found then
		delete from public.credit_hold h where h.envelope = its.id;
		return false;
	end if;
	insert into public.credit_entry (client, level, kind, units, envelope) values (its.client, its.level, 'hold', wanted, its.id);
	return true;
end $$;

-- Of a queue only its head; and envelopes that wait for nobody: their step was not opened, or everyone is done.
create or replace function app.unfinished_envelopes() returns table (task text, id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select 'envelopes.attempt', a.id from public.attempt a where a.outcome is null
	union all
	select 'envelopes.sign', i.id from public.signing_intent i
		where i.state in ('ready', 'signed') and (i.lease_until is null or i.lease_until < app.now())
		and not exists (select from public.signing_intent b where b.envelope = i.envelope and b.state in ('ready', 'signed') and b.place < i.place)
	union all
	select 'envelopes.warn', e.id from public.envelope e where e.state = 'waiting' and e.warned_at is null
		and app.now() between e.expires_at - interval '3 days' and e.expires_at and e.sent_at < e.expires_at - interval '3 days'
		and exists (select from public.signer s where s.envelope = e.id and s.state in ('invited', 'opened'))
	union all
	select 'envelopes.expire', e.id from public.envelope e where e.state = 'waiting' and e.expires_at <= app.now()
		and exists (select from public.signer s where s.envelope = e.id and s.due)
	union all
	select 'envelopes.advance', e.id from public.envelope e where e.state = 'waiting' and e.expires_at > app.now()
		and exists (select from public.signer s where s.envelope = e.id and s.due)
		and not exists (select from public.signer s where s.envelope = e.id and s.due and s.state in ('invited', 'opened', 'signing'))
	union all
	select distinct 'envelopes.remind', e.id from public.envelope e join public.signer s on s.envelope = e.id where app.reminder_due(s, e)
		and exists (select from public.link l where l.signer = s.id and l.ended_at is null)
	union all
	select 'envelopes.evidence', e.id from public.envelope e where e.closed_at is not null and e.sent_at is not null and e.evidence is null
$$;
