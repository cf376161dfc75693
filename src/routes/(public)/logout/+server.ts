import { redirect } from '@sveltejs/kit';
import { cookieName, cookieOptions, end } from '#lib/server/identity/sessions.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ cookies, locals }) => {
	if (locals.session) await end(locals.ctx, locals.session.id);
	cookies.delete(cookieName, cookieOptions);
	redirect(303, '/login?left');
};
