-- What a client has its signers accept or read, and how it says it knows them: texts in versions that are added and never changed. The words everyone begins with are in the code.

create table legal_text (
	client uuid not null references client,
	kind text not null check (kind in ('proof-convention', 'consumer-proof-convention', 'electronic-form', 'ca-terms', 'privacy-notice', 'identification-procedure')),
	number int not null check (number > 0), -- from 1 on
	fr text not null check (length(fr) between 1 and 20000), -- paragraphs, an empty line between two
	en text not null check (length(en) between 1 and 20000),
	created_by uuid not null references person,
	created_at timestamptz not null default app.now(),
	primary key (client, kind, number)
);

alter table legal_text enable row level security;
alter table legal_text force row level security;
create policy own on legal_text for select to web using (client = app.client());
create policy writes on legal_text for insert to web with check (client = app.client() and app.is_administrator() and created_by = app.actor());
create policy reads on legal_text for select to worker using (true);
grant select, insert (client, kind, number, fr, en, created_by) on legal_text to web;
grant select on legal_text to worker;

alter table envelope add column consumer boolean not null default false; -- its signers act outside any business

-- SIGN-17: how signers were to be identified when it was sent, who sent it, and the warning on acts that cannot be signed this way.
alter table envelope
	add column procedure_version text, -- of the identification procedure in force when it was sent
	add column sent_by uuid references person,
	add column acts_version text, -- of the warning that was confirmed; null: none was
	add column acts_by uuid references person,
	add column acts_at timestamptz,
	add check ((acts_version is null) = (acts_by is null) and (acts_version is null) = (acts_at is null));

-- SIGN-13: for whom a signer signs. Said by the sender, or asked of the signer; a mandate is a document of the same safe.
alter table signer
	add column organisation text check (length(organisation) between 1 and 200), -- null: for themselves, or not said yet
	add column capacity text check (length(capacity) between 1 and 120), -- such as gérant
	add column capacity_asked boolean not null default false, -- the signer says it
	add column mandate_asked boolean not null default false,
	add column mandate uuid references document,
	add check ((organisation is null) = (capacity is null)),
	add check (organisation is null or not capacity_asked),
	add check (mandate is null or mandate_asked);
grant update (organisation, capacity, capacity_asked, mandate_asked, mandate) on signer to web;
