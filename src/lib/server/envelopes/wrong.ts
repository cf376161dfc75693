// What did not arrive: the last mail and the last code of those who are still asked, as their carriers say.

import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';

export interface Wrong {
	readonly envelope: string;
	readonly title: string;
	readonly reference: string;
	readonly signer: string;
	readonly name: string;
	readonly email: string;
	/** What did not arrive: a mail came back, could not leave, or the SMS of a code was not delivered. */
	readonly what: 'mail-undelivered' | 'mail-failed' | 'code-undelivered';
	/** Of a mail that came back. */
	readonly reason: string | null;
	readonly at: Date;
}

/** For signer `s` still asked: what went wrong last; no row when nothing did. */
const last = (tx: Tx) => tx`
	(select case when m.delivery = 'undelivered' then 'mail-undelivered' else 'mail-failed' end as what, m.delivery_reason as reason, coalesce(m.delivered_at, m.created_at) as at
	from (select m.* from (select m.state, m.delivery, m.delivery_reason, m.delivered_at, m.created_at from message m join link l on l.id = m.subject where l.signer = s.id and m.channel = 'mail' and m.state <> 'dropped') m order by m.created_at desc limit 1) m
	where m.delivery = 'undelivered' or m.state = 'failed'
	union all
	select 'code-undelivered', null, coalesce(m.delivered_at, m.created_at)
	from (select m.state, m.delivery, m.delivered_at, m.created_at from message m join challenge h on h.id = m.subject where h.signer = s.id and m.kind = 'code' order by m.created_at desc limit 1) m
	where (m.delivery = 'undelivered' or m.state = 'failed') and s.state = 'opened'
	limit 1)`;

/** Whether something of an `envelope` did not arrive. */
export const wrongIn = (tx: Tx) => tx`exists (select from signer s cross join lateral ${last(tx)} w where s.envelope = envelope.id and s.state in ('invited', 'opened'))`;

/** Of open envelopes in the safes the asker may send from, the latest first. */
export async function wrong(ctx: Context, most: number): Promise<{ readonly found: readonly Wrong[]; readonly count: number }> {
	return ctx.tx(async (tx) => {
		const from = tx`signer s join envelope e on e.id = s.envelope cross join lateral ${last(tx)} w
			where e.client = ${ctx.actor.client} and e.state = 'waiting' and s.state in ('invited', 'opened') and e.safe in (select r.safe from safe_right r where r.person = ${ctx.actor.person} and 'send' = any (r.rights))`;
		const [{ count }] = await tx<[{ count: number }]>`select count(*)::int as count from ${from}`;
		const found = await tx<Wrong[]>`select e.id as envelope, e.title, e.reference, s.id as signer, s.name, s.email, w.what, w.reason, w.at from ${from} order by w.at desc, s.id limit ${most}`;
		return { found, count };
	});
}
