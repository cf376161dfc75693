import * as envelopes from '#lib/server/envelopes/send.ts';
import { follow } from '#lib/server/follow.ts';
import { requireAlive } from '#lib/server/identity/sessions.ts';
import type { RequestHandler } from './$types';

/** Where an envelope and its signers stand. */
export const GET: RequestHandler = ({ locals: { ctx, session }, params }) =>
	follow(ctx, params.envelope, async () => {
		await requireAlive(ctx, session);
		const { state, evidence, signers } = await envelopes.follow(ctx, params.envelope);
		return { state, evidence, signers: signers.map((s) => ({ id: s.id, state: s.state, pending: s.pending, trouble: s.trouble, message: s.message, codeDelivery: s.codeDelivery })) };
	});
