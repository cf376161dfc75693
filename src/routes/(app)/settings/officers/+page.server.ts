import { z } from 'zod';
import { attempt, fields } from '#lib/server/http.ts';
import { appoint, askTwo, candidates, standing } from '#lib/server/identity-check/officers.ts';
import type { Actions, PageServerLoad } from './$types';

const yes = z.enum(['true', 'false']).transform((value) => value === 'true');

export const load: PageServerLoad = async ({ locals: { ctx } }) => {
	const own = await standing(ctx);
	return { ...own, candidates: own.administrator ? await candidates(ctx) : [] };
};

export const actions: Actions = {
	appoint: ({ locals: { ctx }, request }) =>
		attempt(async () => {
			const { person, registers } = await fields(request, z.object({ person: z.string(), registers: yes }));
			await appoint(ctx, person, registers);
		}),
	two: ({ locals: { ctx }, request }) => attempt(async () => askTwo(ctx, (await fields(request, z.object({ two: yes }))).two))
};
