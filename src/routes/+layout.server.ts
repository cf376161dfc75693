import { limits } from '#lib/server/identity/sessions.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }) => ({
	locale: locals.locale,
	person: locals.session && { name: locals.session.name, session: locals.session.id, endsAt: locals.session.endsAt },
	idleMinutes: limits.idleMinutes
});
