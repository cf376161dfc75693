import * as credits from '#lib/server/credits.ts';
import type { PageServerLoad } from './$types';

const pageSize = 50;

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const before = url.searchParams.get('before');
	const entries = await credits.entries(ctx, before && /^\d{1,15}$/.test(before) ? before : null, pageSize);
	return { free: ctx.settings.privateInstance, balances: await credits.balances(ctx), entries, more: entries.length === pageSize ? (entries.at(-1)?.id ?? null) : null };
};
