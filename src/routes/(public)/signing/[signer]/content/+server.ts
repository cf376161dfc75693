import { download, rangeOf } from '#lib/server/download.ts';
import { inside } from '#lib/server/envelopes/door.ts';
import { open } from '#lib/server/envelopes/sign-here.ts';
import { DomainError } from '#lib/server/errors.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, cookies, params, url, request }) => {
	const wanted = url.searchParams.get('sha256');
	if (wanted !== null && !/^[0-9a-f]{64}$/.test(wanted)) throw new DomainError('invalid', 'document-moved');
	const own = await inside(locals.ctx, cookies.get('__Host-signing') ?? null, params.signer);
	const { bytes, name, size, sha256, range } = await open(own, wanted, (at) => rangeOf(request.headers, at));
	return download(bytes, { name, type: 'application/pdf', size, sha256, range });
};
