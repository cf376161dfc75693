// A consumer confirms the recap of the contract: the second of two clicks is the code (C. civ. 1127-2).

import { append } from '../audit/append.ts';
import { DomainError } from '../errors.ts';
import type { SignerContext } from './door.ts';
import { keepConfirmation, recapTask } from './recap.ts';
import { tried, turn } from './sign-here.ts';

/** Records it with its words' version and digest; good for this session. What `keepConfirmation` says; `forbidden` / `not-signer`. */
export async function confirmRecap(ctx: SignerContext, said: string): Promise<void> {
	await tried(ctx, 'signer.recap', async (tx) => {
		const { client, role } = await turn(tx, ctx);
		if (role !== 'signer') throw new DomainError('forbidden', 'not-signer');
		const values = await keepConfirmation(tx, client, ctx.signer, await recapTask(ctx.primitives, tx, ctx.signer), said);
		await append(tx, { op: 'signer.recap', safe: ctx.safe, obj: ctx.signer, actor: ctx.signer, values });
	});
}
