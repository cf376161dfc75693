import { attempt, fields } from '#lib/server/http.ts';
import { asking, forgotten } from '#lib/server/identity/reset.ts';
import type { Actions } from './$types';

export const actions: Actions = {
	default: ({ locals, request }) =>
		attempt(async () => {
			await forgotten(locals.ctx, locals.caller.source, (await fields(request, asking)).email);
			return { done: true };
		})
};
