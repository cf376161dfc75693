import { json } from '@sveltejs/kit';
import { authenticationOptions } from '#lib/server/identity/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals }) => json(await authenticationOptions(locals.ctx, locals.caller, locals.session));
