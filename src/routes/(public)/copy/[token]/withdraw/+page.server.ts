import { redirect } from '@sveltejs/kit';
import { DomainError } from '#lib/server/errors.ts';
import { attempt, fields } from '#lib/server/http.ts';
import { visit } from '#lib/server/signed-copy/door.ts';
import { declare, declaring, draft } from '#lib/server/withdrawal/declare.ts';
import type { Actions, PageServerLoad } from './$types';

const cookie = '__Host-copy';

/** Whoever has no session here, or nothing to withdraw from, is shown the door, which says why. */
export const load: PageServerLoad = async ({ locals: { ctx }, params, cookies }) => {
	try {
		const made = await draft(ctx, params.token, cookies.get(cookie) ?? null);
		const { locale, reference } = await visit(ctx, params.token, cookies.get(cookie) ?? null);
		if (made.withdrawal?.state === 'open' || made.withdrawal?.state === 'before-delivery') return { ...made, locale, reference };
	} catch (error) {
		if (!(error instanceof DomainError)) throw error;
	}
	redirect(303, `/copy/${params.token}`);
};

export const actions: Actions = {
	default: async ({ locals: { ctx }, params, cookies, request }) => {
		const refused = await attempt(async () => declare(ctx, params.token, cookies.get(cookie) ?? null, await fields(request, declaring)));
		if (refused?.status === 400) return refused; // a field
		redirect(303, `/copy/${params.token}${refused ? `?refused=${refused.data.reason}` : ''}`);
	}
};
