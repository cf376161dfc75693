import { mine } from '#lib/server/clients.ts';
import { askForLink, dashboard } from '#lib/server/dashboard.ts';
import { summaries } from '#lib/server/documents/summary.ts';
import { attempt } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx, session } }) => {
	const clients = await mine(ctx);
	const current = session?.client ?? null;
	return {
		client: clients.find(({ id }) => id === current) ?? null,
		privateInstance: ctx.settings.privateInstance,
		safes: current ? await summaries(ctx) : [],
		shown: await dashboard(ctx)
	};
};

export const actions: Actions = {
	link: ({ locals: { ctx }, request }) =>
		attempt(async () => {
			await askForLink(ctx, String((await request.formData()).get('signer') ?? ''));
			return { sent: true };
		})
};
