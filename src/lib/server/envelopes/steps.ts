// Steps: everyone of a step is asked at once; the next step is asked when nobody of it is waited for any more.

import { withActor, type WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { sendLink } from './link.ts';
import { holdEnvelope } from './turnstile.ts';

/**
 * Asks everyone of the first step that is not complete and was not asked yet; completes an envelope that waits for nobody. Repeated, it changes nothing.
 * The envelope's row must be held, and its state be `waiting`.
 */
export async function advance(tx: Tx, client: string, envelope: string): Promise<void> {
	const [{ step }] = await tx<[{ step: number | null }]>`select min(step) as step from signer where envelope = ${envelope} and due`;
	if (step === null) return enqueue(tx, 'envelopes.complete', { envelope });
	const asked = await tx<{ id: string }[]>`
		with asked as (update signer set state = 'invited', asked_at = app.now() where envelope = ${envelope} and step = ${step} and due and state = 'waiting' returning id, position) select id from asked order by position`;
	for (const { id } of asked) await sendLink(tx, client, id);
	await enqueue(tx, 'envelopes.first-page', { envelope }); // of the bytes that whoever is still to sign will read
}

/** The job of the sweep: an envelope that nobody was asked for goes on. */
export async function advanceStuck(ctx: WorkerContext, payload: { readonly envelope: string }): Promise<void> {
	const [row] = await ctx.tx((tx) => tx<{ client: string }[]>`select client from envelope where id = ${payload.envelope}`);
	if (!row) return;
	await withActor(ctx, { ...ctx.actor, client: row.client }).tx(async (tx) => {
		const held = await holdEnvelope(tx, payload.envelope);
		if (held?.state === 'waiting' && !held.expired) await advance(tx, row.client, payload.envelope);
	});
}
