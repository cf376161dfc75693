// What is tried, and may be refused: a refusal of the domain is an event with its reason (LOG-1).

import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { appendRefusal, type Event } from './append.ts';

/** Does it; a DomainError is written as the refusal of `event`, in a transaction of its own, before it leaves. Other errors are bugs or outages, and no refusals. */
export async function guarded<T>(ctx: Context, event: Event, act: () => Promise<T>, source?: string): Promise<T> {
	try {
		return await act();
	} catch (error) {
		if (error instanceof DomainError) await appendRefusal(ctx, { ...event, values: { ...event.values, reason: error.reason } }, source);
		throw error;
	}
}
