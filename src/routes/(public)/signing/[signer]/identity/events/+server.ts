import { entered } from '#lib/server/envelopes/embedding.ts';
import { follow } from '#lib/server/follow.ts';
import { identityTask } from '#lib/server/identity-check/capture.ts';
import type { RequestHandler } from './$types';

/** Where the check of this signer's identity stands. */
export const GET: RequestHandler = ({ locals: { ctx }, cookies, params }) =>
	follow(ctx, params.signer, async () => {
		const task = await identityTask(await entered(ctx, cookies, params.signer));
		return { state: task?.check?.state ?? null, accepted: task?.accepted ?? true, mine: task?.mine ?? false };
	});
