import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals, url }) => ({
	locale: locals.locale,
	path: url.pathname,
	person: locals.session && { name: locals.session.name, role: locals.session.role, operator: locals.session.operator }
});
