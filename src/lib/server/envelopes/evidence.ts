// The evidence file (SIGN-8): made once an envelope is closed and the log covers all of it, sealed, kept in the safe for those who audit.

import { digest } from '#crypto/primitives.ts';
import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import { addDocument } from '../documents/deposit.ts';
import { authorSheet } from '../evidence/author.ts';
import { sealSheet } from '../evidence/seal.ts';
import { closedEnvelope, collect } from './dossier.ts';
import { dossierSheet } from './dossier-sheet.ts';

/** Another worker made it. */
export class MadeMeanwhile extends Error {
	override name = 'MadeMeanwhile';
}

/** The job. Does nothing when it is there, or the envelope is open. Throws NotCovered while the log or a timestamp is waited for, and what sealing throws: it comes back. */
export async function evidence(ctx: WorkerContext, payload: { readonly envelope: string }): Promise<void> {
	const row = await closedEnvelope(ctx, payload.envelope);
	if (!row) return;
	const own = withActor(ctx, { ...ctx.actor, client: row.client });
	const dossier = await collect(own, payload.envelope, row, digest(ctx.primitives, 'SHA-256', ctx.signing.root.certificate));
	const [{ now }] = await ctx.tx((tx) => tx<[{ now: Date }]>`select app.now() as now`);
	const bytes = await sealSheet(ctx, await authorSheet(dossierSheet(dossier, now), ctx.settings.fonts), now.getTime());
	try {
		await addDocument(own, { client: row.client, safe: row.safe, name: `${row.reference} – dossier de preuve.pdf`, kind: 'evidence', bytes }, async (tx, document) => {
			const { count } = await tx`update envelope set evidence = ${document} where id = ${payload.envelope} and evidence is null`;
			if (!count) throw new MadeMeanwhile();
			await append(tx, { op: 'envelope.evidence', safe: row.safe, obj: payload.envelope, values: { document } });
		});
	} catch (error) {
		if (!(error instanceof MadeMeanwhile)) throw error; // its bytes are left to the sweep
	}
}
