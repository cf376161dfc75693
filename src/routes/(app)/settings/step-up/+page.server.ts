import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { attempt, fields, ownPath } from '#lib/server/http.ts';
import { stepUp } from '#lib/server/identity/login.ts';
import * as passkeys from '#lib/server/identity/passkeys.ts';
import { cookieName, cookieOptions } from '#lib/server/identity/sessions.ts';
import type { Actions, RequestEvent } from './$types';

async function prove({ cookies, url }: RequestEvent, act: () => Promise<string>) {
	const secret = await attempt(act);
	if (typeof secret !== 'string') return secret;
	cookies.set(cookieName, secret, cookieOptions);
	redirect(303, ownPath(url.searchParams.get('next') ?? '/settings/account'));
}

export const actions: Actions = {
	password: (event) =>
		prove(event, async () => {
			const { ctx, caller, session } = event.locals;
			return stepUp(ctx, caller, session!, (await fields(event.request, z.object({ password: z.string().max(1000) }))).password);
		}),
	passkey: (event) =>
		prove(event, async () => {
			const { ctx, caller, session } = event.locals;
			return passkeys.stepUp(ctx, caller, session!, (await fields(event.request, z.object({ answer: z.string().max(20_000) }))).answer);
		})
};
