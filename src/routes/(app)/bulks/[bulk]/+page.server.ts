import { redirect } from '@sveltejs/kit';
import { cost, find, lines, pageSize } from '#lib/server/bulks/bulk.ts';
import * as bulks from '#lib/server/bulks/run.ts';
import { attempt } from '#lib/server/http.ts';
import { actsVersion, actsWarning } from '#lib/server/legal/excluded-acts.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx, locale }, params, url, depends }) => {
	depends('probant:bulk');
	const bulk = await find(ctx, params.bulk);
	const pages = Math.max(1, Math.ceil(bulk.counts.lines / pageSize));
	const page = Math.max(1, Math.min(pages, Math.trunc(Number(url.searchParams.get('page')) || 1)));
	return { bulk, lines: await lines(ctx, bulk.id, page), page, pages, costs: await cost(ctx, bulk), warning: actsWarning(actsVersion, locale) };
};

/** The warning on excluded acts as its reader confirmed it. */
const acts = async (request: Request): Promise<string> => String((await request.formData()).get('acts') ?? '');

export const actions: Actions = {
	start: ({ locals: { ctx }, params, request }) => attempt(async () => bulks.start(ctx, params.bulk, await acts(request))),
	pause: ({ locals: { ctx }, params }) => attempt(() => bulks.pause(ctx, params.bulk)),
	resume: ({ locals: { ctx }, params, request }) => attempt(async () => bulks.resume(ctx, params.bulk, await acts(request))),
	retry: ({ locals: { ctx }, params, request }) => attempt(async () => bulks.retry(ctx, params.bulk, await acts(request))),
	cancel: ({ locals: { ctx }, params }) => attempt(() => bulks.cancel(ctx, params.bulk)),
	forget: async ({ locals: { ctx }, params }) => {
		const refused = await attempt(() => bulks.forget(ctx, params.bulk));
		if (refused) return refused;
		redirect(303, '/bulks');
	}
};
