import { redirect } from '@sveltejs/kit';
import { check } from '#lib/server/bulks/bulk.ts';
import { columnsOf } from '#lib/server/bulks/columns.ts';
import { template } from '#lib/server/envelopes/templates.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
	const { id, name, versions } = await template(ctx, params.template);
	const { roles } = versions[0]!;
	return { template: { id, name }, columns: columnsOf(versions[0]!).filter((c) => !c.kept || c.required), always: roles.flatMap((r) => (r.email ? [`${r.label} – ${r.name ?? ''}`] : [])) };
};

export const actions: Actions = {
	default: async ({ locals: { ctx, locale }, params, request }) => {
		const made = await attempt(async () => {
			const file = (await request.formData()).get('file');
			if (!(file instanceof File)) throw new DomainError('invalid', 'no-file');
			return { id: await check(ctx, params.template, { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()), locale }) };
		});
		if ('id' in made) redirect(303, `/bulks/${made.id}`);
		return made;
	}
};
