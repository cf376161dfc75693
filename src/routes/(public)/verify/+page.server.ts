import { base64, hex } from '#crypto/bytes.ts';
import { digest } from '#crypto/primitives.ts';
import { published } from '#lib/server/published.ts';
import type { PageServerLoad } from './$types';

/** What the page trusts unless the visitor brings their own: this instance's root and log key. */
export const load: PageServerLoad = async ({ locals: { ctx } }) => {
	const keys = await published(ctx);
	return { trust: keys && { root: base64(keys.root), rootSha256: hex(digest(ctx.primitives, 'SHA-256', keys.root)), logs: keys.logVerifiers, ocsp: keys.ocsp.map(base64) } };
};
