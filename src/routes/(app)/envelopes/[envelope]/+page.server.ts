import { z } from 'zod';
import * as credits from '#lib/server/credits.ts';
import { correct, correction } from '#lib/server/envelopes/correct.ts';
import { cancel, follow, remind, send } from '#lib/server/envelopes/send.ts';
import { attempt, fields } from '#lib/server/http.ts';
import * as safes from '#lib/server/safes.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params, depends }) => {
	depends('probant:envelope');
	const envelope = await follow(ctx, params.envelope);
	const counts = envelope.state === 'draft' && !ctx.settings.privateInstance;
	const audits = (await safes.list(ctx)).some((safe) => safe.id === envelope.safe && safe.rights.includes('audit'));
	return { envelope, audits, credits: counts ? await credits.balances(ctx) : null };
};

export const actions: Actions = {
	send: ({ locals: { ctx }, params }) => attempt(() => send(ctx, params.envelope)),
	remind: ({ locals: { ctx }, params }) => attempt(() => remind(ctx, params.envelope)),
	cancel: ({ locals: { ctx }, params, request }) => attempt(async () => cancel(ctx, params.envelope, String((await request.formData()).get('reason') ?? ''))),
	correct: ({ locals: { ctx }, params, request }) =>
		attempt(async () => {
			const { signer, ...contact } = await fields(request, correction.extend({ signer: z.string(), birthDate: z.union([z.literal(''), correction.shape.birthDate]).transform((date) => date || undefined) }));
			await correct(ctx, params.envelope, signer, contact);
		})
};
