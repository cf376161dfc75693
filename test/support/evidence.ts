// The data of an evidence file, once everything it needs was timestamped and covered by a checkpoint.

import { assign } from '#lib/server/audit/sequence.ts';
import { lineage } from '#lib/server/audit/log-keys.ts';
import { publish } from '#lib/server/audit/checkpoint.ts';
import { withActor, type WorkerContext } from '#lib/server/context.ts';
import { closedEnvelope, collect, type Dossier } from '#lib/server/envelopes/dossier.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import type { World } from './world.ts';

/** Of a closed envelope. */
export async function evidenceOf(worker: WorkerContext, world: World, envelope: string): Promise<Dossier> {
	for (const { id } of await world.owner<{ id: string }[]>`select v.id from version v where not exists (select from timestamp_token t where t.version = v.id)`) await timestamp(worker, { version: id });
	await lineage(worker);
	while (await assign(worker));
	await publish(worker);
	const row = (await closedEnvelope(worker, envelope))!;
	return collect(withActor(worker, { ...worker.actor, client: row.client }), envelope, row, worker.signing.root.certificate);
}
