import { z } from 'zod';
import { allowedOrigins, allowOrigin, forbidOrigin } from '#lib/server/envelopes/embedding-origins.ts';
import { attempt, fields } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({ origins: await allowedOrigins(locals.ctx), administrator: locals.session!.role === 'administrator' });

export const actions: Actions = {
	allow: ({ locals: { ctx }, request }) => attempt(async () => allowOrigin(ctx, (await fields(request, z.object({ origin: z.string().max(260) }))).origin)),
	forbid: ({ locals: { ctx }, request }) => attempt(async () => forbidOrigin(ctx, (await fields(request, z.object({ id: z.string().max(40) }))).id))
};
