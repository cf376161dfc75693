import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { fields, ownPath } from '#lib/server/http.ts';
import { setLocale } from '#lib/server/identity/login.ts';
import { locale } from '#lib/server/identity/register.ts';
import type { RequestHandler } from './$types';

const chosen = z.object({ locale, next: z.string().max(500).default('/') });

export const POST: RequestHandler = async ({ cookies, locals, request }) => {
	const input = await fields(request, chosen);
	cookies.set('locale', input.locale, { path: '/', secure: true, httpOnly: true, sameSite: 'lax', maxAge: 365 * 86_400 });
	if (locals.session) await setLocale(locals.ctx, locals.session, input.locale);
	redirect(303, input.next === '/' ? '/' : ownPath(input.next));
};
