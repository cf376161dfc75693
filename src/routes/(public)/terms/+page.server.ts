import { error } from '@sveltejs/kit';
import { current, versions } from '#lib/server/identity/terms.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => {
	const asked = url.searchParams.get('version') ?? current.version;
	const terms = versions.find(({ version }) => version === asked);
	if (!terms) error(404);
	return { version: terms.version, paragraphs: terms[locals.locale], versions: versions.map(({ version }) => version) };
};
