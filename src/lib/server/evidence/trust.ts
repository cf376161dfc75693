// The roots by which the signatures of a document are judged: our own, and those that the certificates of remote signing services led to when they signed.

import type { validate } from '#crypto/pades/validate.ts';
import type { WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';

export type Trust = Exclude<Parameters<typeof validate>[2]['trust'], 'embedded'>;

/** DER roots of the remote certificates whose signatures a document keeps. */
export async function remoteAnchors(tx: Tx, document: string): Promise<Uint8Array[]> {
	const rows = await tx<{ anchor: Uint8Array }[]>`
		select distinct r.anchor from remote_certificate r join signing_intent i on i.id = r.intent join envelope e on e.id = i.envelope where e.document = ${document} and r.kept_at is not null`;
	return rows.map(({ anchor }) => anchor);
}

export const trustOf = (ctx: Pick<WorkerContext, 'signing' | 'tsa'>, remote: readonly Uint8Array[]): Trust => ({ anchors: [ctx.signing.root.certificate, ...remote], timestampAnchors: ctx.tsa.anchors });
