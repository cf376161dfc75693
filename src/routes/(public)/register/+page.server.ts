import { attempt, fields } from '#lib/server/http.ts';
import { register, registration } from '#lib/server/identity/register.ts';
import { current } from '#lib/server/identity/terms.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = () => ({ terms: current.version });

export const actions: Actions = {
	default: ({ request, locals }) =>
		attempt(async () => {
			const input = await fields(request, registration.omit({ locale: true }));
			await register(locals.ctx, locals.caller.source, { ...input, locale: locals.locale });
			return { done: true };
		})
};
