-- Evidence records (RFC 4998, SIGN-15): the token of every version, renewed before its authority's certificate or its hash ends.

create table evidence_record (
	version uuid primary key,
	client uuid not null,
	safe uuid not null,
	record bytea check (octet_length(record) between 1 and 16777216), -- DER EvidenceRecord; null: not made yet, the token stands alone
	hash text, -- of its last chain
	good_until timestamptz, -- the earliest end of a certificate under its last archive time-stamp; null: not looked at yet
	renewed_at timestamptz, -- null: never
	failure text check (length(failure) <= 500), -- of the last try; null: none, or it succeeded
	late boolean not null default false, -- it had ended before it was renewed: somebody must look
	next_try timestamptz not null default app.now(),
	tries int not null default 0, -- since the last success
	foreign key (version, safe, client) references version (id, safe, client)
);
create index evidence_record_due on evidence_record (good_until nulls first) where not late;
create index evidence_record_failing on evidence_record (version) where failure is not null;

alter table evidence_record enable row level security;
alter table evidence_record force row level security;
create policy open_safe on evidence_record for select to web
	using (client = app.client() and (safe = app.safe() or safe in (select r.safe from safe_right r where r.person = app.actor())));
create policy reads on evidence_record for select to worker using (true);
create policy adds on evidence_record for insert to worker with check (client = app.client());
create policy changes on evidence_record for update to worker using (client = app.client()) with check (client = app.client());
grant select on evidence_record to web;
grant select, insert, update on evidence_record to worker;
