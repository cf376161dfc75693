-- People, their means of authentication, clients and members.

create table person (id uuid primary key default gen_random_uuid());
create table client (id uuid primary key default gen_random_uuid(), name text not null);
create table member (
	client uuid not null references client,
	person uuid not null references person,
	role text not null check (role in ('administrator', 'contributor', 'operator', 'reader', 'auditor')),
	primary key (client, person)
);
do $$ declare t text; begin
	foreach t in array array['person', 'client', 'member'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
	end loop;
end $$;
