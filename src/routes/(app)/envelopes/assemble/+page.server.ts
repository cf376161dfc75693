import { fail, redirect } from '@sveltejs/kit';
import * as read from '#lib/server/documents/read.ts';
import { assembleDocuments, mostParts, newAssembly } from '#lib/server/envelopes/parts.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt } from '#lib/server/http.ts';
import * as safes from '#lib/server/safes.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const asked = new URLSearchParams(url.search); // not url.searchParams: of those, Kit takes another order for the same
	const ids = [...new Set(asked.getAll('document'))].slice(0, mostParts);
	const chosen = [];
	for (const id of ids.length ? ids : ['']) {
		const { name, safe } = await read.metadata(ctx, id);
		chosen.push({ id, name, safe });
	}
	const [{ safe }] = chosen as [(typeof chosen)[number]];
	await safes.require(ctx, safe, 'send');
	await safes.require(ctx, safe, 'deposit');
	const text = asked.get('q')?.slice(0, 100) ?? '';
	const found = await read.list(ctx, safe, { state: 'kept', ...(text ? { text } : {}) });
	return { chosen, q: text, full: ids.length >= mostParts, more: found.length === read.pageSize, others: found.filter((d) => d.mediaType === 'application/pdf' && !ids.includes(d.id)).map(({ id, name }) => ({ id, name })) };
};

export const actions: Actions = {
	default: async ({ locals: { ctx, locale }, request }) => {
		const form = await request.formData();
		const title = String(form.get('title') ?? '');
		const made = await attempt(async () => {
			const asked = newAssembly.safeParse({ documents: form.getAll('document'), title, locale });
			if (!asked.success) throw new DomainError('invalid', `field-${String(asked.error.issues[0]?.path[0] ?? 'form')}`);
			return { id: await assembleDocuments(ctx, asked.data) };
		});
		if ('id' in made) redirect(303, `/envelopes/new?document=${made.id}`);
		return fail(made.status, { ...made.data, title });
	}
};
