// Where an SMS gateway says what became of a message: the address carries the message's own secret.

import { z } from 'zod';
import { reportDelivery } from '#lib/server/delivery.ts';
import { DomainError } from '#lib/server/errors.ts';
import { problem } from '#lib/server/http.ts';
import type { RequestHandler } from './$types';

const report = z.object({ state: z.enum(['delivered', 'undelivered']), detail: z.string().max(100).nullable().default(null) });

export const POST: RequestHandler = async ({ locals: { ctx }, params, request }) => {
	try {
		const said = report.safeParse(await request.json().catch(() => null));
		if (!said.success) throw new DomainError('invalid', 'report');
		await reportDelivery(ctx, params.message, params.secret, said.data);
		return new Response(null, { status: 204 });
	} catch (error) {
		if (error instanceof DomainError) return problem(error);
		throw error;
	}
};
