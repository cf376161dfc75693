import { outbox } from '#lib/server/identity/outbox.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	return { messages: await outbox(locals.ctx) };
};
