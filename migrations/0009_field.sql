-- What signers fill in: fields placed on the pages of a draft, frozen with the base revision when it is sent.

alter table envelope
	add column source_version uuid references version, -- what the fields were placed on; null until they were written into a base
	add column field_revision int not null default 0, -- counts the changes of the fields
	add column base_field_revision int not null default 0; -- of the fields in the base: an envelope is sent when both agree

create table field (
	id uuid not null, -- its name in the form comes from it
	client uuid not null references client,
	envelope uuid not null,
	signer uuid not null references signer on delete cascade,
	kind text not null check (kind in ('signature', 'initials', 'date', 'text', 'checkbox', 'mention')),
	page int not null check (page between 0 and 19999), -- 0-based
	x real not null check (x between 0 and 14400), -- from the top left corner of the page as seen, to the right and down, in points of 1/72 inch
	y real not null check (y between 0 and 14400),
	width real not null check (width between 4 and 14400),
	height real not null check (height between 4 and 14400),
	required boolean not null default true,
	label text not null default '' check (length(label) <= 120),
	expected text not null default '' check (length(expected) <= 500), -- the words of a mention
	place int not null, -- in the order in which they are filled in
	primary key (envelope, id),
	foreign key (envelope, client) references envelope (id, client),
	check ((kind = 'mention') = (expected <> ''))
);
create index field_envelope on field (envelope, place);
create unique index field_signature on field (signer) where kind = 'signature'; -- a signer signs once

alter table field enable row level security;
alter table field force row level security;
create policy tenant on field to web using (client = app.client()) with check (client = app.client());
create policy reads on field for select to worker using (true);
grant select, insert, delete on field to web;
grant select on field to worker;

create function app.only_drafts_change_fields() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	if (select state from public.envelope where id = coalesce(new.envelope, old.envelope)) <> 'draft' then
		raise exception 'a sent envelope keeps its fields' using errcode = 'insufficient_privilege';
	end if;
	if new.signer is not null and not exists (select from public.signer where id = new.signer and envelope = new.envelope) then
		raise exception 'a field is of a signer of its envelope' using errcode = 'foreign_key_violation';
	end if;
	return coalesce(new, old);
end $$;
create trigger keep_fields before insert or update or delete on field for each row execute function app.only_drafts_change_fields();
