import { find } from '#lib/server/bulks/bulk.ts';
import { follow } from '#lib/server/follow.ts';
import { requireAlive } from '#lib/server/identity/sessions.ts';
import type { RequestHandler } from './$types';

/** Where a bulk and its lines stand. */
export const GET: RequestHandler = ({ locals: { ctx, session }, params }) =>
	follow(ctx, params.bulk, async () => {
		await requireAlive(ctx, session);
		const { state, counts } = await find(ctx, params.bulk);
		return { state, counts };
	});
