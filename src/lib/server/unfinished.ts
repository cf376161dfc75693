// What the domain's rows say is still to be done. Jobs are hints: every five seconds whatever has no job gets one again.

import type { WorkerContext } from './context.ts';
import { sweep as sweepDocuments } from './documents/sweep.ts';
import { due as renewalsDue } from './evidence/renew.ts';
import { recordsDue } from './evidence/renew-records.ts';
import type { Task } from './jobs/allowed.ts';
import { ensure } from './jobs/enqueue.ts';
import { countRefusals } from './audit/refusals.ts';
import { lookDue } from './health.ts';
import { witnessesDue } from './audit/witness.ts';

/** Re-enqueues unfinished work and removes orphans. */
export async function sweep(ctx: WorkerContext): Promise<void> {
	const due = await ctx.tx(
		(tx) => tx<{ task: Task; name: string; id: string }[]>`
			select u.task, case u.task when 'envelopes.attempt' then 'attempt' when 'envelopes.sign' then 'intent' else 'envelope' end as name, u.id from app.unfinished_envelopes() u
			union all select 'bulks.send', 'bulk', b.id from bulk b where b.state in ('running', 'cancelled') and exists (select from bulk_line l where l.bulk = b.id and l.state = 'waiting' and (l.lease_until is null or l.lease_until <= app.now()))
			union all select k.task, 'check', k.id from app.unfinished_identity_checks() k
			union all select k.task, case k.task when 'signed-copies.attempt' then 'attempt' else 'envelope' end, k.id from app.unfinished_signed_copies() k
			union all select w.task, 'withdrawal', w.id from app.unfinished_withdrawals() w
			union all select 'envelopes.complete', 'envelope', e.id from envelope e where e.state = 'waiting' and not exists (select from signer s where s.envelope = e.id and s.due)
			union all select 'evidence.timestamp', 'version', v.id from version v where v.wrapped_key is not null and not exists (select from timestamp_token t where t.version = v.id)
			union all select 'documents.destroy', 'document', v.document from version v where v.destroyed_at is not null and v.removed_at is null
			union all select 'documents.convert', 'conversion', k.id from conversion k where k.state = 'waiting'
			union all select 'messages.delivery', 'message', m.id from message m where m.next_look <= app.now() limit 500`
	);
	await ctx.tx((tx) => ensure(tx, due.map(({ task, name, id }) => ({ task, ids: { [name]: id } }))));
	await ctx.tx(async (tx) => ensure(tx, (await renewalsDue(tx, ctx.settings.renewDays)).map(({ document }) => ({ task: 'evidence.renew', ids: { document } }))));
	await ctx.tx(async (tx) => ensure(tx, (await recordsDue(tx, ctx.settings)).map(({ client }) => ({ task: 'evidence.records', ids: { client } }))));
	await messagesDue(ctx);
	await headsDue(ctx);
	const witnesses = await witnessesDue(ctx);
	await ctx.tx((tx) => ensure(tx, witnesses.map((witness) => ({ task: 'log.witness', ids: { witness } }))));
	const parts = await lookDue(ctx);
	await ctx.tx((tx) => ensure(tx, parts.map((part) => ({ task: 'instance.look', ids: { part } }))));
	await receiptsDue(ctx);
	await countRefusals(ctx);
	await sweepDocuments(ctx);
	await ctx.tx((tx) => tx`delete from bulk where state = 'checked' and created_at < app.now() - interval '1 day'`);
}

/** Enqueues what is to be sent: on its own, so that a backlog of other work keeps no message back. */
async function messagesDue(ctx: WorkerContext): Promise<void> {
	await ctx.tx(async (tx) => {
		const due = await tx<{ id: string }[]>`select id from message where state = 'waiting' and next_try <= app.now() order by next_try limit 500`;
		await ensure(tx, due.map(({ id }) => ({ task: 'messages.send', ids: { message: id } })));
	});
}

/** Enqueues the receipts whose deposit a checkpoint now covers, and the attestations that waited for one. */
export async function receiptsDue(ctx: WorkerContext): Promise<void> {
	await ctx.tx(async (tx) => {
		const due = await tx<{ id: string }[]>`
			select v.id from version v join timestamp_token t on t.version = v.id join log_leaf l on l.event = v.event
			where v.number = 1 and v.wrapped_key is not null and l.index < (select max(size) from checkpoint) and not exists (select from receipt r where r.version = v.id) limit 500`;
		await ensure(tx, due.map(({ id }) => ({ task: 'evidence.receipt', ids: { version: id } })));
		const waiting = await tx<{ task: Task; id: string }[]>`select task, id from app.unfinished_signed_copies() where task = 'signed-copies.attest' limit 500`;
		await ensure(tx, waiting.map(({ task, id }) => ({ task, ids: { envelope: id } })));
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
