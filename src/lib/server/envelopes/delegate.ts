// Delegation (SIGN-6): who was asked hands over to somebody else, where the sender allowed it. What their own contact gave access to ends; the sender is told and may correct it.

import { z } from 'zod';
import { append } from '../audit/append.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { normaliseNumber } from './contact.ts';
import { endAccess } from './correct.ts';
import type { SignerContext } from './door.ts';
import { line } from './line.ts';
import { sendLink } from './link.ts';
import { requireConfirmed } from './sharing.ts';
import { tried, turn } from './sign-here.ts';
import { holdEnvelope } from './turnstile.ts';

export const delegating = z.object({ name: line(200), email: z.string().trim().toLowerCase().max(254).pipe(z.email()), number: z.string().trim().max(40), reason: z.string().trim().max(1000).default(''), /** The address or number is another's of the envelope too, and they know it. */ shared: z.literal('yes').optional() });
export type Delegating = z.infer<typeof delegating>;

/** So often may one place in an envelope be handed on. */
const mostDelegations = 3;

/**
 * Hands over to another person, who gets a link of their own and starts from the beginning; without a number they say it themselves.
 * `forbidden` / `delegation` where the sender did not allow it, at level 2 and where they sign in their own name (the declared identity is the sender's to change), in person, for a consumer, whose contract it is, or after three times; `invalid`: the number's own reasons, `same-contact` when another of the envelope or its sender has the address or number, unless `shared` says so; then the sender is told.
 */
export async function delegate(ctx: SignerContext, input: Delegating): Promise<void> {
	await tried(ctx, 'signer.delegate', async (tx) => {
		await holdEnvelope(tx, ctx.envelope);
		const { client, level, advanced } = await turn(tx, ctx);
		const [was] = await tx<[{ name: string; email: string; delegable: boolean; inPerson: boolean; consumer: boolean; times: number }]>`
			select s.name, s.email, e.delegable, s.in_person as "inPerson", s.consumer, (select count(*)::int from delegation d where d.signer = s.id) as times from signer s join envelope e on e.id = s.envelope where s.id = ${ctx.signer}`;
		if (!was.delegable || was.inPerson || was.consumer || level === 2 || advanced || was.times >= mostDelegations) throw new DomainError('forbidden', 'delegation');
		const number = input.number ? normaliseNumber(input.number, ctx.settings.countries) : null;
		await endAccess(tx, ctx.signer);
		await tx`insert into delegation (client, signer, from_name, from_email, to_name, to_email, reason) values (${client}, ${ctx.signer}, ${was.name}, ${was.email}, ${input.name}, ${input.email}, ${input.reason})`;
		await tx`
			update signer set name = ${input.name}, email = ${input.email}, number = ${number}, number_source = 'signer', state = 'invited', consented_at = null, consent_version = null, pages_reached = 0,
				capacity_asked = capacity_asked or organisation is not null, organisation = null, capacity = null, mandate = null where id = ${ctx.signer}`;
		await requireConfirmed(ctx, tx, { envelope: ctx.envelope, safe: ctx.safe, client, noted: 'delegate', signer: ctx.signer, whose: ctx.signer, values: [input.email, number], confirmed: input.shared === 'yes' });
		const values = { name: input.name, email: input.email, 'was-name': was.name, 'was-email': was.email, ...(number ? { number } : {}), ...(input.reason ? { reason: input.reason } : {}) };
		await append(tx, { op: 'signer.delegate', safe: ctx.safe, obj: ctx.signer, actor: ctx.signer, values });
		await sendLink(tx, client, ctx.signer);
		const message = crypto.randomUUID();
		await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${client}, 'delegated', 'mail', ${ctx.signer})`;
		await enqueue(tx, 'messages.send', { message });
	});
}
