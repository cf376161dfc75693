import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import * as clients from '#lib/server/clients.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt, fields } from '#lib/server/http.ts';
import { letterhead, maximumLogo, removeLogo, replying, setLogo, setReplyTo } from '#lib/server/letterhead.ts';
import { choose } from '#lib/server/identity/sessions.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	clients: await clients.mine(locals.ctx),
	current: locals.session!.client,
	privateInstance: locals.ctx.settings.privateInstance,
	letterhead: locals.session!.client ? await letterhead(locals.ctx) : null
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
	},
	logo: ({ locals: { ctx }, request }) =>
		attempt(async () => {
			const file = (await request.formData()).get('logo');
			if (!(file instanceof File) || !file.size) throw new DomainError('invalid', 'field-logo');
			if (file.size > maximumLogo) throw new DomainError('too-large', 'logo-large');
			await setLogo(ctx, new Uint8Array(await file.arrayBuffer()));
		}),
	removeLogo: ({ locals: { ctx } }) => attempt(() => removeLogo(ctx)),
	replyTo: ({ locals: { ctx }, request }) => attempt(async () => setReplyTo(ctx, await fields(request, replying)))
};
