-- An identity that an officer decided on, and no signature after it, is a line of its own in the ledger (SIGN-10): the operator prices it. The signature's unit goes back as ever.

alter table credit_entry drop constraint credit_entry_kind_check;
alter table credit_entry add constraint credit_entry_kind_check check (kind in ('purchase', 'hold', 'consume', 'return', 'review'));

create function app.enter_reviews() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare reviews int;
begin
	select count(*) into reviews from public.identity_check k where k.signer = new.signer and k.decided_at is not null and k.reused is null;
	if reviews > 0 then
		insert into public.credit_entry (client, level, kind, units, envelope) values (new.client, new.level, 'review', reviews, new.envelope);
	end if;
	return null;
end $$;
create trigger enter_reviews after update of state on credit_hold for each row when (old.state = 'held' and new.state = 'returned') execute function app.enter_reviews();
