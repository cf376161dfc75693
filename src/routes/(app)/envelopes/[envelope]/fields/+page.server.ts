import { layout, placeFields, placing } from '#lib/server/envelopes/fields.ts';
import { follow, type SignerView } from '#lib/server/envelopes/send.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
	const { id, title, signers } = await follow(ctx, params.envelope);
	return { envelope: { id, title, signers: placesOf(signers) }, layout: await layout(ctx, params.envelope) };
};

/** Those who sign, a group as one: its head, under everyone's name. */
const placesOf = (signers: readonly SignerView[]) =>
	signers
		.filter((s) => s.role === 'signer' && (!s.groupOf || s.groupOf === s.id))
		.map(({ id, name, locale, groupOf }) => ({ id, locale, name: groupOf ? signers.filter((s) => s.groupOf === groupOf).map((s) => s.name).join(' / ') : name }));

/** What was sent as JSON; null when it is none. */
function json(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

export const actions: Actions = {
	save: ({ locals: { ctx }, params, request }) =>
		attempt(async () => {
			const read = placing.safeParse(json(String((await request.formData()).get('placing') ?? '')));
			if (!read.success) throw new DomainError('invalid', 'field-form');
			return { revision: await placeFields(ctx, params.envelope, read.data) };
		})
};
