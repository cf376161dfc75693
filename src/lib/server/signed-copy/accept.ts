// The worker's answer to a code that is to open a signed document: counted first, compared second; a right one ends the challenge and the session before.

import { equalConstantTime, utf8 } from '#crypto/bytes.ts';
import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import { maximumTries } from '../envelopes/code-limits.ts';
import { copyCode, type CopyChallenge } from './code.ts';

type Outcome = 'right' | 'wrong' | 'expired' | 'exhausted';

/** The job. An attempt already answered is left alone. */
export async function accept(ctx: WorkerContext, payload: { readonly attempt: string }): Promise<void> {
	const [row] = await ctx.tx(
		(tx) => tx<(CopyChallenge & { client: string; safe: string; code: string })[]>`
			select c.id, c.client, c.signer, c.nonce, c.channel, c."to", c.document_hash as "documentHash", e.safe, a.code
			from signed_copy_attempt a join signed_copy_challenge c on c.id = a.challenge join signer s on s.id = c.signer join envelope e on e.id = s.envelope where a.id = ${payload.attempt} and a.outcome is null`
	);
	if (!row) return;
	const own = withActor(ctx, { ...ctx.actor, client: row.client });
	// Counted in a transaction of its own: a comparison that never comes to an end has cost a try.
	const counted = await own.tx(async (tx) => {
		const { count } = await tx`update signed_copy_challenge set tries = tries + 1 where id = ${row.id} and ended_at is null and expires_at > app.now() and tries < ${maximumTries}`;
		return count === 1;
	});
	const right = counted && equalConstantTime(utf8(row.code), utf8(copyCode(ctx, row)));
	await own.tx(async (tx) => {
		const [open] = await tx<{ live: boolean; tries: number }[]>`select ended_at is null and expires_at > app.now() as live, tries from signed_copy_challenge where id = ${row.id} for update`;
		const outcome: Outcome = right && open?.live ? 'right' : !counted && (open?.tries ?? 0) >= maximumTries ? 'exhausted' : counted && open?.live && !right ? 'wrong' : 'expired';
		const { count } = await tx`update signed_copy_attempt set code = null, outcome = ${outcome} where id = ${payload.attempt} and outcome is null`;
		if (!count) return;
		await append(tx, { op: 'copy.attempt', safe: row.safe, obj: row.id, res: outcome === 'right' ? 'ok' : 'denied', actor: row.signer, values: { outcome } });
		if (outcome !== 'right') return;
		await tx`update signed_copy_challenge set ended_at = app.now() where id = ${row.id}`;
		await tx`update signed_copy_attempt set ended_at = app.now() where signer = ${row.signer} and id <> ${payload.attempt} and ended_at is null`;
	});
}
