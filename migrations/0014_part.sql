-- Documents put together as one to be signed: what each came from, where its pages are. Never changed.

create table part (
	document uuid not null, -- the one they became
	safe uuid not null,
	client uuid not null,
	position smallint not null check (position between 1 and 20), -- the order of precedence
	source uuid not null references version,
	name text not null check (char_length(name) between 1 and 255), -- of the source's document, then
	first_page int not null check (first_page >= 1),
	pages int not null check (pages >= 1),
	primary key (document, position),
	foreign key (document, safe, client) references document (id, safe, client),
	foreign key (source, safe, client) references version (id, safe, client)
);

alter table part enable row level security;
alter table part force row level security;
create policy open_safe on part to web
	using (client = app.client() and (safe = app.safe() or safe in (select r.safe from safe_right r where r.person = app.actor())))
	with check (client = app.client() and (safe = app.safe() or safe in (select r.safe from safe_right r where r.person = app.actor())));
create policy reads on part for select to worker using (true);
grant select, insert on part to web;
grant select on part to worker;
