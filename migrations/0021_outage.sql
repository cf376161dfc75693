-- Nothing is given up because a provider was down: messages say when they are tried again, signatures why they did not come about.

alter table message
	add column next_try timestamptz not null default app.now(), -- the row says when; a job is a hint
	add column refused boolean not null default false; -- by the receiving side, for good
create index message_due on message (next_try) where state = 'waiting';
grant select (tries, next_try, refused) on message to web;

alter table signing_intent
	add column failures int not null default 0,
	add column trouble text check (trouble in ('not-shown', 'identity-needed', 'self-check', 'fault')); -- of the last failure; null: none but an authority that is down
create index signing_intent_signer_place on signing_intent (signer, place);

-- Nobody is left signing without a signature under way: they ask for another code.
alter table signing_intent no force row level security;
alter table signer no force row level security;
update signing_intent set trouble = 'fault', failures = 1 where state = 'failed';
update signer s set state = 'opened' where state = 'signing' and not exists (select from signing_intent i where i.signer = s.id and i.state <> 'failed');
alter table signing_intent force row level security;
alter table signer force row level security;

-- Whoever waits for a code, and whoever sent the envelope, hear what became of each message.
create function app.message_hint() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare whom record;
begin
	select s.id, s.envelope into whom from public.signer s where s.id in
		(select new.subject union select l.signer from public.link l where l.id = new.subject union select c.signer from public.challenge c where c.id = new.subject);
	if found then
		perform pg_notify('hint', concat_ws(' ', whom.id, whom.envelope));
	end if;
	return null;
end $$;
create trigger hint after update of state, tries, delivery on message for each row execute function app.message_hint();
