import { download } from '#lib/server/download.ts';
import { entered } from '#lib/server/envelopes/embedding.ts';
import { open } from '#lib/server/envelopes/sign-here.ts';
import { DomainError } from '#lib/server/errors.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, cookies, params, url }) => {
	const sha256 = url.searchParams.get('sha256');
	if (sha256 !== null && !/^[0-9a-f]{64}$/.test(sha256)) throw new DomainError('invalid', 'document-moved');
	const { bytes, name, size } = await open(await entered(locals.ctx, cookies, params.signer), sha256);
	return download(bytes, { name, type: 'application/pdf', size });
};
