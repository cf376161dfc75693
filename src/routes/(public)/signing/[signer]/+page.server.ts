import { redirect } from '@sveltejs/kit';
import { approval, approve } from '#lib/server/envelopes/approve.ts';
import { delegate, delegating } from '#lib/server/envelopes/delegate.ts';
import { inside } from '#lib/server/envelopes/door.ts';
import { attempt as type, decline, giveNumber, requestCode, signing, task } from '#lib/server/envelopes/sign-here.ts';
import { isAsked } from '#lib/server/identity-check/capture.ts';
import { DomainError } from '#lib/server/errors.ts';
import { logoOf } from '#lib/server/letterhead.ts';
import { attempt, fields } from '#lib/server/http.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const enter = ({ locals, cookies, params }: Pick<RequestEvent, 'locals' | 'cookies' | 'params'>) => inside(locals.ctx, cookies.get('__Host-signing') ?? null, params.signer);

export const load: PageServerLoad = async (event) => {
	event.depends('probant:signing');
	const own = await enter(event);
	if (await isAsked(own)) redirect(303, `/signing/${event.params.signer}/identity`);
	const found = await task(own);
	if (found.firstPage && found.state === 'opened') event.locals.first = `/signing/${event.params.signer}/first-page?sha256=${found.sha256}`;
	return { task: found, logo: await logoOf(own) };
};

export const actions: Actions = {
	code: (event) =>
		attempt(async () => {
			const form = await event.request.formData();
			const parsed = signing.safeParse({ ...Object.fromEntries(form), values: JSON.parse(String(form.get('values') ?? 'null')) as unknown });
			if (!parsed.success) throw new DomainError('invalid', `field-${String(parsed.error.issues[0]?.path.at(-1) ?? 'form')}`);
			return { challenge: await requestCode(await enter(event), parsed.data, event.locals.caller.source) };
		}),
	delegate: (event) => attempt(async () => delegate(await enter(event), await fields(event.request, delegating))),
	number: (event) => attempt(async () => giveNumber(await enter(event), String((await event.request.formData()).get('number') ?? '').slice(0, 40))),
	approve: (event) => attempt(async () => approve(await enter(event), await fields(event.request, approval))),
	sign: (event) => attempt(async () => ({ attempt: await type(await enter(event), String((await event.request.formData()).get('code') ?? '').replace(/\s/g, '')) })),
	decline: (event) => attempt(async () => decline(await enter(event), String((await event.request.formData()).get('reason') ?? '')))
};
