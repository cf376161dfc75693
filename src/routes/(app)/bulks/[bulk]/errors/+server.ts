import { errors } from '#lib/server/bulks/export.ts';
import { download } from '#lib/server/download.ts';
import type { RequestHandler } from './$types';

/** What is wrong, line by line, as a file. */
export const GET: RequestHandler = async ({ locals: { ctx, locale }, params }) => {
	const bytes = new TextEncoder().encode(await errors(ctx, params.bulk, locale));
	return download(bytes, { name: locale === 'fr' ? 'erreurs.csv' : 'errors.csv', type: 'text/csv; charset=utf-8', size: bytes.length });
};
