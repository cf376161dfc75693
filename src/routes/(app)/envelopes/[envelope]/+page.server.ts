import { cancel, follow, remind, send } from '#lib/server/envelopes/send.ts';
import { attempt } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params, depends }) => {
	depends('probant:envelope');
	return { envelope: await follow(ctx, params.envelope) };
};

export const actions: Actions = {
	send: ({ locals: { ctx }, params }) => attempt(() => send(ctx, params.envelope)),
	remind: ({ locals: { ctx }, params }) => attempt(() => remind(ctx, params.envelope)),
	cancel: ({ locals: { ctx }, params }) => attempt(() => cancel(ctx, params.envelope))
};
