import { pageOfMail } from '#lib/server/download.ts';
import { DomainError } from '#lib/server/errors.ts';
import { problem } from '#lib/server/http.ts';
import { outboxHtml } from '#lib/server/identity/outbox.ts';
import type { RequestHandler } from './$types';

/** Development: a kept mail as it is shown. */
export const GET: RequestHandler = async ({ locals: { ctx }, params }) => {
	try {
		return pageOfMail(await outboxHtml(ctx, params.message));
	} catch (error) {
		if (error instanceof DomainError) return problem(error);
		throw error;
	}
};
