import { mine } from '#lib/server/clients.ts';
import * as safes from '#lib/server/safes.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const clients = await mine(locals.ctx);
	const current = locals.session?.client ?? null;
	return { client: clients.find(({ id }) => id === current) ?? null, safes: current ? await safes.list(locals.ctx) : [] };
};
