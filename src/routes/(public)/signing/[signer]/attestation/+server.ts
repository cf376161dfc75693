import { download } from '#lib/server/download.ts';
import { entered } from '#lib/server/envelopes/embedding.ts';
import { ownAttestation } from '#lib/server/signed-copy/hand-out.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, cookies, params }) => {
	const { bytes, name, size } = await ownAttestation(await entered(locals.ctx, cookies, params.signer));
	return download(bytes, { name, type: 'application/pdf', size });
};
