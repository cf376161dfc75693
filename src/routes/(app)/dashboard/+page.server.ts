import { mine } from '#lib/server/clients.ts';
import { summaries } from '#lib/server/documents/summary.ts';
import { list } from '#lib/server/envelopes/send.ts';
import type { PageServerLoad } from './$types';

const recent = 30 * 86_400_000;

export const load: PageServerLoad = async ({ locals: { ctx, session } }) => {
	const clients = await mine(ctx);
	const current = session?.client ?? null;
	const envelopes = current ? await list(ctx) : [];
	const lately = (at: Date | null) => at !== null && at.getTime() > Date.now() - recent;
	return {
		client: clients.find(({ id }) => id === current) ?? null,
		privateInstance: ctx.settings.privateInstance,
		safes: current ? await summaries(ctx) : [],
		drafts: envelopes.filter((e) => e.state === 'draft'),
		waiting: envelopes.filter((e) => e.state === 'waiting').sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime()),
		ended: envelopes.filter((e) => (e.state === 'declined' || e.state === 'expired') && lately(e.closedAt))
	};
};
