import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import * as credits from '#lib/server/credits.ts';
import { correct, correction } from '#lib/server/envelopes/correct.ts';
import { contractView, recordDelivery } from '#lib/server/envelopes/delivered.ts';
import { partsOf } from '#lib/server/envelopes/parts.ts';
import { resend } from '#lib/server/envelopes/resend.ts';
import { cancel, follow, remind } from '#lib/server/envelopes/send.ts';
import { sendConfirmed } from '#lib/server/envelopes/send-confirmed.ts';
import { newTemplate, saveTemplate, templates } from '#lib/server/envelopes/templates.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt, fields } from '#lib/server/http.ts';
import { actsVersion, actsWarning } from '#lib/server/legal/excluded-acts.ts';
import * as safes from '#lib/server/safes.ts';
import { sendAgain } from '#lib/server/signed-copy/hand-out.ts';
import type { Actions, PageServerLoad } from './$types';

const envelopePlaces = Array.from({ length: 100 }, (_, i) => i + 1);

export const load: PageServerLoad = async ({ locals: { ctx, locale }, params, depends }) => {
	depends('probant:envelope');
	const envelope = await follow(ctx, params.envelope);
	const counts = envelope.state === 'draft' && !ctx.settings.privateInstance;
	const audits = (await safes.list(ctx)).some((safe) => safe.id === envelope.safe && safe.rights.includes('audit'));
	const kept = await templates(ctx, envelope.safe);
	return { envelope, warning: actsWarning(actsVersion, locale), parts: await partsOf(ctx, envelope.document), contract: await contractView(ctx, params.envelope, locale), audits, templates: kept.map(({ id, name }) => ({ id, name })), credits: counts ? await credits.balances(ctx) : null };
};

export const actions: Actions = {
	send: ({ locals: { ctx }, params, request }) => attempt(async () => sendConfirmed(ctx, params.envelope, String((await request.formData()).get('acts') ?? ''))),
	remind: ({ locals: { ctx }, params }) => attempt(() => remind(ctx, params.envelope)),
	resend: ({ locals: { ctx }, params, request }) => attempt(async () => resend(ctx, params.envelope, String((await request.formData()).get('message') ?? ''))),
	again: ({ locals: { ctx }, params, request }) => attempt(async () => sendAgain(ctx, params.envelope, String((await request.formData()).get('signer') ?? ''))),
	delivered: ({ locals: { ctx }, params, request }) => attempt(async () => recordDelivery(ctx, params.envelope, String((await request.formData()).get('deliveredOn') ?? ''))),
	cancel: ({ locals: { ctx }, params, request }) => attempt(async () => cancel(ctx, params.envelope, String((await request.formData()).get('reason') ?? ''))),
	correct: ({ locals: { ctx }, params, request }) =>
		attempt(async () => {
			const { signer, ...contact } = await fields(request, correction.extend({ signer: z.string(), birthDate: z.union([z.literal(''), correction.shape.birthDate]).transform((date) => date || undefined) }));
			await correct(ctx, params.envelope, signer, contact);
		}),
	template: async ({ locals: { ctx }, params, request }) => {
		const form = await request.formData();
		const saved = await attempt(async () => {
			const roles = envelopePlaces.filter((n) => form.has(`role-${n}`)).map((n) => ({ label: String(form.get(`role-${n}`)), keep: form.has(`keep-${n}`) }));
			const read = newTemplate.safeParse({ envelope: params.envelope, name: String(form.get('name') ?? ''), template: String(form.get('template') ?? ''), roles });
			if (!read.success) throw new DomainError('invalid', `field-${String(read.error.issues[0]?.path.at(-1) ?? 'form')}`);
			return { id: await saveTemplate(ctx, read.data) };
		});
		if ('id' in saved) redirect(303, `/templates/${saved.id}`);
		return saved;
	}
};
