-- A picture of page one of what is to be signed, shown while the exact bytes come (SIGN-11). Made by the worker, sealed under a key of its own, gone with its version.

create table first_page (
	version uuid primary key,
	client uuid not null,
	safe uuid not null,
	picture bytea not null, -- WebP, sealed
	wrapped_key bytea not null, -- by the safe's key
	width int not null check (width > 0), -- of the page as seen, in points
	height int not null check (height > 0),
	made_at timestamptz not null default app.now(),
	foreign key (version, safe, client) references version (id, safe, client)
);
alter table first_page enable row level security;
alter table first_page force row level security;
create policy open_safe on first_page to web
	using (client = app.client() and (safe = app.safe() or safe in (select r.safe from safe_right r where r.person = app.actor())))
	with check (client = app.client() and (safe = app.safe() or safe in (select r.safe from safe_right r where r.person = app.actor())));
create policy reads on first_page for select to worker using (true);
create policy adds on first_page for insert to worker with check (client = app.client());
grant select, delete on first_page to web;
grant select, insert on first_page to worker;
