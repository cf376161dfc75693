// Three days before the term: those invited who have not signed and want reminders are told, and the sender. The link they have keeps working.

import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { holdEnvelope } from './turnstile.ts';

/** The job; once per envelope, and never for one whose whole term was shorter than the warning (app.unfinished_envelopes says which are due). */
export async function warn(ctx: WorkerContext, payload: { readonly envelope: string }): Promise<void> {
	const [row] = await ctx.tx((tx) => tx<{ client: string; safe: string }[]>`select client, safe from envelope where id = ${payload.envelope}`);
	if (!row) return;
	await withActor(ctx, { ...ctx.actor, client: row.client }).tx(async (tx) => {
		await holdEnvelope(tx, payload.envelope);
		const { count } = await tx`update envelope set warned_at = app.now() where id = ${payload.envelope} and state = 'waiting' and warned_at is null and expires_at > app.now() and expires_at <= app.now() + interval '3 days'`;
		if (!count) return;
		const links = await tx<{ id: string }[]>`select l.id from link l join signer s on s.id = l.signer where s.envelope = ${payload.envelope} and s.state in ('invited', 'opened') and l.ended_at is null and not app.reminders_stopped(s) order by s.position`;
		for (const [kind, subject] of [...links.map(({ id }) => ['expiring', id] as const), ['unsigned', payload.envelope] as const]) {
			const message = crypto.randomUUID();
			await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${row.client}, ${kind}, 'mail', ${subject})`;
			await enqueue(tx, 'messages.send', { message });
		}
		await append(tx, { op: 'envelope.warn', safe: row.safe, obj: payload.envelope });
	});
}
