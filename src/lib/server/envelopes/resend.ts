// A message that could not be sent, sent again by the sender of the envelope: the same words and the same link, as another message.

import { append, appendRefusal } from '../audit/append.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import * as safes from '../safes.ts';
import { find } from './send.ts';

const perHour = 3;

/**
 * Sends anew what failed, to a signer of the envelope; the failed one stays as it is, in the evidence too. Needs `send`.
 * `not-found` / `message` for one that is not of that envelope; `conflict` / `not-failed` when it is under way, sent, or was sent anew; `too-many` / `resends`.
 */
export async function resend(ctx: Context, id: string, message: string): Promise<void> {
	const envelope = await find(ctx, id, 'send');
	if (!safes.isId(message)) throw new DomainError('not-found', 'message');
	try {
		await ctx.tx(async (tx) => {
			const [row] = await tx<{ client: string; kind: string; subject: string; signer: string }[]>`
				select m.client, m.kind, m.subject, s.id as signer from message m join signer s on s.id = m.subject or s.id = (select l.signer from link l where l.id = m.subject)
				where m.id = ${message} and m.channel = 'mail' and s.envelope = ${id} for no key update of s`;
			if (!row) throw new DomainError('not-found', 'message');
			const { count } = await tx`select from message m where m.id = ${message} and m.state = 'failed' and not exists (select from message n where n.subject = m.subject and n.kind = m.kind and n.created_at > m.created_at)`;
			if (!count) throw new DomainError('conflict', 'not-failed');
			const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`resend:${row.signer}`}, interval '1 hour') as n`;
			if (n > perHour) throw new DomainError('too-many', 'resends', { retryAfter: 3600 });
			const anew = crypto.randomUUID();
			await tx`insert into message (id, client, kind, channel, subject) values (${anew}, ${row.client}, ${row.kind}, 'mail', ${row.subject})`;
			await enqueue(tx, 'messages.send', { message: anew });
			await append(tx, { op: 'message.resend', safe: envelope.safe, obj: row.signer, values: { kind: row.kind, failed: message, anew } });
		});
	} catch (error) {
		if (error instanceof DomainError) await appendRefusal(ctx, { op: 'message.resend', safe: envelope.safe, obj: id, values: { reason: error.reason } });
		throw error;
	}
}
