import { fail, redirect } from '@sveltejs/kit';
import { drawUp, newMinutes } from '#lib/server/envelopes/minutes.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt } from '#lib/server/http.ts';
import * as safes from '#lib/server/safes.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const safe = url.searchParams.get('safe') ?? '';
	await safes.require(ctx, safe, 'deposit');
	const { name } = await safes.require(ctx, safe, 'send');
	return { safe: { id: safe, name }, kind: url.searchParams.get('kind') === 'acceptance' ? ('acceptance' as const) : ('intervention' as const), today: new Date().toISOString().slice(0, 10) };
};

export const actions: Actions = {
	default: async ({ locals: { ctx, locale }, request, url }) => {
		const kept = Object.fromEntries([...(await request.formData())].map(([name, value]) => [name, String(value)]));
		const made = await attempt(async () => {
			const people = [1, 2].map((n) => ({ name: kept[`name-${n}`]?.trim() ?? '', email: kept[`email-${n}`] ?? '', number: kept[`number-${n}`] ?? '', locale: kept[`locale-${n}`] ?? locale, manner: kept[`manner-${n}`] ?? 'in-person' }));
			const read = newMinutes.safeParse({ ...kept, safe: url.searchParams.get('safe'), language: locale, signers: people.filter((p, i) => !i || p.name || p.email) });
			if (!read.success) throw new DomainError('invalid', `field-${String(read.error.issues[0]?.path.at(-1) ?? 'form')}`);
			return { id: await drawUp(ctx, read.data) };
		});
		if ('id' in made) redirect(303, `/envelopes/${made.id}`);
		return fail(made.status, { ...made.data, kept });
	}
};
