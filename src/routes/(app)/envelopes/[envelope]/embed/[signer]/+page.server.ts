import { z } from 'zod';
import { allowedOrigins } from '#lib/server/envelopes/embedding-origins.ts';
import { embed } from '#lib/server/envelopes/embedding.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt, fields } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
	const { id, title, signers } = await follow(ctx, params.envelope);
	const signer = signers.find((s) => s.id === params.signer);
	if (!signer) throw new DomainError('not-found', 'signer');
	return { envelope: { id, title }, signer: { name: signer.name, level: signer.level }, origins: await allowedOrigins(ctx) };
};

export const actions: Actions = {
	default: ({ locals: { ctx }, params, request }) => attempt(async () => ({ url: await embed(ctx, params.envelope, { signer: params.signer, ...(await fields(request, z.object({ origin: z.string().max(40) }))) }) }))
};
