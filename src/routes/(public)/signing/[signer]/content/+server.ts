import { download, rangeOf } from '#lib/server/download.ts';
import { entered } from '#lib/server/envelopes/embedding.ts';
import { open } from '#lib/server/envelopes/sign-here.ts';
import { DomainError } from '#lib/server/errors.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, cookies, params, url, request }) => {
	const wanted = url.searchParams.get('sha256');
	if (wanted !== null && !/^[0-9a-f]{64}$/.test(wanted)) throw new DomainError('invalid', 'document-moved');
	const own = await entered(locals.ctx, cookies, params.signer);
	const { bytes, name, size, sha256, range } = await open(own, wanted, (at) => rangeOf(request.headers, at));
	return download(bytes, { name, type: 'application/pdf', size, sha256, range });
};
