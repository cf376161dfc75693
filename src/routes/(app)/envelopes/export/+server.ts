import { Readable } from 'node:stream';
import { disposition } from '#lib/server/download.ts';
import { filterOf, table } from '#lib/server/envelopes/list.ts';
import type { RequestHandler } from './$types';

/** The list with its filter, as a file. */
export const GET: RequestHandler = ({ locals: { ctx, locale }, url }) => {
	const text = Readable.from(table(ctx, filterOf(url.searchParams)), { objectMode: false });
	return new Response(Readable.toWeb(text) as unknown as ReadableStream, {
		headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': disposition(locale === 'fr' ? 'enveloppes.csv' : 'envelopes.csv'), 'content-security-policy': "default-src 'none'; sandbox", 'cache-control': 'private, no-store' }
	});
};
