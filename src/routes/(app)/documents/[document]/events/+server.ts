import { metadata } from '#lib/server/documents/read.ts';
import { follow } from '#lib/server/follow.ts';
import { requireAlive } from '#lib/server/identity/sessions.ts';
import type { RequestHandler } from './$types';

/** What a document still waits for, version by version. */
export const GET: RequestHandler = ({ locals: { ctx, session }, params }) =>
	follow(ctx, params.document, async () => {
		await requireAlive(ctx, session);
		const { state, versions } = await metadata(ctx, params.document);
		return { state, versions: versions.map((v) => ({ id: v.id, timestamp: v.timestamp !== null, stampFailure: v.stampFailure, receipt: v.receipt, leaf: v.leaf?.index ?? null })) };
	});
