import { base64, hex } from '#crypto/bytes.ts';
import { digest } from '#crypto/primitives.ts';
import { published } from '#lib/server/published.ts';
import type { PageServerLoad } from './$types';

/** The instance's own trust, embedded: the page asks for nothing afterwards. */
export const load: PageServerLoad = async ({ locals: { ctx } }) => {
	const own = await published(ctx);
	return {
		anchor: own && { der: base64(own.root), sha256: hex(digest(ctx.primitives, 'SHA-256', own.root)) },
		ocsp: own ? own.ocsp.map(base64) : [],
		logs: own ? [own.logVerifier] : []
	};
};
