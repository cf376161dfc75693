import * as read from '#lib/server/documents/read.ts';
import { download, rangeOf } from '#lib/server/download.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { ctx }, params, request }) => {
	const whole = await read.open(ctx, params.version);
	const range = rangeOf(request.headers, whole);
	const { bytes, name, mediaType, size, sha256 } = range ? await read.open(ctx, params.version, range) : whole;
	return download(bytes, { name, type: mediaType, size, sha256, range });
};
