import { redirect } from '@sveltejs/kit';
import { attempt, fields } from '#lib/server/http.ts';
import { registration, setUp, setupOpen } from '#lib/server/identity/register.ts';
import { cookieName, cookieOptions } from '#lib/server/identity/sessions.ts';
import { current } from '#lib/server/identity/terms.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({ open: await setupOpen(locals.ctx, params.token), terms: current.version });

export const actions: Actions = {
	default: async ({ cookies, locals, params, request }) => {
		const { ctx, caller, locale } = locals;
		const secret = await attempt(async () => {
			const input = await fields(request, registration.omit({ locale: true }));
			return setUp(ctx, caller.source, params.token, caller.agent, { ...input, locale });
		});
		if (typeof secret !== 'string') return secret;
		cookies.set(cookieName, secret, cookieOptions);
		redirect(303, '/dashboard');
	}
};
