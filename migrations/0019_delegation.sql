-- A signer of level 1, or an approver, hands over to somebody else, where the sender allowed it.

alter table envelope add column delegable boolean not null default false;

create table delegation (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	signer uuid not null,
	from_name text not null,
	from_email text not null,
	to_name text not null,
	to_email text not null,
	reason text not null default '' check (length(reason) <= 1000),
	at timestamptz not null default app.now(),
	foreign key (signer, client) references signer (id, client)
);
create index on delegation (signer, at);

alter table delegation enable row level security;
alter table delegation force row level security;
create policy tenant on delegation to web using (client = app.client()) with check (client = app.client());
create policy reads on delegation for select to worker using (true);
grant select, insert (client, signer, from_name, from_email, to_name, to_email, reason) on delegation to web;
grant select on delegation to worker;

do $$ declare was text; begin
	select pg_get_expr(conbin, conrelid) into was from pg_constraint where conrelid = 'message'::regclass and conname = 'message_kind_check';
	alter table message drop constraint message_kind_check;
	execute format('alter table message add constraint message_kind_check check (%s or kind = ''delegated'')', was);
end $$;
