// Starting, pausing, resuming, retrying and cancelling a bulk: each an event in the transaction that does it. The worker sends.

import { hex } from '#crypto/bytes.ts';
import { append, type Event } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import * as clients from '../clients.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { actsVersion } from '../legal/excluded-acts.ts';
import { find, type Bulk, type BulkState } from './bulk.ts';

interface Held {
	readonly state: BulkState;
	readonly sha256: Uint8Array;
	readonly waiting: number;
	readonly failed: number;
	readonly wrong: number;
}

/** Does it with the bulk's row held; a refusal is an event. Needs `send`. */
async function act(ctx: Context, id: string, op: Event['op'], within: (tx: Tx, bulk: Bulk, held: Held) => Promise<Event['values']>): Promise<void> {
	const bulk = await find(ctx, id);
	await guarded(ctx, { op, safe: bulk.safe, obj: id }, () =>
		ctx.tx(async (tx) => {
			const [row] = await tx<{ state: BulkState; sha256: Uint8Array }[]>`select state, sha256 from bulk where id = ${id} for update`;
			if (!row) throw new DomainError('not-found', 'bulk');
			const [lines] = await tx<[Omit<Held, 'state' | 'sha256'>]>`
				select count(*) filter (where state = 'waiting')::int as waiting, count(*) filter (where state = 'failed')::int as failed, count(*) filter (where problems <> '[]')::int as wrong from bulk_line where bulk = ${id}`;
			await append(tx, { op, safe: bulk.safe, obj: id, values: (await within(tx, bulk, { ...row, ...lines })) ?? {} });
		})
	);
}

const changed = (): DomainError => new DomainError('conflict', 'bulk-state');

/** As one envelope: the client may send, and the warning on excluded acts is confirmed as it stands now. */
async function requireSender(ctx: Context, confirmed: string): Promise<void> {
	if (!(await clients.maySend(ctx))) throw new DomainError('forbidden', 'bulk-not-verified');
	if (confirmed !== actsVersion) throw new DomainError('invalid', 'acts-unconfirmed');
}

async function run(ctx: Context, tx: Tx, id: string, confirmed: string): Promise<void> {
	await tx`update bulk set state = 'running', sender = ${ctx.actor.person}, acts_version = ${confirmed}, started_at = coalesce(started_at, app.now()) where id = ${id}`;
	await enqueue(tx, 'bulks.send', { bulk: id });
}

/** Starts a checked bulk: from here the worker sends it, in the asker's name. `conflict` / `bulk-state`; `invalid` / `bulk-wrong` while a line cannot be sent, `acts-unconfirmed`; `forbidden` / `bulk-not-verified`. */
export const start = (ctx: Context, id: string, confirmed: string): Promise<void> =>
	act(ctx, id, 'bulk.start', async (tx, bulk, held) => {
		if (held.state !== 'checked') throw changed();
		if (held.wrong) throw new DomainError('invalid', 'bulk-wrong');
		await requireSender(ctx, confirmed);
		await run(ctx, tx, id, confirmed);
		return { template: bulk.template.id, number: String(bulk.template.number), lines: String(held.waiting), file: hex(held.sha256), acts: confirmed };
	});

/** Sends no further line; the one being sent is finished. `conflict` / `bulk-state`. */
export const pause = (ctx: Context, id: string): Promise<void> =>
	act(ctx, id, 'bulk.pause', async (tx, _, held) => {
		if (held.state !== 'running' || !held.waiting) throw changed();
		await tx`update bulk set state = 'paused' where id = ${id}`;
		return { waiting: String(held.waiting) };
	});

/** Goes on with a paused bulk, in the asker's name; refused as `start`. */
export const resume = (ctx: Context, id: string, confirmed: string): Promise<void> =>
	act(ctx, id, 'bulk.resume', async (tx, _, held) => {
		if (held.state !== 'paused') throw changed();
		await requireSender(ctx, confirmed);
		await run(ctx, tx, id, confirmed);
		return { waiting: String(held.waiting), acts: confirmed };
	});

/** Tries the failed lines again, in the asker's name; refused as `start`. `conflict` / `bulk-state` when there is none. */
export const retry = (ctx: Context, id: string, confirmed: string): Promise<void> =>
	act(ctx, id, 'bulk.retry', async (tx, _, held) => {
		if ((held.state !== 'running' && held.state !== 'paused') || !held.failed) throw changed();
		await requireSender(ctx, confirmed);
		await tx`update bulk_line set state = 'waiting', reason = null, tries = 0, lease_until = null where bulk = ${id} and state = 'failed'`;
		await run(ctx, tx, id, confirmed);
		return { lines: String(held.failed), acts: confirmed };
	});

/** Sends nothing more of it, for good: what waits or has failed is cancelled, the line being sent is finished, envelopes already sent stay. `conflict` / `bulk-state`. */
export const cancel = (ctx: Context, id: string): Promise<void> =>
	act(ctx, id, 'bulk.cancel', async (tx, _, held) => {
		if ((held.state !== 'running' && held.state !== 'paused') || !(held.waiting + held.failed)) throw changed();
		await tx`update bulk set state = 'cancelled' where id = ${id}`;
		const { count } = await tx`update bulk_line set state = 'cancelled' where bulk = ${id} and (state = 'failed' or state = 'waiting' and (lease_until is null or lease_until <= app.now()) and not exists (select from envelope e where e.id = bulk_line.envelope and e.sent_at is not null))`;
		await enqueue(tx, 'bulks.send', { bulk: id }); // what was being sent when its worker died
		return { lines: String(count) };
	});

/** Forgets a bulk that was never started, with its lines. `conflict` / `bulk-state`. Nothing happened, so there is no event. */
export async function forget(ctx: Context, id: string): Promise<void> {
	await find(ctx, id);
	const { count } = await ctx.tx((tx) => tx`delete from bulk where id = ${id} and state = 'checked'`);
	if (!count) throw changed();
}
