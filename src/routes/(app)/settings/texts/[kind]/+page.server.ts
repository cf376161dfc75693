import { fail } from '@sveltejs/kit';
import { attempt } from '#lib/server/http.ts';
import { DomainError } from '#lib/server/errors.ts';
import { history, writeText, writing } from '#lib/server/legal/texts.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => ({ versions: await history(ctx, params.kind) });

export const actions: Actions = {
	default: async ({ locals: { ctx }, params, request }) => {
		const kept = Object.fromEntries([...(await request.formData())].map(([name, value]) => [name, String(value)]));
		const made = await attempt(async () => {
			const read = writing.safeParse(kept);
			if (!read.success) throw new DomainError('invalid', 'legal-text-shape');
			return { number: await writeText(ctx, params.kind, read.data) };
		});
		return 'number' in made ? made : fail(made.status, { ...made.data, kept });
	}
};
