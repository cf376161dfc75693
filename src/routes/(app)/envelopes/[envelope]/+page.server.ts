import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import * as credits from '#lib/server/credits.ts';
import { correct, correction } from '#lib/server/envelopes/correct.ts';
import { handOver } from '#lib/server/envelopes/hand-over.ts';
import { contractView, recordDelivery } from '#lib/server/envelopes/delivered.ts';
import { partsOf } from '#lib/server/envelopes/parts.ts';
import { answer, requestsOf, settle } from '#lib/server/envelopes/requests.ts';
import { resend } from '#lib/server/envelopes/resend.ts';
import { cancel, follow, remind } from '#lib/server/envelopes/send.ts';
import { sendConfirmed } from '#lib/server/envelopes/send-confirmed.ts';
import { sharing } from '#lib/server/envelopes/sharing.ts';
import { newTemplate, saveTemplate, templates } from '#lib/server/envelopes/templates.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt, fields } from '#lib/server/http.ts';
import { actsVersion, actsWarning } from '#lib/server/legal/excluded-acts.ts';
import * as safes from '#lib/server/safes.ts';
import { sendAgain } from '#lib/server/signed-copy/hand-out.ts';
import type { Actions, PageServerLoad } from './$types';

const envelopePlaces = Array.from({ length: 100 }, (_, i) => i + 1);

const confirming = z.object({ acts: z.string().default(''), sharing: z.string().default('') });
const answering = z.object({ request: z.string(), words: z.string().max(8000) });

export const load: PageServerLoad = async ({ locals: { ctx, locale }, params, depends }) => {
	depends('probant:envelope');
	const envelope = await follow(ctx, params.envelope);
	const counts = envelope.state === 'draft' && !ctx.settings.privateInstance;
	const audits = (await safes.list(ctx)).some((safe) => safe.id === envelope.safe && safe.rights.includes('audit'));
	const kept = await templates(ctx, envelope.safe);
	return { envelope, requests: await requestsOf(ctx, envelope.id), sharing: await sharing(ctx, envelope.id), warning: actsWarning(actsVersion, locale), parts: await partsOf(ctx, envelope.document), contract: await contractView(ctx, params.envelope, locale), audits, templates: kept.map(({ id, name }) => ({ id, name })), credits: counts ? await credits.balances(ctx) : null };
};

export const actions: Actions = {
	send: ({ locals: { ctx }, params, request }) => attempt(async () => sendConfirmed(ctx, params.envelope, await fields(request, confirming))),
	answer: ({ locals: { ctx }, params, request }) => attempt(async () => answer(ctx, params.envelope, await fields(request, answering))),
	settle: ({ locals: { ctx }, params, request }) => attempt(async () => settle(ctx, params.envelope, String((await request.formData()).get('request') ?? ''))),
	remind: ({ locals: { ctx }, params }) => attempt(() => remind(ctx, params.envelope)),
	resend: ({ locals: { ctx }, params, request }) => attempt(async () => resend(ctx, params.envelope, String((await request.formData()).get('message') ?? ''))),
	again: ({ locals: { ctx }, params, request }) => attempt(async () => sendAgain(ctx, params.envelope, String((await request.formData()).get('signer') ?? ''))),
	hand: async ({ locals: { ctx, session, caller }, params, request, cookies, getClientAddress }) => {
		const signer = String((await request.formData()).get('signer') ?? '');
		const handed = await attempt(() => handOver(ctx, session!, { envelope: params.envelope, signer }, { address: getClientAddress(), agent: caller.agent }));
		if (typeof handed !== 'string') return handed;
		cookies.set('__Host-signing', handed, { path: '/', secure: true, httpOnly: true, sameSite: 'lax', maxAge: 12 * 3600 });
		redirect(303, `/signing/${signer}`);
	},
	delivered: ({ locals: { ctx }, params, request }) => attempt(async () => recordDelivery(ctx, params.envelope, String((await request.formData()).get('deliveredOn') ?? ''))),
	cancel: ({ locals: { ctx }, params, request }) => attempt(async () => cancel(ctx, params.envelope, String((await request.formData()).get('reason') ?? ''))),
	correct: ({ locals: { ctx }, params, request }) =>
		attempt(async () => {
			const { signer, shared, ...contact } = await fields(request, correction.extend({ signer: z.string(), shared: z.string().optional(), birthDate: z.union([z.literal(''), correction.shape.birthDate]).transform((date) => date || undefined) }));
			await correct(ctx, params.envelope, signer, contact, shared !== undefined);
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
