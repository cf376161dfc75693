import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { mayFlatten } from '#lib/server/conversion/flatten.ts';
import { askForCopy } from '#lib/server/conversion/copies.ts';
import { control } from '#lib/server/documents/control.ts';
import { dispose } from '#lib/server/documents/dispose.ts';
import * as read from '#lib/server/documents/read.ts';
import { partsOf } from '#lib/server/envelopes/parts.ts';
import { recordStates } from '#lib/server/evidence/record.ts';
import { preservationOf } from '#lib/server/evidence/renew.ts';
import { attempt, fields } from '#lib/server/http.ts';
import { published } from '#lib/server/published.ts';
import * as safes from '#lib/server/safes.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params, depends }) => {
	depends('probant:document');
	const document = await read.metadata(ctx, params.document);
	return { document, preservation: await preservationOf(ctx, document.id), records: await recordStates(ctx, document.id), maySign: document.kind === 'document' && mayFlatten(document.mediaType), parts: await partsOf(ctx, document.id), safe: await safes.require(ctx, document.safe, 'read') };
};

export const actions: Actions = {
	convert: async ({ locals: { ctx }, params }) => {
		const asked = await attempt(async () => ({ id: await askForCopy(ctx, params.document) }));
		if ('id' in asked) redirect(303, `/copies/${asked.id}`);
		return asked;
	},
	control: ({ locals: { ctx }, params }) =>
		attempt(async () => {
			const keys = await published(ctx);
			return { controlled: await control(ctx, params.document, [...ctx.settings.timestampAnchors, ...(keys ? [keys.root] : [])]) };
		}),
	dispose: async ({ locals: { ctx }, params, request }) => {
		const { safe } = await read.metadata(ctx, params.document);
		const refused = await attempt(async () => dispose(ctx, { document: params.document, ...(await fields(request, z.object({ confirmation: z.string().max(300) }))) }));
		if (refused) return refused;
		redirect(303, `/safes/${safe}`);
	}
};
