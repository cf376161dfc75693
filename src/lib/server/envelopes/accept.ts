// The worker's answer to a typed code: counted first, compared second; a right one consumes the challenge and writes the signing intent in one transaction.
// And to a drawing without a code (digitise.ts): right while the device is in the signer's hands, at level 0 alone.

import { equalConstantTime, hex, utf8 } from '#crypto/bytes.ts';
import { digest } from '#crypto/primitives.ts';
import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import { actsFor, type Tx } from '../db/pool.ts';
import { together } from '../db/together.ts';
import { deriveCode } from './code.ts';
import { maximumTries } from './code-limits.ts';
import { lockEnvelope } from './turnstile.ts';

export interface ChallengeRow {
	readonly id: string;
	readonly client: string;
	readonly signer: string;
	readonly envelope: string;
	readonly safe: string;
	readonly number: string;
	readonly nonce: Uint8Array;
	readonly documentHash: Uint8Array;
	readonly values: Uint8Array;
}

/** The code of a challenge; the same each time it is derived. Worker only. */
export function codeOf(ctx: WorkerContext, c: ChallengeRow): string {
	return deriveCode(ctx.signing.code, { challenge: c.id, nonce: c.nonce, signer: c.signer, number: c.number, documentHash: c.documentHash, valuesHash: digest(ctx.primitives, 'SHA-256', c.values), action: 'sign' });
}

/** `taken`: another of the group was first. The code is not used up: should that signature not come about, it still counts. */
type Outcome = 'right' | 'wrong' | 'expired' | 'exhausted' | 'taken';

interface Try extends ChallengeRow {
	readonly code: string | null;
	readonly action: 'sign' | 'digitise';
	readonly handOver: string | null;
	/** It costs a try; a drawing, which has no code to try, counts while the device is in the signer's hands. */
	readonly counted: boolean;
}

/** The intent whose signature a right code has asked for; null: answered before, and not right, or signed since. */
async function askedFor(ctx: WorkerContext, attempt: string): Promise<string | null> {
	const [row] = await ctx.tx((tx) => tx<{ id: string }[]>`select i.id from attempt a join signing_intent i on i.challenge = a.challenge where a.id = ${attempt} and a.outcome = 'right' and i.state in ('ready', 'signed')`);
	return row?.id ?? null;
}

/** Null: answered already. Counted in a transaction of its own: a comparison that never comes to an end has cost one. */
const tried = (ctx: WorkerContext, attempt: string): Promise<Try | null> =>
	ctx.tx(async (tx) => {
		const [row] = await tx<Omit<Try, 'counted'>[]>`
			select c.id, c.client, c.signer, s.envelope, e.safe, c.number, c.nonce, c.document_hash as "documentHash", c."values", a.code, c.action, c.hand_over as "handOver", ${actsFor(tx, 'c.client')}
			from attempt a join challenge c on c.id = a.challenge join signer s on s.id = c.signer join envelope e on e.id = s.envelope where a.id = ${attempt} and a.outcome is null`;
		if (!row) return null;
		if (row.action === 'digitise') {
			const [{ held }] = await tx<[{ held: boolean }]>`select app.handed_over(${row.handOver}) and exists (select from signer where id = ${row.signer} and level = 0) as held`;
			return { ...row, counted: held };
		}
		const { count } = await tx`update challenge set tries = tries + 1 where id = ${row.id} and ended_at is null and expires_at > app.now() and tries < ${maximumTries}`;
		return { ...row, counted: count === 1 };
	});

interface Open {
	readonly live: boolean;
	readonly tries: number;
	readonly taken: boolean;
	/** The web said so when the code was asked for; the worker looks itself (SIGN-3). */
	readonly identified: boolean;
}

/** Envelope, signer and challenge held, in this order: what is so of the challenge. */
async function held(tx: Tx, row: Try): Promise<Open | null> {
	const [, , [open]] = await together([
		lockEnvelope(tx, row.envelope),
		tx`select from signer where id = ${row.signer} for no key update`,
		tx<Open[]>`
			select c.ended_at is null and c.expires_at > app.now() and e.state = 'waiting' and s.state = 'opened' and (c.action = 'sign') = (s.level <> 0) and (c.action = 'sign' or app.handed_over(c.hand_over)) as live, c.tries, app.group_taken(s.id) as taken, app.identity_accepted(s.id) as identified
			from challenge c join signer s on s.id = c.signer join envelope e on e.id = s.envelope where c.id = ${row.id} for update of c`
	]);
	return open ?? null;
}

/** The first half of the job. An attempt already answered is left alone. Answers the intent to be signed next, by the second half (sign.ts); should that not come about, the intent's own row brings it back (unfinished.ts). */
export async function accept(ctx: WorkerContext, payload: { readonly attempt: string }): Promise<string | null> {
	const row = await tried(ctx, payload.attempt);
	if (!row) return askedFor(ctx, payload.attempt);
	const { counted } = row;
	const drawn = row.action === 'digitise';
	const right = counted && (drawn || equalConstantTime(utf8(row.code ?? ''), utf8(codeOf(ctx, row))));
	return withActor(ctx, { ...ctx.actor, client: row.client }).tx(async (tx) => {
		const open = await held(tx, row);
		const outcome: Outcome = open?.taken ? 'taken' : right && open?.live && open.identified ? 'right' : !counted && (open?.tries ?? 0) >= maximumTries ? 'exhausted' : counted && open?.live && !right ? 'wrong' : 'expired';
		const { count } = await tx`update attempt set code = null, outcome = ${outcome} where id = ${payload.attempt} and outcome is null`;
		if (!count) return null;
		const about = { safe: row.safe, actor: row.signer };
		const known = [append(tx, { ...about, op: drawn ? 'signer.draw' : 'signer.attempt', obj: row.id, res: outcome === 'right' ? 'ok' : 'denied', values: { outcome } }), tx`select pg_notify('signer', ${row.signer})`];
		const intent = crypto.randomUUID();
		if (outcome !== 'right') return together(known).then(() => null);
		await together([
			...known,
			tx`update challenge set ended_at = app.now() where id = ${row.id}`,
			tx`update signer set state = 'signing' where id = ${row.signer}`,
			tx`insert into signing_intent (id, client, envelope, signer, challenge, "values") values (${intent}, ${row.client}, ${row.envelope}, ${row.signer}, ${row.id}, ${row.values})`,
			append(tx, { ...about, op: 'signer.sign', obj: intent, values: { document: hex(row.documentHash), values: hex(digest(ctx.primitives, 'SHA-256', row.values)), ...(row.handOver ? { 'hand-over': row.handOver } : {}), ...(drawn ? { class: 'digitised, no code' } : {}) } })
		]);
		return intent;
	});
}
