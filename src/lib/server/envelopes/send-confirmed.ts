// Sending with what its sender was warned of confirmed: excluded acts (SIGN-17), contacts that are shared (SIGN-21). Who confirmed what is in the row, an event and the evidence file.

import { append, appendRefusal } from '../audit/append.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { actsVersion } from '../legal/excluded-acts.ts';
import { find, send } from './send.ts';

/**
 * Confirms the warnings as they were shown, then sends: `acts`, the version of that on excluded acts; `sharing`, the digest of what is shared (`sharing.ts`).
 * `invalid` / `acts-unconfirmed` unless it is that of now; otherwise what `send` says: a confirmation stays though sending was refused.
 */
export async function sendConfirmed(ctx: Context, id: string, { acts: confirmed, sharing }: { readonly acts: string; readonly sharing: string }): Promise<void> {
	const envelope = await find(ctx, id, 'send');
	if (confirmed !== actsVersion) {
		await appendRefusal(ctx, { op: 'envelope.acts', safe: envelope.safe, obj: id, values: { reason: 'acts-unconfirmed' } });
		throw new DomainError('invalid', 'acts-unconfirmed');
	}
	await ctx.tx(async (tx) => {
		const { count } = await tx`update envelope set acts_version = ${confirmed}, acts_by = ${ctx.actor.person}, acts_at = app.now() where id = ${id} and state = 'draft'`;
		if (count) await append(tx, { op: 'envelope.acts', safe: envelope.safe, obj: id, values: { version: confirmed } });
	});
	if (sharing) await confirmSharing(ctx, id, sharing);
	await send(ctx, id);
}

/** Keeps the digest of the shared contacts that its sender has seen; `send` compares it with what is shared then, and writes the event. Needs `send`. */
export async function confirmSharing(ctx: Context, id: string, digest: string): Promise<void> {
	await find(ctx, id, 'send');
	await ctx.tx((tx) => tx`update envelope set sharing_confirmed = ${digest.slice(0, 64)}, sharing_by = ${ctx.actor.person} where id = ${id} and state = 'draft'`);
}
