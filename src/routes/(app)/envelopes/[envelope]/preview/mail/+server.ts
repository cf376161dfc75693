import { pageOfMail } from '#lib/server/download.ts';
import { preview } from '#lib/server/envelopes/preview.ts';
import type { RequestHandler } from './$types';

/** The invitation of one signer as its reader sees it, for the frame of the page above. */
export const GET: RequestHandler = async ({ locals: { ctx }, params, url }) => pageOfMail((await preview(ctx, params.envelope, url.searchParams.get('signer') ?? '')).mail.html);
