import { fail, redirect } from '@sveltejs/kit';
import { fromTemplate, retireTemplate, template, templateUse } from '#lib/server/envelopes/templates.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

const places = Array.from({ length: 100 }, (_, i) => i + 1);

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => ({ template: await template(ctx, params.template) });

export const actions: Actions = {
	use: async ({ locals: { ctx }, params, request }) => {
		const form = await request.formData();
		const text = (name: string) => String(form.get(name) ?? '').trim();
		const signers = places.filter((n) => form.has(`name-${n}`)).map((n) => ({ name: text(`name-${n}`), email: text(`email-${n}`), number: text(`number-${n}`), locale: text(`locale-${n}`), surname: text(`surname-${n}`) || undefined, givenNames: text(`given-names-${n}`) || undefined, birthDate: text(`birth-date-${n}`) || undefined }));
		const kept = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]));
		const made = await attempt(async () => {
			const read = templateUse.safeParse({ number: text('number'), title: text('title'), note: text('note'), days: text('days'), signers });
			if (!read.success) throw new DomainError('invalid', `field-${String(read.error.issues[0]?.path.at(-1) ?? 'form')}`);
			return { id: await fromTemplate(ctx, params.template, read.data) };
		});
		if ('id' in made) redirect(303, `/envelopes/${made.id}`);
		return fail(made.status, { ...made.data, kept });
	},
	retire: async ({ locals: { ctx }, params }) => {
		const refused = await attempt(() => retireTemplate(ctx, params.template));
		if (refused) return refused;
		redirect(303, '/templates');
	}
};
