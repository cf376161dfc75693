-- What became of an SMS after the provider took it: told by the gateway, or asked of it. What it cost. And when codes stop going out.

alter table message
	add column delivery text check (delivery in ('delivered', 'undelivered')), -- the last word of the provider; null: none yet
	add column delivered_at timestamptz, -- when we learnt it
	add column delivery_detail text check (length(delivery_detail) <= 100), -- the provider's own code
	add column cost numeric(12, 5) check (cost >= 0),
	add column cost_unit text check (length(cost_unit) <= 10), -- ISO 4217, or the provider's credits
	add column report_hash bytea check (octet_length(report_hash) = 32), -- of the secret in the address at which the gateway reports
	add column looks int not null default 0, -- how often the provider was asked
	add column next_look timestamptz, -- null: not asked any more
	add constraint delivery_when check ((delivery is null) = (delivered_at is null));
create index message_look on message (next_look) where next_look is not null;
create index message_codes on message (client, created_at) where kind = 'code';
grant select (delivery, delivered_at), update (delivery, delivered_at, delivery_detail, next_look) on message to web;

-- A report names the message and carries its secret; before that no tenant is known.
create function app.message_by_report(message uuid, hash bytea) returns table (client uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select m.client from public.message m where m.id = message_by_report.message and m.report_hash = message_by_report.hash and m.channel = 'sms' and m.state = 'sent'
$$;
grant execute on function app.message_by_report to web;

-- Whether more than three codes went out for each that was typed right, in an hour, of the client or of the whole instance: of those that are over, and not before there are twenty.
create function app.codes_paused() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	with codes as (
		select m.client, exists (select from public.attempt a where a.challenge = c.id and a.outcome = 'right') as right
		from public.message m join public.challenge c on c.id = m.subject
		where m.kind = 'code' and m.state = 'sent' and m.created_at > app.now() - interval '1 hour' and (c.ended_at is not null or c.expires_at <= app.now())
	)
	select exists (select from codes having count(*) >= 20 and count(*) > 3 * count(*) filter (where codes.right))
		or exists (select from codes where client = app.client() having count(*) >= 20 and count(*) > 3 * count(*) filter (where codes.right))
$$;
grant execute on function app.codes_paused to web;
