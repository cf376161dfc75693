// Completion: the document made to last (B-LTA), archived as its last version, everyone notified. And the end of what nobody signed in time.

import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { addVersion } from '../documents/deposit.ts';
import { bytesOf } from '../documents/read.ts';
import { archive } from '../evidence/archive.ts';
import { preserve } from '../evidence/renew.ts';
import { remoteAnchors } from '../evidence/trust.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { closeDoors } from './send.ts';
import { answers } from './one-time.ts';
import { holdEnvelope } from './turnstile.ts';

interface Row {
	readonly client: string;
	readonly safe: string;
	readonly document: string;
	readonly current: string;
	readonly now: Date;
}

/** The signed document for everyone who took part, copies too; the worker finds the bytes when it sends, and waits a little for the attestations. */
async function notifySigners(tx: Tx, client: string, envelope: string): Promise<void> {
	const signers = await tx<{ id: string }[]>`select id from signer where envelope = ${envelope} and state not in ('spared', 'declined')`;
	for (const { id } of signers) {
		const message = crypto.randomUUID();
		await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${client}, 'signed-copy', 'mail', ${id})`;
		await enqueue(tx, 'messages.send', { message });
	}
}

async function archived(own: WorkerContext, row: Row, envelope: string): ReturnType<typeof archive> {
	const signed = await bytesOf(own, row.current);
	try {
		return await archive(own, signed, row.now.getTime(), await answers(own, envelope, row.now.getTime()), await own.tx((tx) => remoteAnchors(tx, row.document)));
	} catch (error) {
		const reason = (error as Error).message.slice(0, 500);
		await own.tx(async (tx) => {
			await tx`update envelope set awaits = ${reason} where id = ${envelope} and state = 'waiting'`;
			await append(tx, { op: 'envelope.complete', safe: row.safe, obj: envelope, res: 'error', values: { reason } });
		});
		throw error;
	}
}

/** The job, once everyone asked has signed or approved. Does nothing when it is complete already. What cannot be had now leaves it waiting: an event says so, and the job comes back. */
export async function complete(ctx: WorkerContext, payload: { readonly envelope: string }): Promise<void> {
	const [row] = await ctx.tx(
		(tx) => tx<Row[]>`
			select client, safe, document, current_version as current, app.now() as now from envelope e
			where id = ${payload.envelope} and state = 'waiting' and not exists (select from signer s where s.envelope = e.id and s.due)`
	);
	if (!row) return;
	const own = withActor(ctx, { ...ctx.actor, client: row.client });
	const { bytes, level, until } = await archived(own, row, payload.envelope);
	await addVersion(own, { document: row.document, client: row.client, safe: row.safe, parent: row.current, bytes }, async (tx, version) => {
		const { count } = await tx`update envelope set state = 'completed', closed_at = app.now(), proof_level = ${level}, awaits = null, current_version = ${version} where id = ${payload.envelope} and current_version = ${row.current} and state = 'waiting'`;
		if (!count) throw new Error('the envelope moved while it was completed');
		await append(tx, { op: 'envelope.complete', safe: row.safe, obj: payload.envelope, values: { level } });
		await preserve(tx, { document: row.document, client: row.client, safe: row.safe, version, until: new Date(until) });
		await enqueue(tx, 'signed-copies.attest', { envelope: payload.envelope });
		await notifySigners(tx, row.client, payload.envelope);
	});
}

/** The job: closes an envelope past its term, unless it waits for nobody. */
export async function expire(ctx: WorkerContext, payload: { readonly envelope: string }): Promise<void> {
	const [row] = await ctx.tx((tx) => tx<{ client: string; safe: string }[]>`select client, safe from envelope where id = ${payload.envelope}`);
	if (!row) return;
	await withActor(ctx, { ...ctx.actor, client: row.client }).tx(async (tx) => {
		const held = await holdEnvelope(tx, payload.envelope);
		if (!held || held.signing) return;
		const { count } = await tx`
			update envelope e set state = 'expired', closed_at = app.now() where id = ${payload.envelope} and state = 'waiting' and expires_at <= app.now()
			and exists (select from signer s where s.envelope = e.id and s.due)`;
		if (!count) return;
		await closeDoors(tx, row.client, payload.envelope);
		await append(tx, { op: 'envelope.expire', safe: row.safe, obj: payload.envelope });
	});
}
