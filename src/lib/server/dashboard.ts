// What waits on a member, on others, what went wrong, what was done lately (SIGN-1): a few of each, and how many there are.

import { append } from './audit/append.ts';
import { withActor, type Context } from './context.ts';
import { top, type Listed } from './envelopes/list.ts';
import { openRequests, type OpenRequest } from './envelopes/requests.ts';
import { wrong, type Wrong } from './envelopes/wrong.ts';
import { DomainError } from './errors.ts';
import { standing } from './identity-check/officers.ts';
import { enqueue } from './jobs/enqueue.ts';
import { isId } from './safes.ts';

/** Days of "lately". */
export const lately = 30;
const most = 5;

export interface Some<T> {
	readonly envelopes: readonly T[];
	readonly count: number;
}

/** What the asker is to sign or approve themselves, by the address they have confirmed, whichever client asks. */
export interface Asked {
	readonly signer: string;
	readonly role: 'signer' | 'approver';
	readonly sender: string;
	readonly title: string;
	readonly reference: string;
	readonly expiresAt: Date;
}

export interface Day {
	/** `2026-11-29`, in Paris. */
	readonly day: string;
	readonly sent: number;
	readonly completed: number;
}

export interface Dashboard {
	readonly asked: readonly Asked[];
	readonly drafts: Some<Listed>;
	/** Identity checks that wait for an officer; 0 for who is none. */
	readonly checks: number;
	/** Flat copies made and not looked at. */
	readonly copies: readonly { readonly id: string; readonly name: string }[];
	/** What signers asked of the sender, not settled. */
	readonly requests: { readonly found: readonly OpenRequest[]; readonly count: number };
	readonly waiting: Some<Listed>;
	readonly wrong: { readonly found: readonly Wrong[]; readonly count: number };
	readonly declined: Some<Listed>;
	readonly expired: Some<Listed>;
	readonly completed: Some<Listed>;
	/** The last thirty days, the oldest first; empty when nothing happened. */
	readonly activity: readonly Day[];
}

const asked = (ctx: Context): Promise<Asked[]> => ctx.tx((tx) => tx<Asked[]>`select signer, role, sender, title, reference, expires_at as "expiresAt" from app.asked_of_me() order by expires_at, signer limit 50`);

const copies = (ctx: Context) =>
	ctx.tx((tx) => tx<{ id: string; name: string }[]>`
		select k.id, d.name from conversion k join version v on v.id = k.source join document d on d.id = v.document
		where k.state = 'made' and k.client = ${ctx.actor.client} and k.safe in (select r.safe from safe_right r where r.person = ${ctx.actor.person} and 'send' = any (r.rights)) order by k.created_at, k.id limit ${most}`);

async function activity(ctx: Context): Promise<Day[]> {
	const days = await ctx.tx((tx) => tx<Day[]>`
		with e as (select (sent_at at time zone 'Europe/Paris')::date as sent, case when state = 'completed' then (closed_at at time zone 'Europe/Paris')::date end as completed from envelope
			where client = ${ctx.actor.client} and safe in (select r.safe from safe_right r where r.person = ${ctx.actor.person} and 'send' = any (r.rights)) and (sent_at > app.now() - interval '31 days' or closed_at > app.now() - interval '31 days'))
		select d::date::text as day, (select count(*)::int from e where e.sent = d::date) as sent, (select count(*)::int from e where e.completed = d::date) as completed
		from generate_series((app.now() at time zone 'Europe/Paris')::date - ${lately - 1}::int, (app.now() at time zone 'Europe/Paris')::date, interval '1 day') d order by d`);
	return days.some(({ sent, completed }) => sent || completed) ? days : [];
}

/** The asker's, in the client they work for. */
export async function dashboard(ctx: Context): Promise<Dashboard> {
	const [mine, drafts, { officer, waiting: checks }, made, requests, waiting, failed, declined, expired, completed, days] = await Promise.all([
		asked(ctx), top(ctx, 'draft', most), standing(ctx), copies(ctx), openRequests(ctx, most), top(ctx, 'waiting', most), wrong(ctx, most),
		top(ctx, 'declined', most, lately), top(ctx, 'expired', most, lately), top(ctx, 'completed', most, lately), activity(ctx)
	]);
	return { asked: mine, drafts, checks: officer ? checks : 0, copies: made, requests, waiting, wrong: failed, declined, expired, completed, activity: days };
}

/** Mails the asker again the link by which they are asked to sign. `not-found` / `signer` when they are not; `too-many` / `link-asked`: once in ten minutes. */
export async function askForLink(ctx: Context, signer: string): Promise<void> {
	const [row] = isId(signer) ? await ctx.tx((tx) => tx<{ client: string; envelope: string; link: string }[]>`select client, envelope, link from app.asked_of_me() where signer = ${signer}`) : [];
	if (!row) throw new DomainError('not-found', 'signer');
	await withActor(ctx, { ...ctx.actor, client: row.client, via: 'link' }).tx(async (tx) => {
		const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`link:${signer}`}, interval '10 minutes') as n`;
		if (n > 1) throw new DomainError('too-many', 'link-asked', { retryAfter: 600 });
		const message = crypto.randomUUID();
		await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${row.client}, 'signing-link', 'mail', ${row.link})`;
		await enqueue(tx, 'messages.send', { message });
		await append(tx, { op: 'envelope.remind', safe: null, obj: row.envelope, actor: signer, values: { signer } });
	});
}
