import { redirect } from '@sveltejs/kit';
import { help } from '#lib/server/envelopes/ask-sender.ts';
import { entered } from '#lib/server/envelopes/embedding.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt, fields } from '#lib/server/http.ts';
import { addImage, begin, beginning, identityTask, reuse, submit } from '#lib/server/identity-check/capture.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const enter = ({ locals, cookies, params }: Pick<RequestEvent, 'locals' | 'cookies' | 'params'>) => entered(locals.ctx, cookies, params.signer);

export const load: PageServerLoad = async (event) => {
	event.depends('probant:identity');
	const own = await enter(event);
	const task = await identityTask(own);
	if (!task) redirect(303, `/signing/${event.params.signer}`);
	event.setHeaders({ 'permissions-policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()' });
	return { task, help: await help(own), operator: own.settings.operator };
};

export const actions: Actions = {
	begin: (event) => attempt(async () => begin(await enter(event), await fields(event.request, beginning))),
	image: (event) =>
		attempt(async () => {
			const own = await enter(event);
			const form = await event.request.formData();
			const [side, image] = [form.get('side'), form.get('image')];
			if (side !== 'front' && side !== 'back') throw new DomainError('invalid', 'field-side');
			if (!(image instanceof File) || !image.size) throw new DomainError('invalid', 'field-image');
			await addImage(own, { side, bytes: new Uint8Array(await image.arrayBuffer()) });
		}),
	submit: (event) => attempt(async () => submit(await enter(event))),
	reuse: (event) => attempt(async () => reuse(await enter(event)))
};
