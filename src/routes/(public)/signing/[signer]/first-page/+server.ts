import { picture } from '#lib/server/download.ts';
import { entered } from '#lib/server/envelopes/embedding.ts';
import { firstPage } from '#lib/server/envelopes/first-page.ts';
import { DomainError } from '#lib/server/errors.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, cookies, params, url }) => {
	const own = await entered(locals.ctx, cookies, params.signer);
	const sha256 = url.searchParams.get('sha256') ?? '';
	if (!/^[0-9a-f]{64}$/.test(sha256)) throw new DomainError('invalid', 'document-moved');
	return picture(await firstPage(own, sha256), 'image/webp');
};
