import { logo } from '#lib/server/letterhead.ts';
import { DomainError } from '#lib/server/errors.ts';
import { problem } from '#lib/server/http.ts';
import type { RequestHandler } from './$types';

/** A client's logo, under the digest of its bytes: it never changes, and is no page. */
export const GET: RequestHandler = async ({ locals: { ctx }, params }) => {
	try {
		const { bytes, type } = await logo(ctx, params.digest);
		return new Response(new Uint8Array(bytes), { headers: { 'content-type': type, 'content-disposition': 'inline', 'content-security-policy': "default-src 'none'; sandbox", 'cache-control': 'public, max-age=86400, immutable' } });
	} catch (error) {
		if (error instanceof DomainError) return problem(error);
		throw error;
	}
};
