import { list } from '#lib/server/bulks/bulk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx } }) => ({ bulks: await list(ctx) });
