import { z } from 'zod';
import { report, reporting } from '#lib/server/abuse.ts';
import { askPaper, askQuestion, help } from '#lib/server/envelopes/ask-sender.ts';
import { entered } from '#lib/server/envelopes/embedding.ts';
import { scopes, stopReminders } from '#lib/server/envelopes/quiet.ts';
import { attempt, fields } from '#lib/server/http.ts';
import { logoOf } from '#lib/server/letterhead.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const enter = ({ locals, cookies, params }: Pick<RequestEvent, 'locals' | 'cookies' | 'params'>) => entered(locals.ctx, cookies, params.signer);

export const load: PageServerLoad = async (event) => {
	event.depends('probant:help');
	const own = await enter(event);
	return { help: await help(own), operator: own.settings.operator, logo: await logoOf(own) };
};

const written = z.object({ words: z.string().max(8000).default('') });
const quieting = z.object({ scope: z.enum(scopes) });

export const actions: Actions = {
	paper: (event) =>
		attempt(async () => {
			await askPaper(await enter(event), (await fields(event.request, written)).words);
			return { done: 'paper' as const };
		}),
	question: (event) =>
		attempt(async () => {
			await askQuestion(await enter(event), (await fields(event.request, written)).words);
			return { done: 'question' as const };
		}),
	reminders: (event) =>
		attempt(async () => {
			await stopReminders(await enter(event), (await fields(event.request, quieting)).scope);
			return { done: 'reminders' as const };
		}),
	report: (event) =>
		attempt(async () => {
			await report(await enter(event), await fields(event.request, reporting));
			return { done: 'report' as const };
		})
};
