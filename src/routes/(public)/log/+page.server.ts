import { latestCheckpoint } from '#lib/server/audit/tiles.ts';
import { published } from '#lib/server/published.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx } }) => {
	const note = await latestCheckpoint(ctx);
	const size = note?.split('\n')[1] ?? null; // C2SP tlog-checkpoint: origin, size, root hash
	return { note, size, verifiers: (await published(ctx))?.logVerifiers ?? [] };
};
