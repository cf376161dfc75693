import { redirect } from '@sveltejs/kit';
import { attempt } from '#lib/server/http.ts';
import { confirm, isOpen } from '#lib/server/identity/confirm.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({ open: await isOpen(locals.ctx, params.token) });

export const actions: Actions = {
	default: async ({ locals, params }) => {
		const refused = await attempt(() => confirm(locals.ctx, locals.caller.source, params.token));
		if (refused) return refused;
		redirect(303, '/login?confirmed');
	}
};
