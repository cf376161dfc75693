// « Renoncer au contrat ici » (C. conso. L221-21, D221-5): a declaration on the page of the signed document, confirmed; it is logged, acknowledged and told to the sender. The document stays as it is.

import { z } from 'zod';
import { append } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import { dayWords } from '../consumer/durable-copy.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { line } from '../envelopes/line.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { comer, inside, within } from '../signed-copy/door.ts';
import { withdrawalState, type WithdrawalState } from './state.ts';

/** Of a door that is open or not: it says that the function is there before the code. Null for one who is no consumer, or nobody's link. */
export async function withdrawalAt(ctx: Context, secret: string): Promise<WithdrawalState | null> {
	const who = await comer(ctx, secret);
	if (!who.live) return null;
	const own = await within(ctx, who);
	return own.tx((tx) => withdrawalState(tx, own.signer));
}

export const declaring = z.object({
	name: line(200),
	/** Where the acknowledgement goes. */
	email: z.string().trim().toLowerCase().max(254).pipe(z.email())
});
export type Declaring = z.infer<typeof declaring>;

interface About {
	readonly client: string;
	readonly sender: string;
	readonly name: string;
	readonly email: string;
	readonly locale: 'fr' | 'en';
	readonly reference: string;
	readonly subject: string;
	readonly concludedAt: Date;
	readonly deliveredOn: string | null;
}

async function about(tx: Tx, signer: string): Promise<About> {
	const [row] = await tx<[About]>`
		select s.client, c.name as sender, s.name, s.email, s.locale, e.reference, k.subject, e.closed_at as "concludedAt", k.delivered_on::text as "deliveredOn"
		from signer s join envelope e on e.id = s.envelope join client c on c.id = s.client join consumer_contract k on k.envelope = e.id where s.id = ${signer}`;
	return row;
}

/** What is declared, word for word. */
function statement(a: About, name: string): string {
	const [concluded, delivered] = [dayWords(a.locale, a.concludedAt), a.deliveredOn && dayWords(a.locale, a.deliveredOn)];
	return a.locale === 'fr'
		? `À l’attention de ${a.sender} : je vous notifie ma rétractation du contrat « ${a.subject} », référence ${a.reference}, conclu le ${concluded}${delivered ? `, livré ou exécuté le ${delivered}` : ''}. ${name}`
		: `To ${a.sender}: I hereby give notice that I withdraw from the contract “${a.subject}”, reference ${a.reference}, concluded on ${concluded}${delivered ? `, delivered or performed on ${delivered}` : ''}. ${name}`;
}

export interface Draft {
	readonly withdrawal: WithdrawalState | null;
	readonly sender: string;
	readonly name: string;
	readonly email: string;
	readonly statement: string;
}

/** The declaration as it stands before it is confirmed. Needs an open session at this door: what `inside` says. */
export async function draft(ctx: Context, secret: string, cookie: string | null): Promise<Draft> {
	const own = await inside(ctx, secret, cookie);
	return own.tx(async (tx) => {
		const withdrawal = await withdrawalState(tx, own.signer);
		if (!withdrawal) return { withdrawal, sender: '', name: '', email: '', statement: '' };
		const a = await about(tx, own.signer);
		return { withdrawal, sender: a.sender, name: a.name, email: a.email, statement: statement(a, a.name) };
	});
}

/**
 * The confirmed declaration: once, until the last minute of the term. Needs an open session at this door: what `inside` says.
 * `forbidden` / `withdrawal-none` without the right; `conflict` / `withdrawal-made`; `gone` / `withdrawal-over`.
 */
export async function declare(ctx: Context, secret: string, cookie: string | null, input: Declaring): Promise<void> {
	const own = await inside(ctx, secret, cookie);
	const event = { op: 'signer.withdraw', safe: own.safe, obj: own.signer, actor: own.signer } as const;
	await guarded(own, event, () =>
		own.tx(async (tx) => {
			await tx`select from signer where id = ${own.signer} for no key update`;
			const now = await withdrawalState(tx, own.signer);
			if (!now || now.state === 'no-right') throw new DomainError('forbidden', 'withdrawal-none');
			if (now.state === 'made') throw new DomainError('conflict', 'withdrawal-made');
			if (now.state === 'over') throw new DomainError('gone', 'withdrawal-over');
			const a = await about(tx, own.signer);
			const [id, said] = [crypto.randomUUID(), statement(a, input.name)];
			await tx`insert into withdrawal (id, client, signer, name, email, statement, last_day) values (${id}, ${own.client}, ${own.signer}, ${input.name}, ${input.email}, ${said}, ${now.lastDay})`;
			await append(tx, { ...event, obj: id, values: { name: input.name, email: input.email, statement: said, reference: a.reference, 'last-day': now.lastDay ?? 'not begun' } });
			await enqueue(tx, 'withdrawals.acknowledge', { withdrawal: id });
			for (const kind of ['withdrawal', 'withdrawal-notice']) {
				const message = crypto.randomUUID();
				await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${own.client}, ${kind}, 'mail', ${id})`;
				await enqueue(tx, 'messages.send', { message });
			}
			await tx`select pg_notify('hint', ${`${own.signer} ${own.envelope}`})`;
		}), own.signer);
}
