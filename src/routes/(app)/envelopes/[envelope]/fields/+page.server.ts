import { layout, placeFields, placing } from '#lib/server/envelopes/fields.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
	const { id, title, signers } = await follow(ctx, params.envelope);
	return { envelope: { id, title, signers: signers.filter((s) => s.role === 'signer').map(({ id, name, locale }) => ({ id, name, locale })) }, layout: await layout(ctx, params.envelope) };
};

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
