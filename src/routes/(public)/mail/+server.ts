// Where the operator's mail server hands in what came back to the address of bounces: the message as it came, or its multipart/report alone.

import { handIn } from '#lib/server/bounces.ts';
import { DomainError } from '#lib/server/errors.ts';
import { problem } from '#lib/server/http.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals: { ctx }, request: { headers, body } }) => {
	try {
		const raw = body ? new Uint8Array(await new Response(body).arrayBuffer()) : new Uint8Array();
		await handIn(ctx, /^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? '', { raw, type: headers.get('content-type') ?? '' });
		return new Response(null, { status: 204 });
	} catch (error) {
		if (error instanceof DomainError) return problem(error);
		throw error;
	}
};
