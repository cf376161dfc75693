import { json } from '@sveltejs/kit';
import { DomainError } from '#lib/server/errors.ts';
import { authenticationOptions } from '#lib/server/identity/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals: { locked, caller } }) => {
	if (!locked) throw new DomainError('unauthenticated', 'session-ended');
	return json(await authenticationOptions(locked.ctx, caller, locked.session));
};
