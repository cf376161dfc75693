-- Every certificate our CA issued, and what is said of each: answers signed ahead of time (RFC 5019), kept for the web process, which holds no key.

create table certificate (
	serial text primary key check (serial ~ '^[0-9a-f]{16,40}$'),
	issuer text not null check (issuer in ('root', 'ca')),
	der bytea not null,
	not_after timestamptz not null,
	revoked_at timestamptz,
	reason smallint check (reason between 1 and 10), -- CRLReason (RFC 5280 §5.3.1); null: not said
	made_at timestamptz not null default app.now(),
	check (reason is null or revoked_at is not null)
);
create index certificate_not_after on certificate (not_after);
create index certificate_revoked on certificate (issuer) where revoked_at is not null;

create table ocsp_answer (
	serial text not null references certificate,
	hash text not null check (hash in ('SHA-1', 'SHA-256')), -- of the CertID it answers
	der bytea not null,
	produced_at timestamptz not null,
	next_update timestamptz not null,
	primary key (serial, hash)
);

create sequence crl_number; -- CRLNumber of the root's and the CA's lists: only ever grows

do $$ declare t text; begin
	foreach t in array array['certificate', 'ocsp_answer'] loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
		execute format('create policy worker on %I to worker using (true) with check (true)', t);
	end loop;
end $$;
create policy shown on ocsp_answer for select to web using (true);
grant select, insert, update (revoked_at, reason) on certificate to worker;
grant select, insert, update on ocsp_answer to worker;
grant select on ocsp_answer to web;
grant usage on sequence crl_number to worker;
