// Reminders of their own accord: every so many days, those asked are told again, by the link they have; at most five times.

import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { holdEnvelope } from './turnstile.ts';

/** The job; app.unfinished_envelopes says which envelopes are due. Whoever was reminded is not again before the next term. */
export async function remindDue(ctx: WorkerContext, payload: { readonly envelope: string }): Promise<void> {
	const [row] = await ctx.tx((tx) => tx<{ client: string; safe: string }[]>`select client, safe from envelope where id = ${payload.envelope}`);
	if (!row) return;
	await withActor(ctx, { ...ctx.actor, client: row.client }).tx(async (tx) => {
		const held = await holdEnvelope(tx, payload.envelope);
		if (held?.state !== 'waiting' || held.expired) return;
		const due = await tx<{ signer: string; link: string; reminders: number }[]>`
			update signer s set reminders = least(5, floor(extract(epoch from app.now() - s.asked_at) / 86400 / e.remind_days)::int) from envelope e, link l
			where s.envelope = ${payload.envelope} and e.id = s.envelope and l.signer = s.id and l.ended_at is null and app.reminder_due(s, e) returning s.id as signer, l.id as link, s.reminders`;
		for (const { signer, link, reminders } of due) {
			const message = crypto.randomUUID();
			await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${row.client}, 'expiring', 'mail', ${link})`;
			await enqueue(tx, 'messages.send', { message });
			await append(tx, { op: 'envelope.remind', safe: row.safe, obj: payload.envelope, values: { signer, reminder: String(reminders) } });
		}
	});
}
