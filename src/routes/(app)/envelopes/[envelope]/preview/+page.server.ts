import { preview, sendPreview } from '#lib/server/envelopes/preview.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params, url }) => {
	const { id, title, signers } = await follow(ctx, params.envelope);
	const asked = signers.filter((s) => s.role !== 'copy' && !s.inPerson).map((s) => ({ id: s.id, name: s.name })); // in person, no mail goes out
	const chosen = asked.find((s) => s.id === url.searchParams.get('signer')) ?? asked[0];
	if (!chosen) throw new DomainError('not-found', 'signer');
	const { mail, ...shown } = await preview(ctx, id, chosen.id);
	return { envelope: { id, title }, asked, chosen, shown: { ...shown, mail: { to: mail.to, subject: mail.subject, text: mail.text, sender: mail.sender ?? null, replyTo: mail.replyTo ?? null } }, operator: ctx.settings.operator };
};

export const actions: Actions = {
	default: ({ locals: { ctx }, params, request }) =>
		attempt(async () => {
			await sendPreview(ctx, params.envelope, String((await request.formData()).get('signer') ?? ''));
			return { sent: true };
		})
};
