import { json } from '@sveltejs/kit';
import { z } from 'zod';
import { deposit } from '#lib/server/documents/deposit.ts';
import { DomainError } from '#lib/server/errors.ts';
import { problem } from '#lib/server/http.ts';
import type { RequestHandler } from './$types';

const shape = z.object({ stage: z.uuid() });

export const POST: RequestHandler = async ({ request, locals: { ctx } }) => {
	try {
		const body = shape.safeParse(await request.json().catch(() => null));
		if (!body.success) throw new DomainError('invalid', 'field-stage');
		return json(await deposit(ctx, body.data), { status: 201 });
	} catch (error) {
		if (error instanceof DomainError) return problem(error);
		throw error;
	}
};
