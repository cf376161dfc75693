import { wholeTexts } from '#lib/server/envelopes/agreed.ts';
import { entered } from '#lib/server/envelopes/embedding.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, cookies, params }) => Response.json(await wholeTexts(await entered(locals.ctx, cookies, params.signer)), { headers: { 'cache-control': 'no-store' } });
