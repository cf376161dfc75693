// Disposal (NF Z42-020): state and event, then the keys, then every object version. Each step can be resumed; nothing comes back.

import { append } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import type { Context, WorkerContext } from '../context.ts';
import { withActor } from '../context.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import * as safes from '../safes.ts';

/** Disposes of a document: its keys go in the same transaction, its bytes by a job after it. Needs `dispose` and its name typed again. `conflict`: `in-envelope` while it waits to be signed, `consumer-term` with the day until which a consumer may need it (SIGN-18). */
export async function dispose(ctx: Context, input: { readonly document: string; readonly confirmation: string }): Promise<void> {
	const [found] = safes.isId(input.document) ? await ctx.tx((tx) => tx<{ safe: string; name: string }[]>`select safe, name from document where id = ${input.document} and state = 'kept'`) : [];
	if (!found) throw await safes.missing(ctx, 'document', input.document, 'dispose');
	await safes.require(ctx, found.safe, 'dispose');
	await guarded(ctx, { op: 'document.dispose', safe: found.safe, obj: input.document }, async () => {
		if (input.confirmation !== found.name) throw new DomainError('invalid', 'confirmation-differs');
		await ctx.tx(async (tx) => {
			const waiting = await tx`select from envelope where document = ${input.document} and state = 'waiting'`;
			if (waiting.count) throw new DomainError('conflict', 'in-envelope');
			const [{ kept, until }] = await tx<[{ kept: boolean; until: string | null }]>`select k.until > (app.now() at time zone 'Europe/Paris')::date as kept, k.until::text as until from (select app.kept_for_consumers(${input.document}) as until) k`;
			if (kept) throw new DomainError('conflict', until === 'infinity' ? 'consumer-delivery' : 'consumer-term', until === 'infinity' ? {} : { until: until! });
			const { count } = await tx`update document set state = 'disposed', disposed_at = app.now() where id = ${input.document} and state = 'kept'`;
			if (!count) throw new DomainError('not-found', 'document');
			await append(tx, { op: 'document.dispose', safe: found.safe, obj: input.document });
			await tx`update version set wrapped_key = null, destroyed_at = app.now() where document = ${input.document}`;
			await tx`update receipt set wrapped_key = null where version in (select id from version where document = ${input.document})`;
			await tx`delete from first_page where version in (select id from version where document = ${input.document})`;
			await enqueue(tx, 'documents.destroy', { document: input.document });
		});
	});
}

/** The job: removes every object version of a disposed document. A lock that still runs leaves the bytes (which no key opens) to a later try. */
export async function destroy(ctx: WorkerContext, payload: { readonly document: string }): Promise<void> {
	const rows = await ctx.tx(
		(tx) => tx<{ id: string; client: string; safe: string; key: string; version: string }[]>`
			select v.id, v.client, v.safe, v.object_key as key, v.store_version as version from version v
			where v.document = ${payload.document} and v.destroyed_at is not null and v.removed_at is null`
	);
	for (const row of rows) {
		await ctx.objects.remove(row.key, row.version);
		await withActor(ctx, { ...ctx.actor, client: row.client }).tx(async (tx) => {
			const { count } = await tx`update version set removed_at = app.now() where id = ${row.id} and removed_at is null`;
			if (count) await append(tx, { op: 'document.destroy', safe: row.safe, obj: row.id });
		});
	}
}
