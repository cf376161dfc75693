import { download } from '#lib/server/download.ts';
import { inside } from '#lib/server/envelopes/door.ts';
import { ownAttestation } from '#lib/server/signed-copy/hand-out.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, cookies, params }) => {
	const { bytes, name, size } = await ownAttestation(await inside(locals.ctx, cookies.get('__Host-signing') ?? null, params.signer));
	return download(bytes, { name, type: 'application/pdf', size });
};
