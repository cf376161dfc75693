import { keys, latestCheckpoint, stamped, tile, witnessed } from '#lib/server/audit/tiles.ts';
import { DomainError } from '#lib/server/errors.ts';
import { problem } from '#lib/server/http.ts';
import type { RequestHandler } from './$types';

const answer = (body: string | Uint8Array, type: string, caching = 'no-cache') =>
	new Response(typeof body === 'string' ? body : new Uint8Array(body), { headers: { 'access-control-allow-origin': '*', 'content-type': type, 'cache-control': caching } });

export const GET: RequestHandler = async ({ locals: { ctx }, params: { path } }) => {
	try {
		const note = path === 'checkpoint' ? await latestCheckpoint(ctx) : null;
		if (note) return answer(note, 'text/plain; charset=utf-8');
		if (path === 'keys') return answer(await keys(ctx), 'application/json');
		if (path === 'witnessed/checkpoint') return answer(await witnessed(ctx), 'text/plain; charset=utf-8');
		if (path === 'stamped/checkpoint') return answer((await stamped(ctx)).note, 'text/plain; charset=utf-8');
		if (path === 'stamped/checkpoint.tst') return answer((await stamped(ctx)).token, 'application/vnd.etsi.timestamp-token');
		if (path === 'stamped/heads') return answer((await stamped(ctx)).heads, 'application/json');
		return answer(await tile(ctx, path), 'application/octet-stream', 'public, max-age=31536000, immutable');
	} catch (error) {
		if (error instanceof DomainError) return problem(error);
		throw error;
	}
};
