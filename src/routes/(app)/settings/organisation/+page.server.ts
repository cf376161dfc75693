import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import * as clients from '#lib/server/clients.ts';
import { attempt, fields } from '#lib/server/http.ts';
import { choose } from '#lib/server/identity/sessions.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	clients: await clients.mine(locals.ctx),
	current: locals.session!.client,
	privateInstance: locals.ctx.settings.privateInstance
});

export const actions: Actions = {
	found: async ({ locals, request }) => {
		const founded = await attempt(async () => clients.create(locals.ctx, locals.session!, await fields(request, clients.founding)));
		if (!('client' in founded)) return founded;
		redirect(303, '/dashboard');
	},
	choose: async ({ locals, request }) => {
		const refused = await attempt(async () => choose(locals.ctx, locals.session!, (await fields(request, z.object({ client: z.string() }))).client));
		if (refused) return refused;
		redirect(303, '/dashboard');
	}
};
