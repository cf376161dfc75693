-- Flattened copies: what cannot be signed as it is (an office document, a picture, a PDF with active content) made into a PDF that its sender looks at and approves.

create table conversion (
	id uuid primary key default gen_random_uuid(),
	client uuid not null,
	safe uuid not null,
	source uuid not null, -- the version; it stays as it is
	state text not null default 'waiting' check (state in ('waiting', 'made', 'approved', 'refused', 'failed')),
	failure text check (failure in ('unknown', 'password', 'damaged', 'too-long', 'too-large', 'unfit', 'missing')),
	document uuid unique, -- the copy
	tries int not null default 0,
	created_by uuid not null references person,
	created_at timestamptz not null default app.now(),
	made_at timestamptz,
	decided_by uuid references person,
	decided_at timestamptz,
	foreign key (source, safe, client) references version (id, safe, client),
	foreign key (document, safe, client) references document (id, safe, client),
	check ((state = 'failed') = (failure is not null)),
	check ((document is not null) = (state in ('made', 'approved', 'refused'))),
	check ((decided_at is not null) = (state in ('approved', 'refused')))
);
create unique index conversion_live on conversion (source) where state in ('waiting', 'made');

alter table conversion enable row level security;
alter table conversion force row level security;
create policy open_safe on conversion to web
	using (client = app.client() and (safe = app.safe() or safe in (select r.safe from safe_right r where r.person = app.actor())))
	with check (client = app.client() and (safe = app.safe() or safe in (select r.safe from safe_right r where r.person = app.actor())));
create policy reads on conversion for select to worker using (true);
create policy changes on conversion for update to worker using (client = app.client()) with check (client = app.client());
grant select, insert (id, client, safe, source, created_by), update (state, decided_by, decided_at) on conversion to web;
grant select, update on conversion to worker;
