-- Templates: a document of the safe, who signs in which role, and where. A version is never changed: an envelope made from it says which one.

create table template (
	id uuid primary key default gen_random_uuid(),
	client uuid not null,
	safe uuid not null,
	name text not null check (length(name) between 1 and 120),
	created_at timestamptz not null default app.now(),
	retired_at timestamptz,
	foreign key (safe, client) references safe (id, client),
	unique (id, safe, client)
);
create unique index template_name on template (safe, name) where retired_at is null;

create table template_version (
	template uuid not null,
	number int not null check (number >= 1),
	safe uuid not null,
	client uuid not null,
	source uuid not null, -- the version whose bytes each envelope begins with
	title text not null check (length(title) between 1 and 200),
	note text not null check (length(note) <= 2000),
	days int not null check (days between 1 and 365),
	remind_days smallint not null check (remind_days between 0 and 30),
	roles jsonb not null check (jsonb_typeof(roles) = 'array' and jsonb_array_length(roles) between 1 and 100), -- in their order: label, and the contact of one who is always the same
	fields jsonb not null check (jsonb_typeof(fields) = 'array'), -- as in `field`, of a role (0-based) instead of a signer
	created_by uuid not null references person,
	created_at timestamptz not null default app.now(),
	primary key (template, number),
	foreign key (template, safe, client) references template (id, safe, client),
	foreign key (source, safe, client) references version (id, safe, client)
);

alter table envelope add column template uuid, add column template_number int, add foreign key (template, template_number) references template_version (template, number);

do $$ declare t text; begin
	foreach t in array array['template', 'template_version'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
		execute format('create policy tenant on %I to web using (client = app.client()) with check (client = app.client())', t);
	end loop;
end $$;
grant select, insert, update (name, retired_at) on template to web;
grant select, insert on template_version to web;
