import { inside } from '#lib/server/envelopes/door.ts';
import { follow } from '#lib/server/follow.ts';
import { identityTask } from '#lib/server/identity-check/capture.ts';
import type { RequestHandler } from './$types';

/** Where the check of this signer's identity stands. */
export const GET: RequestHandler = ({ locals: { ctx }, cookies, params }) =>
	follow(ctx, params.signer, async () => {
		const task = await identityTask(await inside(ctx, cookies.get('__Host-signing') ?? null, params.signer));
		return { state: task?.check?.state ?? null, accepted: task?.accepted ?? true, mine: task?.mine ?? false };
	});
