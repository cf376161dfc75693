import { hex } from '#crypto/bytes.ts';
import { digest } from '#crypto/primitives.ts';
import { published } from '#lib/server/published.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx } }) => {
	const keys = await published(ctx);
	const fingerprint = (der: Uint8Array) => hex(digest(ctx.primitives, 'SHA-256', der));
	return { keys: keys && { root: fingerprint(keys.root), ca: fingerprint(keys.ca) } };
};
