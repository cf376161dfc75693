import { download } from '#lib/server/download.ts';
import { attestationFor } from '#lib/server/signed-copy/hand-out.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, params }) => {
	const { bytes, name, size } = await attestationFor(locals.ctx, params.envelope, params.signer);
	return download(bytes, { name, type: 'application/pdf', size });
};
