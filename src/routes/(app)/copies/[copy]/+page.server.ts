import { redirect } from '@sveltejs/kit';
import { decideCopy, find } from '#lib/server/conversion/copies.ts';
import { attempt } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params, depends }) => {
	depends('probant:copy');
	return { asked: await find(ctx, params.copy) };
};

export const actions: Actions = {
	approve: async ({ locals: { ctx }, params }) => {
		const done = await attempt(async () => {
			await decideCopy(ctx, params.copy, 'approved');
			return { document: (await find(ctx, params.copy)).copy?.document };
		});
		if ('document' in done) redirect(303, `/envelopes/new?document=${done.document}`);
		return done;
	},
	refuse: ({ locals: { ctx }, params }) => attempt(() => decideCopy(ctx, params.copy, 'refused'))
};
