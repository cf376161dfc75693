// What the domain's rows say is still to be done. Jobs are hints: every five seconds whatever has no job gets one again.

import type { WorkerContext } from './context.ts';
import { sweep as sweepDocuments } from './documents/sweep.ts';
import type { Task } from './jobs/allowed.ts';
import { ensure } from './jobs/enqueue.ts';
import { countRefusals } from './audit/refusals.ts';
import { witnessesDue } from './audit/witness.ts';

/** Re-enqueues unfinished work and removes orphans. */
export async function sweep(ctx: WorkerContext): Promise<void> {
	const due = await ctx.tx(
		(tx) => tx<{ task: Task; name: string; id: string }[]>`
			select u.task, case u.task when 'envelopes.attempt' then 'attempt' when 'envelopes.sign' then 'intent' else 'envelope' end as name, u.id from app.unfinished_envelopes() u
			union all select k.task, 'check', k.id from app.unfinished_identity_checks() k
			union all select 'envelopes.complete', 'envelope', e.id from envelope e where e.state = 'waiting' and not exists (select from signer s where s.envelope = e.id and s.due)
			union all select 'evidence.timestamp', 'version', v.id from version v where v.wrapped_key is not null and not exists (select from timestamp_token t where t.version = v.id)
			union all select 'documents.destroy', 'document', v.document from version v where v.destroyed_at is not null and v.removed_at is null
			union all select 'messages.send', 'message', m.id from message m where m.state = 'waiting' limit 500`
	);
	await ctx.tx((tx) => ensure(tx, due.map(({ task, name, id }) => ({ task, ids: { [name]: id } }))));
	await headsDue(ctx);
	const witnesses = await witnessesDue(ctx);
	await ctx.tx((tx) => ensure(tx, witnesses.map((witness) => ({ task: 'log.witness', ids: { witness } }))));
	await receiptsDue(ctx);
	await countRefusals(ctx);
	await sweepDocuments(ctx);
}

/** Enqueues the receipts whose deposit a checkpoint now covers. */
export async function receiptsDue(ctx: WorkerContext): Promise<void> {
	await ctx.tx(async (tx) => {
		const due = await tx<{ id: string }[]>`
			select v.id from version v join timestamp_token t on t.version = v.id join log_leaf l on l.event = v.event
			where v.number = 1 and v.wrapped_key is not null and l.index < (select max(size) from checkpoint) and not exists (select from receipt r where r.version = v.id) limit 500`;
		await ensure(tx, due.map(({ id }) => ({ task: 'evidence.receipt', ids: { version: id } })));
	});
}

/** Enqueues the heads of this hour, and of hours whose checkpoint has no timestamp yet. */
async function headsDue(ctx: WorkerContext): Promise<void> {
	const due = await ctx.tx(
		(tx) => tx<{ hour: Date }[]>`
			select hour from log_heads where checkpoint is null
			union select date_trunc('hour', app.now(), 'UTC') from log_head where size > 0 and not exists (select from log_heads where hour = date_trunc('hour', app.now(), 'UTC')) limit 100`
	);
	await ctx.tx((tx) => ensure(tx, due.map(({ hour }) => ({ task: 'log.heads', ids: { hour: hour.toISOString() } }))));
}
