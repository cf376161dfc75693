// Copies that can be signed (SAFE-21): asked for by a sender, made by the worker, looked at and approved before anyone is asked to sign. The original is kept.

import { append, appendRefusal } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import * as safes from '../safes.ts';
import { maximumSigned } from '../envelopes/prepare.ts';
import { mayFlatten, type Failure } from './flatten.ts';

export type CopyState = 'waiting' | 'made' | 'approved' | 'refused' | 'failed';
export interface Copy {
	readonly id: string;
	readonly safe: string;
	readonly state: CopyState;
	readonly failure: Failure | null;
	/** What it is made of. */
	readonly original: { readonly document: string; readonly version: string; readonly name: string };
	/** The copy and its only version; null until it is made. */
	readonly copy: { readonly document: string; readonly version: string; readonly name: string; readonly size: number; /** Hexadecimal. */ readonly sha256: string } | null;
	readonly createdAt: Date;
}

/** A copy that was asked for. Needs `send`. `not-found` / `copy`. */
export async function find(ctx: Context, id: string): Promise<Copy> {
	const [row] = safes.isId(id)
		? await ctx.tx(
				(tx) => tx<Copy[]>`
					select k.id, k.safe, k.state, k.failure, k.created_at as "createdAt", jsonb_build_object('document', d.id, 'version', v.id, 'name', d.name) as original,
						(select jsonb_build_object('document', m.id, 'version', w.id, 'name', m.name, 'size', w.size, 'sha256', encode(w.sha256, 'hex')) from document m join version w on w.document = m.id where m.id = k.document order by w.number limit 1) as copy
					from conversion k join version v on v.id = k.source join document d on d.id = v.document where k.id = ${id}`
			)
		: [];
	if (!row) throw await safes.missing(ctx, 'copy', id, 'send');
	await safes.require(ctx, row.safe, 'send');
	return row;
}

/** Asks for a copy of a document's last version; answers its id, of the one under way when there is one. Needs `send` and `deposit`. `invalid`: `copy-type`, `copy-large`. */
export async function askForCopy(ctx: Context, document: string): Promise<string> {
	const [from] = safes.isId(document)
		? await ctx.tx(
				(tx) => tx<{ client: string; safe: string; version: string; size: string; type: string }[]>`
					select d.client, d.safe, v.id as version, v.size, v.media_type as type from document d
					cross join lateral (select id, size, media_type from version where document = d.id order by number desc limit 1) v where d.id = ${document} and d.state = 'kept' and d.kind = 'document'`
			)
		: [];
	if (!from) throw await safes.missing(ctx, 'document', document, 'send');
	await safes.require(ctx, from.safe, 'send');
	await safes.require(ctx, from.safe, 'deposit');
	const reason = !mayFlatten(from.type) ? 'copy-type' : Number(from.size) > maximumSigned ? 'copy-large' : null;
	if (reason) {
		await appendRefusal(ctx, { op: 'document.convert', safe: from.safe, obj: document, values: { reason } });
		throw new DomainError('invalid', reason);
	}
	return ctx.tx(async (tx) => {
		const id = crypto.randomUUID();
		await tx`insert into conversion (id, client, safe, source, created_by) values (${id}, ${from.client}, ${from.safe}, ${from.version}, ${ctx.actor.person}) on conflict do nothing`;
		const [live] = await tx<[{ id: string; state: CopyState }]>`select id, state from conversion where source = ${from.version} and state in ('waiting', 'made')`;
		if (live.id === id) await enqueue(tx, 'documents.convert', { conversion: id });
		return live.id;
	});
}

/** The sender has looked at the copy: it may be signed, or it goes no further. Needs `send`. `conflict` / `copy-state` when that was decided, or there is none yet. */
export async function decideCopy(ctx: Context, id: string, verdict: 'approved' | 'refused'): Promise<void> {
	const { safe } = await find(ctx, id);
	await guarded(ctx, { op: 'document.approve-copy', safe, obj: id }, () => ctx.tx(async (tx) => {
		const [decided] = await tx<{ document: string }[]>`update conversion set state = ${verdict}, decided_by = ${ctx.actor.person}, decided_at = app.now() where id = ${id} and state = 'made' returning document`;
		if (!decided) throw new DomainError('conflict', 'copy-state');
		await append(tx, { op: 'document.approve-copy', safe, obj: decided.document, res: verdict === 'approved' ? 'ok' : 'denied' });
	}));
}
