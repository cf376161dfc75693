// A registration officer's decision: accept, refuse, ask again. Where the client asks for two, the second acceptance is another person's.

import { z } from 'zod';
import { append, appendRefusal } from '../audit/append.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { holdEnvelope } from '../envelopes/turnstile.ts';
import { sendLink } from '../envelopes/link.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { isId } from '../safes.ts';
import { requireOfficer } from './officers.ts';
import { isParty } from './queue.ts';

export const deciding = z.object({ verdict: z.enum(['accept', 'refuse', 'again']), reason: z.string().trim().max(1000) });
export type Deciding = z.infer<typeof deciding>;

const leastReason = 5;

interface Row {
	readonly client: string;
	readonly signer: string;
	readonly envelope: string;
	readonly safe: string;
	readonly findings: readonly string[];
}

/** Locks in the order of turnstile.ts, the check last; `conflict` when the envelope closed, the signer was corrected or another officer decided. */
async function held(tx: Tx, { envelope, signer }: Row, check: string): Promise<void> {
	const turn = await holdEnvelope(tx, envelope);
	if (turn?.state !== 'waiting' || turn.expired) throw new DomainError('conflict', 'envelope-state');
	await tx`select from signer where id = ${signer} for no key update`;
	const [now] = await tx<{ open: boolean }[]>`select k.state = 'to-review' and app.same_identity(k, s) as open from identity_check k join signer s on s.id = k.signer where k.id = ${check} for update of k`;
	if (!now?.open) throw new DomainError('conflict', 'check-decided');
}

/** Whether this acceptance is the one that counts: the only one asked for, or the second officer's. */
async function suffices(tx: Tx, client: string, check: string): Promise<boolean> {
	const [{ given, asked }] = await tx<[{ given: number; asked: number }]>`
		select (select count(distinct officer)::int from identity_decision where identity_check = ${check} and verdict = 'accept') as given, case when two_officers then 2 else 1 end as asked from client where id = ${client}`;
	return given >= asked;
}

async function tell(tx: Tx, kind: string, client: string, subject: string): Promise<void> {
	const message = crypto.randomUUID();
	await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${client}, ${kind}, 'mail', ${subject})`;
	await enqueue(tx, 'messages.send', { message });
}

async function decided(ctx: Context, tx: Tx, row: Row, check: string, verdict: Deciding['verdict']): Promise<void> {
	const { identityImageDays: days, identityReuseDays: term } = ctx.settings;
	switch (verdict) {
		case 'accept':
			await tx`update identity_check set state = 'accepted', decided_at = app.now(), valid_until = app.now() + ${term} * interval '1 day', erase_at = app.now() + ${days} * interval '1 day' where id = ${check}`;
			return sendLink(tx, row.client, row.signer, 'identity-accepted');
		case 'refuse':
			await tx`update identity_check set state = 'refused', decided_at = app.now(), erase_at = app.now() + ${days} * interval '1 day' where id = ${check}`;
			return tell(tx, 'identity-refused', row.client, check);
		case 'again':
			// Images that were of no use serve nothing any more.
			await tx`update identity_check set state = 'again', decided_at = app.now(), erase_at = app.now() where id = ${check}`;
			await enqueue(tx, 'identity.erase', { check });
			return sendLink(tx, row.client, row.signer, 'identity-again');
	}
}

/**
 * Decides. Needs to be an officer who is no party to the document (`forbidden` / `own-identity`). Refusing, asking again and accepting over a finding need a reason (`invalid` / `decision-reason`).
 * Answers whether that settled it: false when a second officer is awaited. `conflict`: `second-officer` for the one who accepted already, `check-decided`, `envelope-state`.
 */
export async function decide(ctx: Context, check: string, input: Deciding): Promise<boolean> {
	const officer = await requireOfficer(ctx, 'identity.decide', isId(check) ? check : (ctx.actor.client ?? 'none'));
	const [row] = isId(check)
		? await ctx.tx((tx) => tx<Row[]>`
			select k.client, k.signer, s.envelope, e.safe, k.findings from identity_check k join signer s on s.id = k.signer join envelope e on e.id = s.envelope where k.id = ${check} and k.client = ${ctx.actor.client}`)
		: [];
	if (!row) throw new DomainError('not-found', 'identity-check');
	try {
		if ((input.verdict !== 'accept' || row.findings.length) && input.reason.length < leastReason) throw new DomainError('invalid', 'decision-reason');
		return await ctx.tx(async (tx) => {
			await held(tx, row, check);
			const [{ party } = { party: true }] = await isParty(tx, check, officer);
			if (party) throw new DomainError('forbidden', 'own-identity');
			const mine = await tx`select from identity_decision where identity_check = ${check} and officer = ${officer}`;
			await tx`
				insert into identity_decision (client, identity_check, officer, verdict, reason) values (${row.client}, ${check}, ${officer}, ${input.verdict}, ${input.reason})
				on conflict (identity_check, officer) do update set verdict = excluded.verdict, reason = excluded.reason, at = app.now()`;
			const settles = input.verdict !== 'accept' || (await suffices(tx, row.client, check));
			if (!settles && mine.count) throw new DomainError('conflict', 'second-officer');
			await append(tx, { op: 'identity.decide', safe: row.safe, obj: check, values: { verdict: input.verdict, reason: input.reason, settles: String(settles) } });
			if (settles) await decided(ctx, tx, row, check, input.verdict);
			return settles;
		});
	} catch (error) {
		if (error instanceof DomainError) await appendRefusal(ctx, { op: 'identity.decide', safe: row.safe, obj: check, values: { verdict: input.verdict, reason: error.reason } });
		throw error;
	}
}
