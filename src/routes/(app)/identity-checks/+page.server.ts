import { standing } from '#lib/server/identity-check/officers.ts';
import { queue, type Shelf } from '#lib/server/identity-check/queue.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const shelf: Shelf = url.searchParams.get('shelf') === 'decided' ? 'decided' : 'waiting';
	const own = await standing(ctx);
	return { shelf, ...own, checks: own.officer ? await queue(ctx, shelf) : [], now: new Date() };
};
