import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { handed, unlockByPasskey, unlockByPassword } from '#lib/server/envelopes/hand-over.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt, fields } from '#lib/server/http.ts';
import { cookieName, cookieOptions } from '#lib/server/identity/sessions.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals: { locked } }) => {
	if (!locked) redirect(303, '/dashboard');
	return { handed: await handed(locked.ctx, locked.session), signer: locked.session.handedTo, person: null, sender: locked.session.name };
};

async function unlock({ cookies, locals: { locked } }: RequestEvent, by: (at: NonNullable<App.Locals['locked']>) => Promise<string>) {
	const unlocked = await attempt(async () => {
		if (!locked) throw new DomainError('unauthenticated', 'session-ended');
		return { secret: await by(locked), envelope: (await handed(locked.ctx, locked.session)).envelope };
	});
	if (!('secret' in unlocked)) return unlocked;
	cookies.set(cookieName, unlocked.secret, cookieOptions);
	cookies.delete('__Host-signing', { path: '/', secure: true });
	redirect(303, `/envelopes/${unlocked.envelope}`);
}

export const actions: Actions = {
	password: (event) => unlock(event, async ({ ctx, session }) => unlockByPassword(ctx, event.locals.caller, session, (await fields(event.request, z.object({ password: z.string().max(1000) }))).password)),
	passkey: (event) => unlock(event, async ({ ctx, session }) => unlockByPasskey(ctx, event.locals.caller, session, (await fields(event.request, z.object({ answer: z.string().max(20_000) }))).answer))
};
