import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { attempt, fields, ownPath } from '#lib/server/http.ts';
import { login } from '#lib/server/identity/login.ts';
import * as passkeys from '#lib/server/identity/passkeys.ts';
import { cookieName, cookieOptions } from '#lib/server/identity/sessions.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const credentials = z.object({ email: z.string().max(254), password: z.string().max(1000) });
const answered = z.object({ answer: z.string().max(20_000) });

/** What brought them here, said above the form. */
const sayings = ['confirmed', 'renewed', 'left'] as const;
export const load: PageServerLoad = ({ url }) => ({ said: sayings.find((s) => url.searchParams.has(s)) ?? null });

async function signIn({ cookies, url }: RequestEvent, prove: () => Promise<string>) {
	const secret = await attempt(prove);
	if (typeof secret !== 'string') return secret;
	cookies.set(cookieName, secret, cookieOptions);
	redirect(303, ownPath(url.searchParams.get('next')));
}

export const actions: Actions = {
	password: async (event) => {
		let email = '';
		const refused = await signIn(event, async () => {
			const given = await fields(event.request, credentials);
			email = given.email;
			return login(event.locals.ctx, event.locals.caller, given);
		});
		return fail(refused.status, { ...refused.data, email });
	},
	passkey: (event) =>
		signIn(event, async () => passkeys.login(event.locals.ctx, event.locals.caller, (await fields(event.request, answered)).answer))
};
