import { redirect } from '@sveltejs/kit';
import { DomainError } from '#lib/server/errors.ts';
import { attempt } from '#lib/server/http.ts';
import { answered, askCode, tryCode } from '#lib/server/signed-copy/ask.ts';
import { visit } from '#lib/server/signed-copy/door.ts';
import { whenTheyLeave } from '#lib/server/signed-copy/mail-text.ts';
import { withdrawalAt } from '#lib/server/withdrawal/declare.ts';
import type { Actions, PageServerLoad } from './$types';

const cookie = '__Host-copy';
/** Of a withdrawal that came too late for its session, or for its term. */
const refusals = ['copy-session', 'withdrawal-over', 'withdrawal-made'] as const;

export const load: PageServerLoad = async ({ locals: { ctx }, params, cookies, url }) => {
	const refused = refusals.find((reason) => reason === url.searchParams.get('refused')) ?? null;
	try {
		const door = await visit(ctx, params.token, cookies.get(cookie) ?? null);
		const withdrawal = await withdrawalAt(ctx, params.token);
		return { door, withdrawal, refused, leaving: whenTheyLeave(door.locale, door.sender, !!withdrawal?.archivedUntil) };
	} catch (error) {
		if (error instanceof DomainError && error.kind === 'gone') return { door: null, withdrawal: null, refused, leaving: '' };
		throw error;
	}
};

export const actions: Actions = {
	code: ({ locals: { ctx, caller }, params }) => attempt(() => askCode(ctx, params.token, caller.source)),
	open: async ({ locals: { ctx }, params, cookies, request }) => {
		const code = String((await request.formData()).get('code') ?? '').replace(/\s/g, '');
		const tried = await attempt(() => tryCode(ctx, params.token, code, cookies.get(cookie) ?? null));
		if (!('cookie' in tried)) return tried;
		cookies.set(cookie, tried.cookie, { path: '/', secure: true, httpOnly: true, sameSite: 'lax', maxAge: 12 * 3600 });
		await answered(ctx, params.token, tried.attempt);
		redirect(303, `/copy/${params.token}`);
	}
};
