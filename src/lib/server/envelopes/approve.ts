// Approving: an approver has read a version and says yes. A recorded act, no signature and no credit.

import { z } from 'zod';
import { append } from '../audit/append.ts';
import { DomainError } from '../errors.ts';
import type { SignerContext } from './door.ts';
import { spareOthers } from './group.ts';
import { shownVersion, tried, turn } from './sign-here.ts';
import { advance } from './steps.ts';
import { holdEnvelope } from './turnstile.ts';

export const approval = z.object({
	/** How many pages the approver's browser says were reached. */
	pagesReached: z.coerce.number().int().min(0).max(20_000),
	/** SHA-256 of the bytes the browser read, hexadecimal. */
	sha256: z.string().regex(/^[0-9a-f]{64}$/)
});

/** Approves the version read. `conflict`: `not-your-turn`, `already-signed`, `group-done` when another of the group was first, `document-moved`; `gone` / `envelope-closed`; `forbidden` / `not-approver` for a signer. */
export async function approve(ctx: SignerContext, { sha256, pagesReached }: z.infer<typeof approval>): Promise<void> {
	await tried(ctx, 'signer.approve', async (tx) => {
		await holdEnvelope(tx, ctx.envelope);
		const { client, role } = await turn(tx, ctx);
		if (role !== 'approver') throw new DomainError('forbidden', 'not-approver');
		await shownVersion(tx, ctx.envelope, sha256);
		await tx`
			update signer set state = 'approved', approved_at = app.now(), approved_digest = ${Buffer.from(sha256, 'hex')}, pages_reached = greatest(pages_reached, ${pagesReached}) where id = ${ctx.signer}`;
		await tx`update link set ended_at = app.now() where signer = ${ctx.signer} and ended_at is null`;
		await append(tx, { op: 'signer.approve', safe: ctx.safe, obj: ctx.envelope, actor: ctx.signer, values: { document: sha256, 'pages-reached': String(pagesReached) } });
		await spareOthers(tx, { client, safe: ctx.safe, signer: ctx.signer });
		await advance(tx, client, ctx.envelope);
	});
}
