-- Certificates in signers' names that a remote signing service holds (SIGN-3), and signatures of level 1 in the signer's own name (SIGN-2).

-- One for each signature asked of it, written before its key signs: whose service, on which list, down from which root. A later validation trusts that root, whatever is configured by then.
create table remote_certificate (
	id uuid primary key default gen_random_uuid(),
	client uuid not null references client,
	intent uuid not null references signing_intent,
	identity_check uuid not null references identity_check,
	service text not null check (length(service) between 1 and 100), -- as the operator names it
	listed text check (length(listed) between 1 and 300), -- where its CA stands on a trusted list, as the operator says; null: nowhere
	der bytea not null,
	anchor bytea not null, -- the root of its chain, DER
	used_at timestamptz not null default app.now(),
	kept_at timestamptz -- its signature is stored
);
create index on remote_certificate (intent);
create unique index remote_certificate_kept on remote_certificate (intent) where kept_at is not null; -- one signature per intent

alter table remote_certificate enable row level security;
alter table remote_certificate force row level security;
create policy reads on remote_certificate for select to worker using (true);
create policy adds on remote_certificate for insert to worker with check (client = app.client());
create policy changes on remote_certificate for update to worker using (client = app.client()) with check (client = app.client());
grant select, insert, update (kept_at) on remote_certificate to worker;
create policy shown on remote_certificate for select to web using (client = app.client()); -- to a signer, who signed for them
grant select (client, intent, service, listed, kept_at) on remote_certificate to web;

alter table health drop constraint health_part_check, add constraint health_part_check check (part in ('authority', 'clock', 'signing-service'));

-- `consent-outdated`: who certifies has changed since the signer agreed. `service-down`: it is asked again for a day. `service-refused`: what it has must not be used, or it will not sign.
alter table signing_intent drop constraint signing_intent_trouble_check,
	add constraint signing_intent_trouble_check check (trouble in ('not-shown', 'identity-needed', 'consent-outdated', 'self-check', 'fault', 'service-down', 'service-refused'));

-- Level 1 in the signer's own name: declared and identified by the client after its recorded procedure. The names are the certificate's; the number is given beforehand.
alter table signer
	add column advanced boolean not null default false,
	add constraint signer_advanced check (not advanced or role = 'signer' and level = 1 and surname is not null and given_names is not null and number is not null and number_source = 'client');
alter table one_time_certificate alter column identity_check drop not null; -- null: level 1, no document was looked at
