import { attempt, fields } from '#lib/server/http.ts';
import { decide, deciding } from '#lib/server/identity-check/decide.ts';
import { review } from '#lib/server/identity-check/queue.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx, session }, params, url }) => ({
	check: await review(ctx, params.check),
	/** Why the images of a decided check are looked at again. */
	why: (url.searchParams.get('why') ?? '').trim(),
	officer: session?.name ?? '',
	now: new Date()
});

export const actions: Actions = {
	default: ({ locals: { ctx }, params, request }) => attempt(async () => ({ settled: await decide(ctx, params.check, await fields(request, deciding)) }))
};
