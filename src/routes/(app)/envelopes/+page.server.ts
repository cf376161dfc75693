import { filterOf, list, pageSize, shelves } from '#lib/server/envelopes/list.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const filter = filterOf(url.searchParams);
	const { envelopes, count } = await list(ctx, filter);
	return { shelves, filter, envelopes, count, pages: Math.max(1, Math.ceil(count / pageSize)) };
};
