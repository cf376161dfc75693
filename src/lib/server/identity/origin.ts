// A request that no page of ours sent (ARCHITECTURE §8).

import { appendRefusal } from '../audit/append.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { blind } from './attempts.ts';

/** Counts it, and throws `forbidden` / `other-origin`. One event a minute and source says how many there were: whoever makes thousands of browsers ask cannot flood the log. */
export async function refuseOrigin(ctx: Context, source: string): Promise<never> {
	await appendRefusal(ctx, { op: 'request.refuse', safe: null, obj: ctx.actor.client ?? 'instance' }, await blind(ctx, source));
	throw new DomainError('forbidden', 'other-origin');
}
