import * as credits from '#lib/server/credits.ts';
import { cancel, follow, remind, send } from '#lib/server/envelopes/send.ts';
import * as safes from '#lib/server/safes.ts';
import { attempt } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params, depends }) => {
	depends('probant:envelope');
	const envelope = await follow(ctx, params.envelope);
	const counts = envelope.state === 'draft' && !ctx.settings.privateInstance;
	const audits = (await safes.list(ctx)).some((safe) => safe.id === envelope.safe && safe.rights.includes('audit'));
	return { envelope, audits, credits: counts ? ((await credits.balances(ctx)).find((b) => b.level === 1)?.available ?? 0) : null };
};

export const actions: Actions = {
	send: ({ locals: { ctx }, params }) => attempt(() => send(ctx, params.envelope)),
	remind: ({ locals: { ctx }, params }) => attempt(() => remind(ctx, params.envelope)),
	cancel: ({ locals: { ctx }, params }) => attempt(() => cancel(ctx, params.envelope))
};
