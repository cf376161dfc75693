import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { attempt, fields } from '#lib/server/http.ts';
import { giveOwnNumber, ownNumber } from '#lib/server/identity/own-number.ts';
import { changePassword } from '#lib/server/identity/login.ts';
import * as passkeys from '#lib/server/identity/passkeys.ts';
import * as sessions from '#lib/server/identity/sessions.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	passkeys: await passkeys.list(locals.ctx),
	sessions: await sessions.list(locals.ctx),
	own: { name: locals.session!.name, email: locals.session!.email, number: await ownNumber(locals.ctx) },
	current: locals.session!.id,
	steppedUp: locals.session!.steppedUp
});

const one = z.object({ id: z.string().max(2000) });
const added = z.object({ answer: z.string().max(20_000), name: z.string().max(100) });
const renewed = z.object({ password: z.string().max(1000) });
const done = async (act: Promise<unknown>) => {
	await act;
	return { done: true };
};

export const actions: Actions = {
	add: ({ locals, request }) =>
		attempt(async () => {
			const { answer, name } = await fields(request, added);
			return done(passkeys.add(locals.ctx, locals.session!, answer, name));
		}),
	remove: ({ locals, request }) => attempt(async () => done(passkeys.remove(locals.ctx, locals.session!, (await fields(request, one)).id))),
	password: ({ locals, request }) =>
		attempt(async () => done(changePassword(locals.ctx, locals.session!, (await fields(request, renewed)).password))),
	number: ({ locals, request }) => attempt(async () => done(giveOwnNumber(locals.ctx, String((await request.formData()).get('number') ?? '')))),
	end: async ({ locals, request }) => {
		const ended = await attempt(async () => {
			const { id } = await fields(request, one);
			await sessions.end(locals.ctx, id);
			return id;
		});
		if (ended === locals.session!.id) redirect(303, '/login');
		return typeof ended === 'string' ? { done: true } : ended;
	}
};
