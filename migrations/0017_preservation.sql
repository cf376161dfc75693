-- Documents whose proof is renewed before it ends (SIGN-15): the version to renew, and until when its last time-stamp holds by itself.

create table preservation (
	document uuid primary key,
	client uuid not null,
	safe uuid not null,
	version uuid not null unique references version, -- the last one made to last
	good_until timestamptz, -- the earliest end of a certificate of its last document time-stamp; null: not looked at yet
	renewed_at timestamptz, -- null: never
	failure text check (length(failure) <= 500), -- of the last try; null: none, or it succeeded
	late boolean not null default false, -- it had ended before it was renewed: somebody must look
	next_try timestamptz not null default app.now(),
	tries int not null default 0, -- since the last success
	foreign key (document, safe, client) references document (id, safe, client)
);
create index preservation_due on preservation (good_until nulls first) where not late;

alter table preservation enable row level security;
alter table preservation force row level security;
create policy open_safe on preservation to web
	using (client = app.client() and (safe = app.safe() or safe in (select r.safe from safe_right r where r.person = app.actor())));
create policy reads on preservation for select to worker using (true);
create policy adds on preservation for insert to worker with check (client = app.client());
create policy changes on preservation for update to worker using (client = app.client()) with check (client = app.client());
grant select on preservation to web;
grant select, insert, update on preservation to worker;

-- Those that were completed before this table was there.
alter table envelope no force row level security;
alter table version no force row level security;
alter table preservation no force row level security;
insert into preservation (document, client, safe, version) select distinct on (e.document) e.document, e.client, e.safe, v.id
	from envelope e cross join lateral (select id from version where document = e.document order by number desc limit 1) v where e.state = 'completed';
alter table envelope force row level security;
alter table version force row level security;
alter table preservation force row level security;
