import { entered } from '#lib/server/envelopes/embedding.ts';
import { standing } from '#lib/server/envelopes/standing.ts';
import { follow } from '#lib/server/follow.ts';
import type { RequestHandler } from './$types';

/** Where a signature stands: of the attempt named, and of what follows it. Each reading keeps the signer's session alive: who reads is not idle. */
export const GET: RequestHandler = ({ locals: { ctx }, cookies, params, url }) => {
	const attempt = url.searchParams.get('attempt');
	const named = attempt && /^[0-9a-f-]{36}$/.test(attempt) ? attempt : null;
	return follow(ctx, params.signer, async () => standing(await entered(ctx, cookies, params.signer), named));
};
