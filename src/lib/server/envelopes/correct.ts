// Correcting who a signer is and how they are reached, before they have signed: everything the old contact holds dies with it.

import type { z } from 'zod';
import { append, appendRefusal } from '../audit/append.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { declaredOf, type Declared } from '../identity-check/declared.ts';
import * as safes from '../safes.ts';
import { normaliseNumber } from './contact.ts';
import { sendLink } from './link.ts';
import { newSigner } from './prepare.ts';
import { find, type Role, type SignerState } from './send.ts';
import { requireConfirmed, requireOwnNumber } from './sharing.ts';
import { holdEnvelope } from './turnstile.ts';

export const correction = newSigner;
export type Correction = z.infer<typeof correction>;

type Contact = Pick<Correction, 'name' | 'email' | 'number' | 'locale'> & { readonly [K in keyof Declared]: string | null };

const perDay = 10;

/** Ends what a signer's contact gave access to: link, session and code. */
export async function endAccess(tx: Tx, signer: string): Promise<void> {
	await tx`update link set ended_at = app.now() where signer = ${signer} and ended_at is null`;
	await tx`update signing_session set ended_at = app.now() where signer = ${signer} and ended_at is null`;
	await tx`update challenge set ended_at = app.now() where signer = ${signer} and ended_at is null`;
	await tx`select app.end_identity_checks(${signer})`;
}

/** What the event keeps of it: each changed part, with what it was. */
function changes(was: Contact, is: Contact): Record<string, string> {
	const changed = (['name', 'email', 'number', 'locale', 'surname', 'givenNames', 'birthDate'] as const).filter((part) => was[part] !== is[part]);
	return Object.fromEntries(changed.flatMap((part) => [[part.toLowerCase(), is[part] ?? ''], [`was-${part.toLowerCase()}`, was[part] ?? '']]));
}

/**
 * Gives a signer another name, address, number or language. Their link, session, code and identity check end; a declared identity is corrected with them; one who was invited gets a new link and starts again. The same contact changes nothing.
 * Needs `send`. `conflict`: `envelope-state`, `signer-done` once their code was accepted or they declined; `invalid`: the number's own reasons, `same-number` at level 2, `same-contact` when another of the envelope, or its sender, has the address or number and that is not `confirmed` (of a draft it is when it is sent); `too-many` / `corrections`.
 */
export async function correct(ctx: Context, id: string, signer: string, input: Correction, confirmed = false): Promise<void> {
	const envelope = await find(ctx, id, 'send');
	if (!safes.isId(signer)) throw await safes.missing(ctx, 'signer', signer, 'send');
	try {
		await ctx.tx(async (tx) => {
			const held = await holdEnvelope(tx, id);
			const [row] = await tx<(Contact & { client: string; state: SignerState; role: Role; level: 0 | 1 | 2; advanced: boolean })[]>`
				select client, state, role, level, advanced, name, email, coalesce(number, '') as number, locale, surname, given_names as "givenNames", birth_date::text as "birthDate" from signer where id = ${signer} and envelope = ${id} for no key update`;
			if (!row) throw new DomainError('not-found', 'signer');
			if ((held?.state !== 'draft' && held?.state !== 'waiting') || held.expired) throw new DomainError('conflict', 'envelope-state');
			const invited = row.state === 'invited' || row.state === 'opened';
			if (!invited && row.state !== 'waiting') throw new DomainError('conflict', 'signer-done');
			const normal = { ...input, number: !input.number && (row.role !== 'signer' || (row.level !== 2 && !row.advanced)) ? '' : normaliseNumber(input.number, ctx.settings.countries) };
			const contact: Contact = { ...normal, ...(declaredOf({ ...normal, level: row.level, advanced: row.advanced }) ?? { surname: null, givenNames: null, birthDate: null }) };
			const values = changes(row, contact);
			if (!Object.keys(values).length) return;
			const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`correct:${signer}`}, interval '1 day') as n`;
			if (n > perDay) throw new DomainError('too-many', 'corrections', { retryAfter: 86_400 });
			await endAccess(tx, signer);
			await tx`
				update signer set name = ${contact.name}, email = ${contact.email}, number = nullif(${contact.number}, ''), number_source = 'client', locale = ${contact.locale},
				surname = ${contact.surname}, given_names = ${contact.givenNames}, birth_date = ${contact.birthDate},
				state = ${invited ? 'invited' : 'waiting'}, consented_at = null, consent_version = null, pages_reached = 0, mandate = null, asked_at = case when asked_at is null then null else app.now() end where id = ${signer}`;
			const changed = [contact.email === row.email ? null : contact.email, contact.number === row.number ? null : contact.number];
			if (held.state === 'draft') await requireOwnNumber(tx, id, signer);
			else await requireConfirmed(ctx, tx, { envelope: id, safe: envelope.safe, client: row.client, noted: 'correct', signer: null, whose: signer, values: changed, confirmed });
			await append(tx, { op: 'signer.correct', safe: envelope.safe, obj: signer, values });
			if (invited) await sendLink(tx, row.client, signer);
			await tx`select pg_notify('signer', ${signer})`;
		});
	} catch (error) {
		if (error instanceof DomainError) await appendRefusal(ctx, { op: 'signer.correct', safe: envelope.safe, obj: signer, values: { reason: error.reason } });
		throw error;
	}
}
