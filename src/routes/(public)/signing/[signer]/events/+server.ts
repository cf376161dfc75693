import { entered } from '#lib/server/envelopes/embedding.ts';
import { outcome, task } from '#lib/server/envelopes/sign-here.ts';
import { follow } from '#lib/server/follow.ts';
import type { RequestHandler } from './$types';

/** Where a signature stands: of the attempt named, and of what follows it. Each reading keeps the signer's session alive: who reads is not idle. */
export const GET: RequestHandler = ({ locals: { ctx }, cookies, params, url }) => {
	const attempt = url.searchParams.get('attempt');
	return follow(ctx, params.signer, async () => {
		const own = await entered(ctx, cookies, params.signer);
		const { state, envelope, intent, trouble, challenge } = await task(own);
		return { state, envelope, intent, trouble, triesLeft: challenge?.triesLeft ?? 0, delivery: challenge?.delivery ?? null, outcome: attempt && /^[0-9a-f-]{36}$/.test(attempt) ? await outcome(own, attempt) : null };
	});
};
