// A typed code judged, and the signature it asks for queued by itself: the worker makes it in the same job, a test may want what lies between.

import type { WorkerContext } from '#lib/server/context.ts';
import { accept } from '#lib/server/envelopes/accept.ts';
import { enqueue } from '#lib/server/jobs/enqueue.ts';

export async function accepted(worker: WorkerContext, payload: { readonly attempt: string }): Promise<void> {
	const intent = await accept(worker, payload);
	if (intent) await worker.tx((tx) => enqueue(tx, 'envelopes.sign', { intent }));
}
