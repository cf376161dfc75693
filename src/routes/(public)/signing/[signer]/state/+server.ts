import { json } from '@sveltejs/kit';
import { inside } from '#lib/server/envelopes/door.ts';
import { outcome, task } from '#lib/server/envelopes/sign-here.ts';
import type { RequestHandler } from './$types';

/** Where a signature stands: of the attempt named, and of what follows it. */
export const GET: RequestHandler = async ({ locals, cookies, params, url }) => {
	const ctx = await inside(locals.ctx, cookies.get('__Host-signing') ?? null, params.signer);
	const attempt = url.searchParams.get('attempt');
	const { state, intent, challenge } = await task(ctx);
	return json({ state, intent, triesLeft: challenge?.triesLeft ?? 0, outcome: attempt && /^[0-9a-f-]{36}$/.test(attempt) ? await outcome(ctx, attempt) : null });
};
