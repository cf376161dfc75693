import { wholeTexts } from '#lib/server/envelopes/agreed.ts';
import { inside } from '#lib/server/envelopes/door.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, cookies, params }) => Response.json(await wholeTexts(await inside(locals.ctx, cookies.get('__Host-signing') ?? null, params.signer)), { headers: { 'cache-control': 'no-store' } });
