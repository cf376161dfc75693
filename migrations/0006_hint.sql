-- Hints to whoever waits (LISTEN hint): the ids of what changed, nothing else, at commit. Not one per audit row; the same ids in one transaction are one hint.

create function app.hint() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	ids text;
begin
	case tg_table_name
		when 'timestamp_token', 'receipt' then
			select concat_ws(' ', v.document, v.safe) into ids from public.version v where v.id = new.version;
		when 'version' then ids := concat_ws(' ', new.document, new.safe);
		when 'attempt' then
			select c.signer::text into ids from public.challenge c where c.id = new.challenge;
		when 'signing_intent' then ids := concat_ws(' ', new.signer, new.envelope);
		when 'signer' then ids := concat_ws(' ', new.id, new.envelope);
		else ids := new.id::text;
	end case;
	perform pg_notify('hint', ids);
	return null;
end $$;

create trigger hint after insert on timestamp_token for each row execute function app.hint();
create trigger hint after insert on receipt for each row execute function app.hint();
create trigger hint after update of destroyed_at, stamp_failure on version for each row execute function app.hint();
create trigger hint after update of outcome on attempt for each row execute function app.hint();
create trigger hint after insert or update of state on signing_intent for each row execute function app.hint();
create trigger hint after update of state on signer for each row execute function app.hint();
create trigger hint after update of state, current_version on envelope for each row execute function app.hint();
