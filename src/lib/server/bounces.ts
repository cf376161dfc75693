// Mails that came back, or arrived: told by their carrier at an address with a secret of the message's own, or handed in by the operator's mail server as it received it (RFC 3464).

import { createHash, timingSafeEqual } from 'node:crypto';
import { withActor, type Context } from './context.ts';
import { conclude, reportDelivery } from './delivery.ts';
import { DomainError } from './errors.ts';
import { readNotification, reasonOf, reasons, type Reason } from './mail/dsn.ts';

const isReason = (text: string): text is Reason => (reasons as readonly string[]).includes(text);

/** A carrier's report. `reason`: one of our words, or an enhanced status code. `not-found` / `message` without the message's secret. */
export async function reportMail(ctx: Context, message: string, secret: string, said: { readonly state: 'delivered' | 'undelivered'; readonly reason: string | null; readonly detail: string | null }): Promise<void> {
	const reason = said.state === 'delivered' ? null : isReason(said.reason ?? '') ? (said.reason as Reason) : reasonOf(said.reason ?? said.detail ?? '');
	await reportDelivery(ctx, message, secret, { state: said.state, detail: said.detail ?? said.reason, reason });
}

const same = (one: string, other: string): boolean => timingSafeEqual(...([one, other].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer]));

/**
 * What came back to the address of bounces. One that says nothing final (delayed, relayed) changes nothing.
 * `not-found` / `page` where no token is set, `unauthenticated` / `bounce-token`, `invalid` / `notification` for what is none, `not-found` / `message` for one that is not ours.
 */
export async function handIn(ctx: Context, token: string, came: { readonly raw: Uint8Array; readonly type: string }): Promise<void> {
	const { bounceToken } = ctx.settings;
	if (!bounceToken) throw new DomainError('not-found', 'page');
	if (!same(token, bounceToken)) throw new DomainError('unauthenticated', 'bounce-token');
	const found = readNotification(came.raw, came.type);
	if (!found) throw new DomainError('invalid', 'notification');
	const [row] = await ctx.tx((tx) => tx<{ client: string | null }[]>`select client from app.mail_by_id(${found.message})`);
	if (!row) throw new DomainError('not-found', 'message');
	const { state, status } = found;
	if (state) await withActor(ctx, { person: null, client: row.client, via: 'link' }).tx((tx) => conclude(tx, found.message, { state, detail: status, reason: state === 'undelivered' ? reasonOf(status ?? '') : null }));
}
