// The worker's answer to a typed code: counted first, compared second; a right one consumes the challenge and writes the signing intent in one transaction.
// And to a drawing without a code (digitise.ts): right while the device is in the signer's hands, at level 0 alone.

import { equalConstantTime, hex, utf8 } from '#crypto/bytes.ts';
import { digest } from '#crypto/primitives.ts';
import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import { isAccepted } from '../identity-check/accepted.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { deriveCode } from './code.ts';
import { maximumTries } from './code-limits.ts';
import { holdEnvelope } from './turnstile.ts';

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
/** A try at the code is counted in a transaction of its own: a comparison that never comes to an end has cost one. A drawing has no code to try. */
async function isRight(own: WorkerContext, row: ChallengeRow & { readonly code: string | null; readonly action: string; readonly handOver: string | null }): Promise<{ readonly counted: boolean; readonly right: boolean }> {
	return own.tx(async (tx) => {
		if (row.action === 'digitise') {
			const [{ held }] = await tx<[{ held: boolean }]>`select app.handed_over(${row.handOver}) and exists (select from signer where id = ${row.signer} and level = 0) as held`;
			return { counted: held, right: held };
		}
		const { count } = await tx`update challenge set tries = tries + 1 where id = ${row.id} and ended_at is null and expires_at > app.now() and tries < ${maximumTries}`;
		return { counted: count === 1, right: false };
	});
}

type Outcome = 'right' | 'wrong' | 'expired' | 'exhausted' | 'taken';

/** The job. An attempt already answered is left alone. */
export async function accept(ctx: WorkerContext, payload: { readonly attempt: string }): Promise<void> {
	const [row] = await ctx.tx(
		(tx) => tx<(ChallengeRow & { code: string | null; action: 'sign' | 'digitise'; handOver: string | null })[]>`
			select c.id, c.client, c.signer, s.envelope, e.safe, c.number, c.nonce, c.document_hash as "documentHash", c."values", a.code, c.action, c.hand_over as "handOver"
			from attempt a join challenge c on c.id = a.challenge join signer s on s.id = c.signer join envelope e on e.id = s.envelope where a.id = ${payload.attempt} and a.outcome is null`
	);
	if (!row) return;
	const own = withActor(ctx, { ...ctx.actor, client: row.client });
	const drawn = row.action === 'digitise';
	const tried = await isRight(own, row);
	const { counted } = tried;
	const right = tried.right || (counted && !drawn && equalConstantTime(utf8(row.code ?? ''), utf8(codeOf(ctx, row))));
	await own.tx(async (tx) => {
		await holdEnvelope(tx, row.envelope);
		await tx`select from signer where id = ${row.signer} for no key update`;
		const [open] = await tx<{ live: boolean; tries: number; taken: boolean }[]>`
			select c.ended_at is null and c.expires_at > app.now() and e.state = 'waiting' and s.state = 'opened' and (c.action = 'sign') = (s.level <> 0) and (c.action = 'sign' or app.handed_over(c.hand_over)) as live, c.tries, app.group_taken(s.id) as taken
			from challenge c join signer s on s.id = c.signer join envelope e on e.id = s.envelope where c.id = ${row.id} for update of c`;
		// The web said so when the code was asked for; the worker looks itself (SIGN-3).
		const identified = await isAccepted(tx, row.signer);
		const outcome: Outcome = open?.taken ? 'taken' : right && open?.live && identified ? 'right' : !counted && (open?.tries ?? 0) >= maximumTries ? 'exhausted' : counted && open?.live && !right ? 'wrong' : 'expired';
		const { count } = await tx`update attempt set code = null, outcome = ${outcome} where id = ${payload.attempt} and outcome is null`;
		if (!count) return;
		await append(tx, { op: drawn ? 'signer.draw' : 'signer.attempt', safe: row.safe, obj: row.id, res: outcome === 'right' ? 'ok' : 'denied', actor: row.signer, values: { outcome } });
		if (outcome !== 'right') return;
		await tx`update challenge set ended_at = app.now() where id = ${row.id}`;
		await tx`update signer set state = 'signing' where id = ${row.signer}`;
		const intent = crypto.randomUUID();
		await tx`insert into signing_intent (id, client, envelope, signer, challenge, "values") values (${intent}, ${row.client}, ${row.envelope}, ${row.signer}, ${row.id}, ${row.values})`;
		await append(tx, { op: 'signer.sign', safe: row.safe, obj: intent, actor: row.signer, values: { document: hex(row.documentHash), values: hex(digest(ctx.primitives, 'SHA-256', row.values)), ...(row.handOver ? { 'hand-over': row.handOver } : {}), ...(drawn ? { class: 'digitised, no code' } : {}) } });
		await enqueue(tx, 'envelopes.sign', { intent });
	});
	await own.tx((tx) => tx`select pg_notify('signer', ${row.signer})`);
}
