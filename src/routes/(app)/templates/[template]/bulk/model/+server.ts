import { model } from '#lib/server/bulks/export.ts';
import { download } from '#lib/server/download.ts';
import type { RequestHandler } from './$types';

/** The file to fill in. */
export const GET: RequestHandler = async ({ locals: { ctx, locale }, params }) => {
	const bytes = new TextEncoder().encode(await model(ctx, params.template, locale));
	return download(bytes, { name: locale === 'fr' ? 'envoi-groupe.csv' : 'bulk-send.csv', type: 'text/csv; charset=utf-8', size: bytes.length });
};
