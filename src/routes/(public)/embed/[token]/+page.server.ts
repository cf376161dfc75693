import { redirect } from '@sveltejs/kit';
import { embedCookie, embedCookieOptions, enterEmbedded, knock } from '#lib/server/envelopes/embedding.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	try {
		return { door: await knock(locals.ctx, params.token) };
	} catch (error) {
		if (error instanceof DomainError && error.kind === 'gone') return { door: null };
		throw error;
	}
};

export const actions: Actions = {
	default: async ({ locals: { ctx, caller }, params, cookies, getClientAddress }) => {
		const entered = await attempt(() => enterEmbedded(ctx, params.token, cookies.get(embedCookie) ?? null, { address: getClientAddress(), agent: caller.agent }));
		if (!('signer' in entered)) return entered;
		cookies.set(embedCookie, entered.cookie, embedCookieOptions);
		redirect(303, `/signing/${entered.signer}?embedded=${entered.embedding}`);
	}
};
