import { picture } from '#lib/server/download.ts';
import { openImage } from '#lib/server/identity-check/queue.ts';
import type { RequestHandler } from './$types';

/** An image of an identity document. Each look is an event; the browser keeps nothing. */
export const GET: RequestHandler = async ({ locals: { ctx }, params, url }) => {
	const { bytes, mediaType } = await openImage(ctx, { check: params.check, image: params.image, why: url.searchParams.get('why') ?? '' });
	return picture(bytes, mediaType);
};
