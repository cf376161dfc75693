import { entered } from '#lib/server/envelopes/embedding.ts';
import { giveMandate } from '#lib/server/envelopes/mandate.ts';
import { DomainError } from '#lib/server/errors.ts';
import { problem } from '#lib/server/http.ts';
import type { RequestHandler } from './$types';

/** The file itself is the body. */
export const POST: RequestHandler = async ({ locals, cookies, params, request }) => {
	try {
		await giveMandate(await entered(locals.ctx, cookies, params.signer), new Uint8Array(await request.arrayBuffer()));
		return new Response(null, { status: 204 });
	} catch (refusal) {
		if (refusal instanceof DomainError) return problem(refusal);
		throw refusal;
	}
};
