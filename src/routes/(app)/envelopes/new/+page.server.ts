import { fail, redirect } from '@sveltejs/kit';
import { mayFlatten } from '#lib/server/conversion/flatten.ts';
import * as read from '#lib/server/documents/read.ts';
import { contractInForm } from '#lib/server/consumer/contract-form.ts';
import { exceptions, exceptionWords } from '#lib/server/consumer/exceptions.ts';
import { capacityInForm } from '#lib/server/envelopes/capacity-form.ts';
import { inspect, newEnvelope, prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { DomainError } from '#lib/server/errors.ts';
import { attempt } from '#lib/server/http.ts';
import * as safes from '#lib/server/safes.ts';
import type { Actions, PageServerLoad } from './$types';

const places = Array.from({ length: 10 }, (_, i) => i + 1);
/** A copy would leave the signature behind, or is one. */
const unflattened: readonly string[] = ['has-signature', 'has-mdp', 'unapproved-copy', 'too-complex'];
const orders = ['sequence', 'parallel', 'steps'] as const;

/** Steps as they are kept: from 1 on, none empty, those of a group in one. `sequence`: one each; `parallel`: the first for all; `steps`: as typed. */
function withSteps<T extends { role: string; step: string; instead: boolean }>(signers: readonly T[], order: string): (Omit<T, 'step'> & { step: number })[] {
	const wanted = signers.map(({ step }, i) => (order === 'parallel' ? 1 : order === 'steps' ? Number(step) : i + 1));
	for (const [i, s] of signers.entries()) if (s.instead && i) wanted[i] = wanted[i - 1]!;
	if (wanted.some((n) => !Number.isInteger(n) || n < 1 || n > 100)) throw new DomainError('invalid', 'field-step');
	const used = [...new Set(wanted.filter((_, i) => signers[i]!.role !== 'copy'))].sort((a, b) => a - b);
	return signers.map((s, i) => ({ ...s, step: Math.max(1, used.indexOf(wanted[i]!) + 1) }));
}

export const load: PageServerLoad = async ({ locals: { ctx, locale }, url }) => {
	const document = await read.metadata(ctx, url.searchParams.get('document') ?? '');
	const { rights } = await safes.require(ctx, document.safe, 'send');
	const inspection = await inspect(ctx, document.id);
	const flattens = rights.includes('deposit') && mayFlatten(document.mediaType) && !inspection.refusals.some((r) => unflattened.includes(r.reason));
	return { document: { id: document.id, name: document.name }, ...inspection, flattens, places, orders, remote: ctx.settings.remote, exceptions: exceptions.map((value) => ({ value, label: exceptionWords[value][locale] })) };
};

export const actions: Actions = {
	default: async ({ locals: { ctx }, request }) => {
		const form = await request.formData();
		const text = (name: string) => String(form.get(name) ?? '').trim();
		const signers = places
			.map((n) => ({
				...{ name: text(`name-${n}`), email: text(`email-${n}`), number: text(`number-${n}`), locale: text(`locale-${n}`), role: text(`role-${n}`) || 'signer', step: text(`step-${n}`) || String(n), instead: form.has(`instead-${n}`) },
				...{ level: text(`level-${n}`) || undefined, advanced: form.has(`advanced-${n}`), manner: text(`manner-${n}`) || undefined, surname: text(`surname-${n}`) || undefined, givenNames: text(`given-names-${n}`) || undefined, birthDate: text(`birth-date-${n}`) || undefined },
				...capacityInForm((name) => text(`${name}-${n}`)),
				consumer: form.has(`consumer-${n}`)
			}))
			.filter((s) => s.name || s.email || s.number);
		const kept = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]));
		const made = await attempt(async () => {
			const read = newEnvelope.safeParse({ document: text('document'), title: text('title'), note: text('note'), days: text('days'), remindDays: text('remindDays') || undefined, delegable: form.has('delegable'), contract: signers.some((s) => s.consumer && s.role === 'signer') ? contractInForm(text) : null, signers: withSteps(signers, text('order')) });
			if (!read.success) throw new DomainError('invalid', `field-${String(read.error.issues[0]?.path.at(-1) ?? 'form')}`);
			return { id: await prepareEnvelope(ctx, read.data) };
		});
		if ('id' in made) redirect(303, `/envelopes/${made.id}`);
		return fail(made.status, { ...made.data, kept });
	}
};
