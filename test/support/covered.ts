// What attestations and evidence files wait for: a log that covers what happened, and the timestamps of an envelope's versions.

import { publish } from '#lib/server/audit/checkpoint.ts';
import { lineage } from '#lib/server/audit/log-keys.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import type { WorkerContext } from '#lib/server/context.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import type { World } from './world.ts';

/** Brings it about. */
export async function cover(world: World, worker: WorkerContext, envelope: string): Promise<void> {
	const bare = await world.owner<{ id: string }[]>`select v.id from version v join envelope e on v.id in (e.base_version, e.current_version) where e.id = ${envelope} and not exists (select from timestamp_token t where t.version = v.id)`;
	for (const { id } of bare) await timestamp(worker, { version: id });
	await lineage(worker);
	while (await assign(worker));
	await publish(worker);
}
