import { json } from '@sveltejs/kit';
import { registrationOptions } from '#lib/server/identity/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals }) => json(await registrationOptions(locals.ctx, locals.session!));
