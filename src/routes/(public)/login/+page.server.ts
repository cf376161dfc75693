import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { attempt, fields, ownPath } from '#lib/server/http.ts';
import { login } from '#lib/server/identity/login.ts';
import * as passkeys from '#lib/server/identity/passkeys.ts';
import { cookieName, cookieOptions } from '#lib/server/identity/sessions.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const credentials = z.object({ email: z.string().max(254), password: z.string().max(1000) });
const answered = z.object({ answer: z.string().max(20_000) });

export const load: PageServerLoad = ({ url }) => ({ confirmed: url.searchParams.has('confirmed') });

async function signIn({ cookies, url }: RequestEvent, prove: () => Promise<string>) {
	const secret = await attempt(prove);
	if (typeof secret !== 'string') return secret;
	cookies.set(cookieName, secret, cookieOptions);
	redirect(303, ownPath(url.searchParams.get('next')));
}

export const actions: Actions = {
	password: (event) =>
		signIn(event, async () => login(event.locals.ctx, event.locals.caller, await fields(event.request, credentials))),
	passkey: (event) =>
		signIn(event, async () => passkeys.login(event.locals.ctx, event.locals.caller, (await fields(event.request, answered)).answer))
};
