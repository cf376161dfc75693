-- A client never loses its last administrator, and an invitation never takes anything from one who is a member already.

-- The one who holds the link, and whose confirmed address it went to, becomes a member. An active member keeps the higher of both roles; one who was removed comes back with the invitation's.
create or replace function app.accept_invitation(hash bytea) returns uuid
language sql security definer set search_path = pg_catalog, pg_temp as $$
	with taken as (
		update public.invitation i set ended_at = app.now() from public.person p
		where i.hash = accept_invitation.hash and i.ended_at is null and i.expires_at > app.now()
		and p.id = app.actor() and p.email = i.email and p.confirmed_at is not null
		returning i.client, i.role
	), ranked as (
		select array['administrator', 'contributor', 'operator', 'reader', 'auditor'] as roles
	)
	insert into public.member as m (client, person, role) select t.client, app.actor(), t.role from taken t
	on conflict (client, person) do update set active = true,
		role = case when m.active and (select array_position(roles, m.role) < array_position(roles, excluded.role) from ranked) then m.role else excluded.role end
	returning client
$$;

-- Whichever verb changes a member. Of two that each take one of the last two away, the later one sees what the earlier did.
create function app.keep_administrator() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform from public.client c where c.id = old.client for update;
	if not exists (select from public.member m where m.client = old.client and m.role = 'administrator' and m.active) then
		raise exception 'the last administrator of a client' using errcode = '23514', constraint = 'member_last_administrator';
	end if;
	return null;
end
$$;

create trigger keep_administrator after update of role, active on member for each row
	when (old.role = 'administrator' and old.active and not (new.role = 'administrator' and new.active))
	execute function app.keep_administrator();
