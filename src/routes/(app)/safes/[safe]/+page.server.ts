import { redirect } from '@sveltejs/kit';
import { depositForm } from '#lib/server/documents/deposit-form.ts';
import * as read from '#lib/server/documents/read.ts';
import { attempt } from '#lib/server/http.ts';
import * as safes from '#lib/server/safes.ts';
import type { Actions, PageServerLoad } from './$types';

const midnight = (day: string) => (/^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) ? new Date(`${day}T00:00:00Z`) : null);
const states = ['kept', 'disposed'] as const;

export const load: PageServerLoad = async ({ locals: { ctx }, params, url, depends }) => {
	depends('probant:safe');
	const safe = await safes.require(ctx, params.safe, 'read');
	const asked = (name: string) => url.searchParams.get(name)?.slice(0, 100) ?? '';
	const page = Math.max(1, Math.min(10_000, Number(asked('page')) || 1));
	const state = states.find((s) => s === asked('state'));
	const sort = read.sorts.find((s) => s === asked('sort')) ?? 'date';
	const descending = asked('order') ? asked('order') === 'desc' : sort === 'date';
	const [text, from, last] = [asked('q'), midnight(asked('from')), midnight(asked('until'))];
	const until = last && new Date(last.getTime() + 86_400_000); // that day included
	const filter = { page, sort, descending, ...(text ? { text } : {}), ...(state ? { state } : {}), ...(from ? { from } : {}), ...(until ? { until } : {}) };
	const [documents, total] = [await read.list(ctx, safe.id, filter), await read.count(ctx, safe.id, filter)];
	return {
		safe, documents, total, page, sort, descending,
		filter: { q: text, state: state ?? '', from: from ? asked('from') : '', until: last ? asked('until') : '' },
		pages: Math.max(1, Math.ceil(total / read.pageSize))
	};
};

export const actions: Actions = {
	deposit: async ({ locals: { ctx }, params, request }) => {
		const made = await attempt(async () => depositForm(ctx, params.safe, (await request.formData()).getAll('files').filter((file) => file instanceof File)));
		if (!Array.isArray(made)) return made;
		redirect(303, `/safes/${params.safe}`);
	}
};
