import * as read from '#lib/server/documents/read.ts';
import { follow } from '#lib/server/follow.ts';
import { requireAlive } from '#lib/server/identity/sessions.ts';
import type { RequestHandler } from './$types';

/** What the newest documents of a safe still wait for. */
export const GET: RequestHandler = ({ locals: { ctx, session }, params }) =>
	follow(ctx, params.safe, async () => {
		await requireAlive(ctx, session);
		return (await read.list(ctx, params.safe)).map(({ id, state, stamped, receipt }) => ({ id, state, stamped, receipt }));
	});
