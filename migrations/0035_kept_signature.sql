-- A B-B waits for its time-stamp in its own row, sealed as an object is, and leaves it at its release: its version has the bytes then.
-- In the object store it stayed for good, and outlived a document that was disposed of.

alter table signing_intent no force row level security;
alter table one_time_certificate no force row level security;
alter table remote_certificate no force row level security;
alter table envelope no force row level security;
alter table intent no force row level security;

insert into intent (client, safe, kind, object_key, lease)
	select i.client, e.safe, 'evidence', i.object, app.now() - interval '1 second' from signing_intent i join envelope e on e.id = i.envelope where i.object is not null;
update one_time_certificate set kept_at = null where intent in (select id from signing_intent where state = 'signed');
update remote_certificate set kept_at = null where intent in (select id from signing_intent where state = 'signed');

alter table signing_intent drop constraint signing_intent_check, add column sealed bytea;
alter table signing_intent alter column sealed set storage external; -- what is sealed does not get smaller
update signing_intent set wrapped_key = null, state = case state when 'signed' then 'ready' else state end, parent_version = case state when 'signed' then null else parent_version end, signing_time = case state when 'signed' then null else signing_time end where object is not null; -- signed again
alter table signing_intent drop column object, drop column store_version, drop column size,
	add check ((state = 'signed') = (sealed is not null) and (sealed is null) = (wrapped_key is null) and (state <> 'signed' or parent_version is not null));

alter table signing_intent force row level security;
alter table one_time_certificate force row level security;
alter table remote_certificate force row level security;
alter table envelope force row level security;
alter table intent force row level security;
