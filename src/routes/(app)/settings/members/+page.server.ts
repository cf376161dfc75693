import { z } from 'zod';
import * as clients from '#lib/server/clients.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt, fields } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	if (!locals.session?.client) throw new DomainError('forbidden', 'no-member');
	return {
		members: await clients.members(locals.ctx),
		invitations: await clients.invitations(locals.ctx),
		administrator: locals.session.role === 'administrator',
		roles: clients.roles
	};
};

const changed = z.object({ person: z.uuid(), role: z.enum(clients.roles) });
const one = z.object({ id: z.uuid() });
const done = async (act: Promise<unknown>) => {
	await act;
	return { done: true };
};

export const actions: Actions = {
	invite: ({ locals, request }) => attempt(async () => done(clients.invite(locals.ctx, await fields(request, clients.inviting)))),
	withdraw: ({ locals, request }) => attempt(async () => done(clients.withdraw(locals.ctx, (await fields(request, one)).id))),
	change: ({ locals, request }) =>
		attempt(async () => {
			const { person, role } = await fields(request, changed);
			return done(clients.changeMember(locals.ctx, person, role));
		}),
	deactivate: ({ locals, request }) => attempt(async () => done(clients.changeMember(locals.ctx, (await fields(request, one)).id, null)))
};
