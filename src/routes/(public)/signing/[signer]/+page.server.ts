import { redirect } from '@sveltejs/kit';
import { approval, approve } from '#lib/server/envelopes/approve.ts';
import { help } from '#lib/server/envelopes/ask-sender.ts';
import { confirmRecap } from '#lib/server/envelopes/confirm-recap.ts';
import { delegate, delegating } from '#lib/server/envelopes/delegate.ts';
import { digitise } from '#lib/server/envelopes/digitise.ts';
import { embedCookie, embeddedIn, entered } from '#lib/server/envelopes/embedding.ts';
import { attempt as type, decline, giveNumber, requestCode, signing, task, type Signing } from '#lib/server/envelopes/sign-here.ts';
import { isAsked } from '#lib/server/identity-check/capture.ts';
import { DomainError } from '#lib/server/errors.ts';
import { logoOf } from '#lib/server/letterhead.ts';
import { attempt, fields } from '#lib/server/http.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const enter = ({ locals, cookies, params }: Pick<RequestEvent, 'locals' | 'cookies' | 'params'>) => entered(locals.ctx, cookies, params.signer);

export const load: PageServerLoad = async (event) => {
	event.depends('probant:signing');
	const own = await enter(event).catch((error: unknown) => {
		const blocked = error instanceof DomainError && error.kind === 'unauthenticated' && event.url.searchParams.has('embedded');
		throw blocked ? new DomainError('unauthenticated', 'embedding-blocked', {}, { cause: error }) : error;
	});
	if (await isAsked(own)) redirect(303, `/signing/${event.params.signer}/identity`);
	const found = await task(own);
	if (found.firstPage && found.state === 'opened') event.locals.first = `/signing/${event.params.signer}/first-page?sha256=${found.sha256}`;
	return { task: found, help: await help(own), operator: own.settings.operator, logo: await logoOf(own), embeddedIn: await embeddedIn(event.locals.ctx, event.cookies.get(embedCookie) ?? null, event.params.signer) };
};

async function consented({ request }: RequestEvent): Promise<Signing> {
	const form = await request.formData();
	const parsed = signing.safeParse({ ...Object.fromEntries(form), values: JSON.parse(String(form.get('values') ?? 'null')) as unknown });
	if (!parsed.success) throw new DomainError('invalid', `field-${String(parsed.error.issues[0]?.path.at(-1) ?? 'form')}`);
	return parsed.data;
}

export const actions: Actions = {
	code: (event) => attempt(async () => ({ challenge: await requestCode(await enter(event), await consented(event), event.locals.caller.source) })),
	draw: (event) => attempt(async () => ({ attempt: await digitise(await enter(event), await consented(event)) })),
	delegate: (event) => attempt(async () => delegate(await enter(event), await fields(event.request, delegating))),
	number: (event) =>
		attempt(async () => {
			const form = await event.request.formData();
			await giveNumber(await enter(event), String(form.get('number') ?? '').slice(0, 40), form.has('shared'));
		}),
	recap: (event) => attempt(async () => confirmRecap(await enter(event), String((await event.request.formData()).get('recap') ?? ''))),
	approve: (event) => attempt(async () => approve(await enter(event), await fields(event.request, approval))),
	sign: (event) => attempt(async () => ({ attempt: await type(await enter(event), String((await event.request.formData()).get('code') ?? '').replace(/\s/g, '')) })),
	decline: (event) => attempt(async () => decline(await enter(event), String((await event.request.formData()).get('reason') ?? '')))
};
