import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }) => ({
	locale: locals.locale,
	person: locals.session && { name: locals.session.name, role: locals.session.role, operator: locals.session.operator }
});
