import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { attempt, fields } from '#lib/server/http.ts';
import { renew, resetOpen } from '#lib/server/identity/reset.ts';
import { cookieName, cookieOptions } from '#lib/server/identity/sessions.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({ open: await resetOpen(locals.ctx, params.token) });

export const actions: Actions = {
	default: async ({ cookies, locals, params, request }) => {
		const refused = await attempt(async () => renew(locals.ctx, locals.caller.source, params.token, (await fields(request, z.object({ password: z.string().max(1000) }))).password));
		if (refused) return refused;
		cookies.delete(cookieName, cookieOptions);
		redirect(303, '/login?renewed');
	}
};
