// Timestamps: asked of the authority, verified, and only then stored. Down: the state stays pending and the job comes back.

import type { HashName } from '#crypto/primitives.ts';
import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { requireRightClock } from '../clock.ts';
import { healthOf, type Health } from '../health.ts';
import { askAuthority } from './authority.ts';
import { failureOf } from './failure.ts';

/** A verified token over a digest, SHA-256 unless told. `health`: where the caller has just read it. Throws TimestampUnavailable (ClockOff among them) or TimestampRefused. */
export async function obtainToken(ctx: Pick<WorkerContext, 'primitives' | 'tsa' | 'tx'>, imprint: Uint8Array, hash: HashName = 'SHA-256', health?: readonly Health[]): ReturnType<typeof askAuthority> {
	const known = health ?? (await ctx.tx(healthOf));
	requireRightClock(known);
	return askAuthority(ctx, imprint, hash, known);
}

/** The job: stamps a version once. A failure is an event, stays with the version for its people to see, and comes back with the job's back-off. */
export async function timestamp(ctx: WorkerContext, payload: { readonly version: string }): Promise<void> {
	const [version] = await ctx.tx(
		(tx) => tx<{ id: string; client: string; safe: string; sha256: Uint8Array }[]>`
			select id, client, safe, sha256 from version v where id = ${payload.version} and not exists (select from timestamp_token t where t.version = v.id)`
	);
	if (!version) return;
	const own = withActor(ctx, { ...ctx.actor, client: version.client });
	try {
		const { token, verdict } = await obtainToken(ctx, version.sha256);
		await own.tx(async (tx) => {
			await tx`select pg_advisory_xact_lock(hashtextextended(${version.id}, 0))`;
			const there = await tx`select from timestamp_token where version = ${version.id}`;
			if (there.count) return;
			const event = await append(tx, { op: 'document.timestamp', safe: version.safe, obj: version.id, values: { quality: ctx.tsa.quality.kind } });
			await tx`insert into timestamp_token (version, client, safe, token, gen_time, quality, authority, event)
				values (${version.id}, ${version.client}, ${version.safe}, ${token}, ${new Date(verdict.tstInfo!.genTime)}, ${tx.json({ ...ctx.tsa.quality })}, ${ctx.tsa.name}, ${event.id})`;
			await enqueue(tx, 'evidence.receipt', { version: version.id });
		});
	} catch (error) {
		const failure = failureOf(error);
		if (!failure) throw error;
		await own.tx(async (tx) => {
			await tx`update version set stamp_failure = ${failure} where id = ${version.id}`;
			await append(tx, { op: 'document.timestamp', safe: version.safe, obj: version.id, res: 'error', values: { reason: (error as Error).message.slice(0, 500) } });
		});
		throw error;
	}
}
