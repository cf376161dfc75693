import { redirect } from '@sveltejs/kit';
import * as clients from '#lib/server/clients.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => ({
	invited: await clients.invited(locals.ctx, params.token),
	signedIn: locals.session !== null,
	here: url.pathname
});

export const actions: Actions = {
	default: async ({ locals, params }) => {
		const joined = await attempt(async () => {
			if (!locals.session) throw new DomainError('unauthenticated', 'session-ended');
			return clients.accept(locals.ctx, locals.session, params.token);
		});
		if (typeof joined !== 'string') return joined;
		redirect(303, '/dashboard');
	}
};
