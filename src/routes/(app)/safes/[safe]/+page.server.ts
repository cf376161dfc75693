import * as read from '#lib/server/documents/read.ts';
import * as safes from '#lib/server/safes.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params, url, depends }) => {
	depends('probant:safe');
	const safe = await safes.require(ctx, params.safe, 'read');
	const text = url.searchParams.get('q')?.slice(0, 100) ?? '';
	const page = Math.max(1, Math.min(10_000, Number(url.searchParams.get('page')) || 1));
	const filter = { page, ...(text ? { text } : {}) };
	const [documents, total] = [await read.list(ctx, safe.id, filter), await read.count(ctx, safe.id, filter)];
	return { safe, documents, total, text, page, pages: Math.max(1, Math.ceil(total / read.pageSize)), maximum: ctx.settings.maximumSize };
};
