import { overview } from '#lib/server/legal/texts.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx } }) => ({ texts: (await overview(ctx)).map(({ kind, version, writtenAt }) => ({ kind, version, writtenAt })) });
