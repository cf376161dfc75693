// What became of an SMS, or of a mail (bounces.ts) (SIGN-12): asked of its provider, later and later for a day, or told by the gateway at an address with a secret of the message's own. The first final word stands.

import { createHash } from 'node:crypto';
import { base64url, lengthPrefixed, utf8 } from '#crypto/bytes.ts';
import { append } from './audit/append.ts';
import { withActor, type Context, type WorkerContext } from './context.ts';
import type { Tx } from './db/pool.ts';
import { DomainError } from './errors.ts';
import type { Reason } from './mail/dsn.ts';
import type { Delivery } from './sms/sender.ts';

const hashOf = (secret: string): Uint8Array => new Uint8Array(createHash('sha256').update(secret).digest());

/** What a gateway's report must carry. Derived: kept nowhere. */
export const reportSecret = (ctx: Pick<WorkerContext, 'signing'>, message: string): string => base64url(ctx.signing.link(lengthPrefixed(utf8('probant/link/v1'), utf8('sms-report'), utf8(message))));

/** Seconds to the first question, and by how much each wait is longer than the one before: seven of them span a day. */
const [first, longer, mostLooks] = [15, 4, 7];

/** In the transaction in which the message was sent. */
export async function expectDelivery(ctx: Pick<WorkerContext, 'sms'>, tx: Tx, message: string, secret: string): Promise<void> {
	const asks = ctx.sms.delivery !== undefined;
	await tx`update message set report_hash = ${asks ? null : hashOf(secret)}, next_look = ${asks ? tx`app.now() + ${first} * interval '1 second'` : null} where id = ${message}`;
}

export interface Said {
	readonly state: 'delivered' | 'undelivered';
	/** The provider's own code. */
	readonly detail: string | null;
	/** Of a mail that came back. */
	readonly reason?: Reason | null;
}

/** The final word, once; whoever waits for it is told. A mail that a first server took may still come back from the next. */
export async function conclude(tx: Tx, message: string, { state, detail, reason = null }: Said): Promise<void> {
	const [said] = await tx<{ kind: string; subject: string }[]>`
		update message set delivery = ${state}, delivered_at = app.now(), delivery_detail = ${detail?.slice(0, 100) ?? null}, delivery_reason = ${reason}, next_look = null
		where id = ${message} and (delivery is null or channel = 'mail' and delivery = 'delivered' and ${state} = 'undelivered') returning kind, subject`;
	if (!said) return;
	await append(tx, { op: 'message.delivery', safe: null, obj: message, res: state === 'delivered' ? 'ok' : 'error', values: { state, ...(detail ? { detail: detail.slice(0, 100) } : {}), ...(reason ? { reason } : {}) } });
	await tx`select pg_notify('hint', concat_ws(' ', s.id, s.envelope)) from signer s where s.id = ${said.subject} or s.id = (select l.signer from link l where l.id = ${said.subject})`;
	if (said.kind === 'code') await tx`select pg_notify('signer', c.signer::text) from challenge c where c.id = ${said.subject}`;
}

/** The job: asks once. A provider that does not answer is asked again at the next look. */
export async function askDelivery(ctx: WorkerContext, payload: { readonly message: string }): Promise<void> {
	const [row] = await ctx.tx((tx) => tx<{ client: string | null; reference: string }[]>`select client, provider_reference as reference from message where id = ${payload.message} and next_look <= app.now()`);
	if (!row) return;
	const own = withActor(ctx, { ...ctx.actor, client: row.client });
	await own.tx((tx) => tx`update message set looks = looks + 1, next_look = case when looks + 1 < ${mostLooks} then app.now() + ${first} * power(${longer}::float8, looks + 1) * interval '1 second' end where id = ${payload.message}`);
	const found: Delivery | undefined = await ctx.sms.delivery?.(row.reference);
	if (!found) return;
	await own.tx(async (tx) => {
		if (found.cost) await tx`update message set cost = ${found.cost.amount}, cost_unit = ${found.cost.unit} where id = ${payload.message}`;
		if (found.state) await conclude(tx, payload.message, { state: found.state, detail: found.detail });
	});
}

/** A gateway's report. `not-found` / `message` for one that is not ours, or without its secret. A later word changes nothing. */
export async function reportDelivery(ctx: Context, message: string, secret: string, said: Said): Promise<void> {
	const known = /^[0-9a-f-]{36}$/.test(message) && /^[A-Za-z0-9_-]{43}$/.test(secret);
	const [row] = known ? await ctx.tx((tx) => tx<{ client: string }[]>`select client from app.message_by_report(${message}, ${hashOf(secret)})`) : [];
	if (!row) throw new DomainError('not-found', 'message');
	await withActor(ctx, { person: null, client: row.client, via: 'link' }).tx((tx) => conclude(tx, message, said));
}

export interface LedgerLine {
	/** `2026-11`, in UTC. */
	readonly month: string;
	readonly client: string;
	readonly name: string;
	readonly sent: number;
	readonly delivered: number;
	readonly undelivered: number;
	/** Codes that were typed right. */
	readonly right: number;
	/** By unit, as far as the provider told: `1.5 credits, 0.07 EUR`; empty when it told nothing. */
	readonly cost: string;
}

/** What SMS each client was sent, by month, the latest first. The operator's: over the owner's connection. */
export async function smsLedger(ctx: Context, month: string | null): Promise<LedgerLine[]> {
	return ctx.tx(
		(tx) => tx<LedgerLine[]>`
			with sent as (
				select m.*, to_char(m.sent_at at time zone 'UTC', 'YYYY-MM') as month, exists (select from attempt a where a.challenge = m.subject and a.outcome = 'right') as right
				from message m where m.channel = 'sms' and m.state = 'sent' and m.client is not null
			), costs as (
				select month, client, cost_unit, sum(cost) as cost from sent where cost is not null group by 1, 2, 3
			)
			select s.month, s.client, c.name, count(*)::int as sent, (count(*) filter (where s.delivery = 'delivered'))::int as delivered, (count(*) filter (where s.delivery = 'undelivered'))::int as undelivered,
				(count(*) filter (where s.right))::int as right,
				coalesce((select string_agg(trim_scale(k.cost) || ' ' || k.cost_unit, ', ' order by k.cost_unit) from costs k where k.month = s.month and k.client = s.client), '') as cost
			from sent s join client c on c.id = s.client where ${month}::text is null or s.month = ${month} group by s.month, s.client, c.name order by s.month desc, c.name`
	);
}
