import { fail, redirect } from '@sveltejs/kit';
import * as read from '#lib/server/documents/read.ts';
import { inspect, newEnvelope, prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt } from '#lib/server/http.ts';
import type { Actions, PageServerLoad } from './$types';

const places = Array.from({ length: 10 }, (_, i) => i + 1);
const orders = ['sequence', 'parallel', 'steps'] as const;

/** Steps as they are kept: from 1 on, none empty. `sequence`: one each; `parallel`: the first for all; `steps`: as typed. */
function withSteps<T extends { role: string; step: string }>(signers: readonly T[], order: string): (Omit<T, 'step'> & { step: number })[] {
	const wanted = signers.map(({ step }, i) => (order === 'parallel' ? 1 : order === 'steps' ? Number(step) : i + 1));
	if (wanted.some((n) => !Number.isInteger(n) || n < 1 || n > 100)) throw new DomainError('invalid', 'field-step');
	const used = [...new Set(wanted.filter((_, i) => signers[i]!.role !== 'copy'))].sort((a, b) => a - b);
	return signers.map((s, i) => ({ ...s, step: Math.max(1, used.indexOf(wanted[i]!) + 1) }));
}

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const document = await read.metadata(ctx, url.searchParams.get('document') ?? '');
	return { document: { id: document.id, name: document.name }, ...(await inspect(ctx, document.id)), places, orders };
};

export const actions: Actions = {
	default: async ({ locals: { ctx }, request }) => {
		const form = await request.formData();
		const text = (name: string) => String(form.get(name) ?? '').trim();
		const signers = places
			.map((n) => ({
				...{ name: text(`name-${n}`), email: text(`email-${n}`), number: text(`number-${n}`), locale: text(`locale-${n}`), role: text(`role-${n}`) || 'signer', step: text(`step-${n}`) || String(n) },
				...{ level: text(`level-${n}`) || undefined, surname: text(`surname-${n}`) || undefined, givenNames: text(`given-names-${n}`) || undefined, birthDate: text(`birth-date-${n}`) || undefined }
			}))
			.filter((s) => s.name || s.email || s.number);
		const kept = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]));
		const made = await attempt(async () => {
			const read = newEnvelope.safeParse({ document: text('document'), title: text('title'), note: text('note'), days: text('days'), remindDays: text('remindDays') || undefined, signers: withSteps(signers, text('order')) });
			if (!read.success) throw new DomainError('invalid', `field-${String(read.error.issues[0]?.path.at(-1) ?? 'form')}`);
			return { id: await prepareEnvelope(ctx, read.data) };
		});
		if ('id' in made) redirect(303, `/envelopes/${made.id}`);
		return fail(made.status, { ...made.data, kept });
	}
};
