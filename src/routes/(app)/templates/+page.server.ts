import { templates } from '#lib/server/envelopes/templates.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx } }) => ({ templates: await templates(ctx) });
