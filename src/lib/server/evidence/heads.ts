// The hourly proof of the log: the heads of all chains as an entry, then a timestamp (RFC 3161) over the checkpoint that covers it, in the database and the anchor.

import { utf8 } from '#crypto/bytes.ts';
import { digest } from '#crypto/primitives.ts';
import { verifyToken } from '#crypto/tsp/token.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { putToken } from '../audit/anchor.ts';
import { append } from '../audit/append.ts';
import { commitHeads } from '../audit/heads.ts';
import { lineage } from '../audit/log-keys.ts';
import type { WorkerContext } from '../context.ts';
import { TimestampUnavailable } from '../tsa/authority.ts';
import { TimestampRefused } from '../tsa/token.ts';
import { obtainToken } from './timestamp.ts';

interface Covering {
	readonly size: number;
	readonly note: string;
}

/** The latest checkpoint, when it covers the heads of that hour and those still want a timestamp. */
async function covering(ctx: WorkerContext, hour: Date): Promise<Covering | null> {
	const [row] = await ctx.tx(
		(tx) => tx<{ size: string; note: string }[]>`
			select c.size, c.note from log_heads h join log_leaf l on l.event = h.event
			join lateral (select size, note from checkpoint order by size desc limit 1) c on c.size > l.index where h.hour = ${hour} and h.checkpoint is null`
	);
	return row ? { size: Number(row.size), note: row.note } : null;
}

/** A verified token over the note, anchored. One that was anchored before a kill is taken up, when it verifies too. */
async function token(ctx: WorkerContext, { size, note }: Covering): Promise<Uint8Array> {
	const sha256 = digest(ctx.primitives, 'SHA-256', utf8(note));
	const made = await obtainToken(ctx, sha256);
	const kept = await putToken({ store: ctx.anchor, log: (await lineage(ctx)).ordinal }, size, made.token);
	if (kept === made.token) return kept;
	const verdict = await verifyToken(ctx.primitives, kept, { for: { digest: (hash) => (hash === 'SHA-256' ? sha256 : new Uint8Array()) }, anchors: ctx.tsa.anchors.map(readCertificate) });
	if (!verdict.proven) throw new TimestampRefused(`the token anchored for ${size} entries is not one over its checkpoint`);
	return kept;
}

/** The job of an hour. Ends without a timestamp until a checkpoint covers the entry: the sweep brings it back. A failure is an event and comes back with the job's back-off. */
export async function heads(ctx: WorkerContext, payload: { readonly hour: string }): Promise<void> {
	const hour = new Date(payload.hour);
	await commitHeads(ctx, hour);
	const checkpoint = await covering(ctx, hour);
	if (!checkpoint) return;
	const { name } = (await lineage(ctx)).keys[0]!.verifier;
	try {
		const stamped = await token(ctx, checkpoint);
		await ctx.tx(async (tx) => {
			const { count } = await tx`
				update log_heads set checkpoint = ${checkpoint.size} from log_leaf l where l.event = log_heads.event and l.index < ${checkpoint.size} and checkpoint is null`;
			if (!count) return; // another worker was faster
			await tx`update checkpoint set token = ${stamped} where size = ${checkpoint.size} and token is null`;
			await append(tx, { op: 'log.timestamp', safe: null, obj: name, values: { size: String(checkpoint.size), quality: ctx.tsa.quality.kind } });
		});
	} catch (error) {
		if (!(error instanceof TimestampUnavailable || error instanceof TimestampRefused)) throw error;
		await ctx.tx((tx) => append(tx, { op: 'log.timestamp', safe: null, obj: name, res: 'error', values: { reason: error.message.slice(0, 500) } }));
		throw error;
	}
}
