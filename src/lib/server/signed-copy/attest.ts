// One attestation for each who signed (SIGN-8): made once the envelope is complete and the log covers all of it, sealed, kept in the safe beside the evidence file.

import { digest } from '#crypto/primitives.ts';
import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import { addDocument } from '../documents/deposit.ts';
import { closedEnvelope, collect, type DossierSigner } from '../envelopes/dossier.ts';
import { MadeMeanwhile } from '../envelopes/evidence.ts';
import { authorSheet } from '../evidence/author.ts';
import { sealSheet } from '../evidence/seal.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { attestationOf } from './attestation.ts';
import { attestationSheet } from './attestation-sheet.ts';

/** The job. Does nothing for those who have theirs, or while the envelope is open. Throws NotCovered while the log or a timestamp is waited for, and what sealing throws: it comes back. */
export async function attest(ctx: WorkerContext, payload: { readonly envelope: string }): Promise<void> {
	const row = await closedEnvelope(ctx, payload.envelope, null);
	if (row?.state !== 'completed') return;
	const due = await ctx.tx((tx) => tx<{ id: string }[]>`select id from signer where envelope = ${payload.envelope} and role = 'signer' and state = 'signed' and attestation is null order by position`);
	if (!due.length) return;
	const own = withActor(ctx, { ...ctx.actor, client: row.client });
	const dossier = await collect(own, payload.envelope, row, digest(ctx.primitives, 'SHA-256', ctx.signing.root.certificate));
	const make = async (signer: DossierSigner): Promise<void> => {
		const [{ now }] = await ctx.tx((tx) => tx<[{ now: Date }]>`select app.now() as now`);
		const sheet = attestationSheet(attestationOf(dossier, signer), signer.locale, now);
		const bytes = await sealSheet(ctx, await authorSheet(sheet, ctx.settings.fonts), now.getTime());
		await addDocument(own, { client: row.client, safe: row.safe, name: `${row.reference} – attestation ${signer.position}.pdf`, kind: 'evidence', bytes }, async (tx, document) => {
			const { count } = await tx`update signer set attestation = ${document} where id = ${signer.id} and attestation is null`;
			if (!count) throw new MadeMeanwhile();
			await append(tx, { op: 'signer.attest', safe: row.safe, obj: signer.id, values: { document } });
			const waiting = await tx<{ id: string }[]>`select id from message where kind = 'signed-copy' and subject = ${signer.id} and state = 'waiting'`;
			for (const { id } of waiting) await enqueue(tx, 'messages.send', { message: id });
			await tx`select pg_notify('hint', ${`${signer.id} ${payload.envelope}`})`;
		});
	};
	for (const { id } of due) {
		try {
			await make(dossier.signers.find((s) => s.id === id)!);
		} catch (error) {
			if (!(error instanceof MadeMeanwhile)) throw error; // its bytes are left to the sweep
		}
	}
}
