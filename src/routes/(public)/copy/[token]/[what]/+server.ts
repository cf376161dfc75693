import { download } from '#lib/server/download.ts';
import { DomainError } from '#lib/server/errors.ts';
import { open } from '#lib/server/signed-copy/open.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, cookies, params: { token, what } }) => {
	if (what !== 'document' && what !== 'attestation' && what !== 'acknowledgement') throw new DomainError('not-found', 'page');
	const { bytes, name, size } = await open(locals.ctx, token, cookies.get('__Host-copy') ?? null, what);
	return download(bytes, { name, type: 'application/pdf', size });
};
