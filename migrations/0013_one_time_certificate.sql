-- A certificate in a signer's name, made for one signature: whose, and whether that signature was kept. One that was not is revoked.

create table one_time_certificate (
	serial text primary key references certificate,
	client uuid not null references client,
	intent uuid not null references signing_intent,
	identity_check uuid not null references identity_check,
	issued_at timestamptz not null default app.now(),
	kept_at timestamptz -- its signature is stored
);
create index on one_time_certificate (intent);
create unique index one_time_certificate_kept on one_time_certificate (intent) where kept_at is not null; -- one signature per intent

alter table one_time_certificate enable row level security;
alter table one_time_certificate force row level security;
create policy reads on one_time_certificate for select to worker using (true);
create policy adds on one_time_certificate for insert to worker with check (client = app.client());
create policy changes on one_time_certificate for update to worker using (client = app.client()) with check (client = app.client());
grant select, insert, update (kept_at) on one_time_certificate to worker;
