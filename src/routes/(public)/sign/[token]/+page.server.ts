import { redirect } from '@sveltejs/kit';
import { enter, knock } from '#lib/server/envelopes/door.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

const cookie = '__Host-signing';

export const load: PageServerLoad = async ({ locals, params }) => {
	try {
		return { door: await knock(locals.ctx, params.token) };
	} catch (error) {
		if (error instanceof DomainError && error.kind === 'gone') return { door: null };
		throw error;
	}
};

export const actions: Actions = {
	default: async ({ locals: { ctx, caller }, params, cookies, request, getClientAddress }) => {
		const forHelp = (await request.formData()).has('help');
		const entered = await attempt(() => enter(ctx, params.token, cookies.get(cookie) ?? null, { address: getClientAddress(), agent: caller.agent }));
		if (!('signer' in entered)) return entered;
		cookies.set(cookie, entered.cookie, { path: '/', secure: true, httpOnly: true, sameSite: 'lax', maxAge: 12 * 3600 });
		redirect(303, `/signing/${entered.signer}${forHelp ? '/help' : ''}`);
	}
};
