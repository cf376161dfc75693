// Sending with the warning on excluded acts confirmed (SIGN-17): who confirmed which words, in the row, an event and the evidence file.

import { append, appendRefusal } from '../audit/append.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { actsVersion } from '../legal/excluded-acts.ts';
import { find, send } from './send.ts';

/** Confirms the warning as it was shown, then sends. `invalid` / `acts-unconfirmed` unless it is that of now; otherwise what `send` says: a confirmation stays though sending was refused. */
export async function sendConfirmed(ctx: Context, id: string, confirmed: string): Promise<void> {
	const envelope = await find(ctx, id, 'send');
	if (confirmed !== actsVersion) {
		await appendRefusal(ctx, { op: 'envelope.acts', safe: envelope.safe, obj: id, values: { reason: 'acts-unconfirmed' } });
		throw new DomainError('invalid', 'acts-unconfirmed');
	}
	await ctx.tx(async (tx) => {
		const { count } = await tx`update envelope set acts_version = ${confirmed}, acts_by = ${ctx.actor.person}, acts_at = app.now() where id = ${id} and state = 'draft'`;
		if (count) await append(tx, { op: 'envelope.acts', safe: envelope.safe, obj: id, values: { version: confirmed } });
	});
	await send(ctx, id);
}
