import { latestCheckpoint, tile } from '#lib/server/audit/tiles.ts';
import { DomainError } from '#lib/server/errors.ts';
import { problem } from '#lib/server/http.ts';
import type { RequestHandler } from './$types';

const cors = { 'access-control-allow-origin': '*' };

export const GET: RequestHandler = async ({ locals: { ctx }, params: { path } }) => {
	if (path === 'checkpoint') {
		const note = await latestCheckpoint(ctx);
		return note ? new Response(note, { headers: { ...cors, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' } }) : problem(new DomainError('not-found', 'page'));
	}
	try {
		const bytes = await tile(ctx, path);
		return new Response(new Uint8Array(bytes), { headers: { ...cors, 'content-type': 'application/octet-stream', 'cache-control': 'public, max-age=31536000, immutable' } });
	} catch (error) {
		if (error instanceof DomainError) return problem(error);
		throw error;
	}
};
