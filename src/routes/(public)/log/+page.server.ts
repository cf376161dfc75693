import { latestCheckpoint } from '#lib/server/audit/tiles.ts';
import { DomainError } from '#lib/server/errors.ts';
import { published } from '#lib/server/published.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx } }) => {
	const note = await latestCheckpoint(ctx).catch((error: unknown) => {
		if (error instanceof DomainError && error.kind === 'not-found') return null; // before the first
		throw error;
	});
	const size = note?.split('\n')[1] ?? null; // C2SP tlog-checkpoint: origin, size, root hash
	return { note, size, verifiers: (await published(ctx))?.logVerifiers ?? [] };
};
