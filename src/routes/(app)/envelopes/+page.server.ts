import { list } from '#lib/server/envelopes/send.ts';
import type { EnvelopeState } from '#lib/server/envelopes/turnstile.ts';
import type { PageServerLoad } from './$types';

const states: readonly EnvelopeState[] = ['draft', 'waiting', 'completed', 'declined', 'cancelled', 'expired'];

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const state = states.find((s) => s === url.searchParams.get('state'));
	return { states, state: state ?? null, envelopes: await list(ctx, state) };
};
