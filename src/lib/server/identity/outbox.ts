// What development would have sent; the worker's outbox driver writes it. Production has none.

import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';

export interface Kept {
	readonly id: string;
	readonly channel: 'mail' | 'sms';
	readonly recipient: string;
	readonly subject: string | null;
	readonly body: string;
}

/** The last hundred messages, newest first. `not-found` in production. */
export async function outbox(ctx: Context): Promise<Kept[]> {
	if (ctx.settings.production) throw new DomainError('not-found', 'page');
	return ctx.tx((tx) => tx<Kept[]>`select id, channel, recipient, subject, body from outbox order by at desc, id limit 100`);
}
