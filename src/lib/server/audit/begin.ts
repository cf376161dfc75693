// A new log, when the old one cannot go on: its entries are lost, or the database contradicts what was signed. Its first entry is the old log's last checkpoint.
// Under the owner's connection: it alone may put the old leaves aside. The guard is off inside that transaction only, under a lock: no other ever sees it off.

import { CryptoError } from '#crypto/errors.ts';
import { formatVerifier } from '#crypto/tlog/note.ts';
import { readBody } from '#crypto/tlog/entry.ts';
import type { WorkerContext } from '../context.ts';
import { DomainError } from '../errors.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import { LogSplit, newestLog } from './anchor.ts';
import { append } from './append.ts';
import { anchored, publish } from './checkpoint.ts';
import { lineage } from './log-keys.ts';
import { recover } from './recover.ts';
import { addLeaves, requeue } from './sequence.ts';

/** What no worker signs on: a database and an anchor that disagree, or an anchor that holds what nobody signed. An anchor that cannot be read, or a key that is not here, may come back. */
const final = (error: unknown): error is LogSplit | CryptoError => error instanceof LogSplit || error instanceof CryptoError;

/** Throws `conflict` / `log-goes-on` unless the log as it stands is one that no worker signs. */
async function requireSplit(ctx: WorkerContext): Promise<string> {
	try {
		await recover(ctx);
		await publish(ctx);
	} catch (error) {
		if (final(error)) return error.message;
		throw error;
	}
	throw new DomainError('conflict', 'log-goes-on');
}

/** The last checkpoint anchored of the old log; null when there is none that it signed, or the anchor has a log after it already. */
async function lastAnchored(ctx: WorkerContext): Promise<string | null> {
	try {
		return (await anchored(ctx)).latest?.note ?? null;
	} catch (error) {
		if (final(error)) return null;
		throw error;
	}
}

/** Begins a log under a name of its own. Answers its verifier line, and why the old one ended. Every event gets a leaf in it; the old leaves and checkpoints are kept beside. */
export async function beginLog(ctx: WorkerContext): Promise<{ readonly line: string; readonly why: string }> {
	const why = await requireSplit(ctx);
	const { ordinal } = await lineage(ctx);
	const latest = await lastAnchored(ctx);
	const name = `${ctx.signing.log.name}-${Math.max(ordinal, await newestLog(ctx.anchor)) + 1}`;
	const line = formatVerifier(nodePrimitives, { name, key: ctx.signing.log.publicKey });
	await ctx.tx(async (tx) => {
		const [last] = await tx<{ note: string }[]>`select note from checkpoint order by size desc limit 1`;
		const started = await append(tx, { op: 'log.started', safe: null, obj: name, values: { checkpoint: latest ?? last?.note ?? '' } });
		await tx`insert into former_leaf select ${ordinal}::int, index, event, safe, seq, prev, leaf from log_leaf`;
		await tx`insert into former_checkpoint select ${ordinal}::int, size, root, note, at, token, cosignatures from checkpoint`;
		for (const table of ['log_leaf', 'log_node']) await tx`alter table ${tx(table)} disable trigger append_only`;
		await tx`delete from witness`; // it has seen nothing of a log of this name
		await tx`delete from log_heads`;
		for (const table of ['log_leaf', 'log_node', 'checkpoint']) await tx`delete from ${tx(table)}`;
		for (const table of ['log_leaf', 'log_node']) await tx`alter table ${tx(table)} enable trigger append_only`;
		await tx`update log_head set size = 0`;
		await tx`insert into log_key (number, verifier) select coalesce(max(number), 0) + 1, ${line} from log_key`;
		const [event] = await tx<[{ id: string; body: Uint8Array }]>`select id, body from event where id = ${started.id}`;
		await addLeaves(tx, 0, [{ event: event.id, body: event.body, safe: readBody(event.body).safe }]);
	});
	await requeue(ctx);
	return { line, why };
}
