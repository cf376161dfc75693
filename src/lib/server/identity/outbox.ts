// What development would have sent; the worker's outbox driver writes it. Production has none.

import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';

export interface Kept {
	readonly id: string;
	readonly channel: 'mail' | 'sms';
	readonly recipient: string;
	readonly subject: string | null;
	readonly body: string;
	/** Whether there is HTML too (`outboxHtml`). */
	readonly html: boolean;
	/** In whose name, and where an answer goes; null: our own. */
	readonly sender: string | null;
	readonly replyTo: string | null;
}

/** The last hundred messages, newest first. `not-found` in production. */
export async function outbox(ctx: Context): Promise<Kept[]> {
	if (ctx.settings.production) throw new DomainError('not-found', 'page');
	return ctx.tx((tx) => tx<Kept[]>`select id, channel, recipient, subject, body, html is not null as html, sender, reply_to as "replyTo" from outbox order by at desc, id limit 100`);
}

/** The HTML of one. `not-found` in production. */
export async function outboxHtml(ctx: Context, id: string): Promise<string> {
	const [row] = ctx.settings.production ? [] : await ctx.tx((tx) => tx<{ html: string | null }[]>`select html from outbox where id::text = ${id}`);
	if (!row?.html) throw new DomainError('not-found', 'page');
	return row.html;
}
