// OCSP over HTTP (RFC 6960 appendix A): POST, and GET with the request in base64 in the path, which caches may keep (RFC 5019 §5, §6).

import { fromBase64, hex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { digest } from '#crypto/primitives.ts';
import { answerOcsp } from '#lib/server/ocsp.ts';
import type { RequestHandler } from './$types';

/** Base64 may end in a slash: Kit would send such a request on to an address without it. */
export const trailingSlash = 'ignore';

const longest = 4096; // bytes of a request

async function answered(ctx: App.Locals['ctx'], request: Uint8Array, cacheable: boolean): Promise<Response> {
	const { der, held } = await answerOcsp(ctx, request);
	const headers: Record<string, string> = { 'content-type': 'application/ocsp-response' };
	if (held && cacheable) {
		const seconds = Math.max(0, Math.floor((held.nextUpdate.getTime() - Date.now()) / 2000)); // fetched anew while it still holds
		headers['cache-control'] = `max-age=${seconds}, public, no-transform, must-revalidate`;
		headers['last-modified'] = held.producedAt.toUTCString();
		headers.expires = held.nextUpdate.toUTCString();
		headers.etag = `"${hex(digest(ctx.primitives, 'SHA-256', der))}"`;
	}
	return new Response(new Uint8Array(der), { headers });
}

const decoded = (text: string): Uint8Array => {
	try {
		return fromBase64(text);
	} catch (error) {
		if (error instanceof CryptoError) return new Uint8Array(); // answered as malformed
		throw error;
	}
};

export const GET: RequestHandler = ({ locals: { ctx }, params: { request } }) => answered(ctx, request.length > 2 * longest ? new Uint8Array() : decoded(request), true);

export const POST: RequestHandler = async ({ locals: { ctx }, request }) => {
	const body = new Uint8Array(await request.arrayBuffer());
	return answered(ctx, body.length > longest ? new Uint8Array() : body, false);
};
