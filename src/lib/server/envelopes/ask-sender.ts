// What a signer asks of the sender (SIGN-21): the document on paper, or a question. Nothing they write carries a link; the sender is mailed, and answers there or in the product.

import { append } from '../audit/append.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { SignerContext } from './door.ts';
import { tried } from './sign-here.ts';

export interface OwnRequest {
	readonly id: string;
	readonly kind: 'paper' | 'question';
	readonly words: string;
	readonly askedAt: Date;
	readonly answer: string | null;
	readonly settledAt: Date | null;
}

export interface Help {
	readonly sender: string;
	readonly title: string;
	readonly reference: string;
	readonly locale: 'fr' | 'en';
	/** They may still be handed the paper: nothing is signed or declined. */
	readonly paper: boolean;
	/** Theirs, oldest first; not those of whoever had the place before them. */
	readonly requests: readonly OwnRequest[];
	/** Which reminders were stopped for their address. */
	readonly stopped: 'none' | 'envelope' | 'client';
}

const longest = 2000;
const [papersPerDay, questionsPerDay] = [3, 5];

/** Words without the secret links that open a signer's page or a signed document. */
export const withoutLinks = (words: string): string => words.trim().replace(/\S*\/(?:sign|copy)\/[A-Za-z0-9_-]{43}\S*/g, '[…]');

/** What the help menu shows. */
export async function help(ctx: SignerContext): Promise<Help> {
	return ctx.tx(async (tx) => {
		const [row] = await tx<Omit<Help, 'requests'>[]>`
			select c.name as sender, e.title, e.reference, s.locale, e.state = 'waiting' and s.state in ('invited', 'opened') as paper,
				coalesce((select case when r.envelope is null then 'client' else 'envelope' end from reminder_stop r where r.email = s.email and (r.envelope is null or r.envelope = e.id) order by r.envelope nulls first limit 1), 'none') as stopped
			from signer s join envelope e on e.id = s.envelope join client c on c.id = s.client where s.id = ${ctx.signer}`;
		if (!row) throw new DomainError('not-found', 'envelope');
		const requests = await tx<OwnRequest[]>`select id, kind, words, asked_at as "askedAt", answer, settled_at as "settledAt" from signer_request where signer = ${ctx.signer} and email = (select email from signer where id = ${ctx.signer}) order by asked_at, id`;
		return { ...row, requests };
	});
}

async function ask(tx: Tx, ctx: SignerContext, kind: OwnRequest['kind'], words: string): Promise<void> {
	const id = crypto.randomUUID();
	await tx`insert into signer_request (id, client, envelope, signer, name, email, kind, words) select ${id}::uuid, client, envelope, id, name, email, ${kind}::text, ${words}::text from signer where id = ${ctx.signer}`;
	await append(tx, { op: kind === 'paper' ? 'signer.paper' : 'signer.question', safe: ctx.safe, obj: ctx.signer, actor: ctx.signer, values: { request: id, ...(words ? { words } : {}) } });
	const message = crypto.randomUUID();
	await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${ctx.actor.client}, 'request', 'mail', ${id})`;
	await enqueue(tx, 'messages.send', { message });
}

/** Counts one for a signer and a day. `too-many` / `requests` above so many. */
async function count(tx: Tx, ctx: SignerContext, what: string, most: number): Promise<void> {
	const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`${what}:${ctx.signer}`}, interval '1 day') as n`;
	if (n > most) throw new DomainError('too-many', 'requests', { retryAfter: 86_400 });
}

/** Asks for the document on paper, with words if they like (an address, such as). Signing here stays open to them. `conflict`: `paper-asked` while the sender has not settled an earlier one, `nothing-to-sign` once they have signed, declined, or the envelope is closed; `too-many` / `requests`. */
export async function askPaper(ctx: SignerContext, words: string): Promise<void> {
	await tried(ctx, 'signer.paper', async (tx) => {
		const [row] = await tx<{ open: boolean; asked: boolean }[]>`
			select e.state = 'waiting' and e.expires_at > app.now() and s.state in ('invited', 'opened') as open, exists (select from signer_request r where r.signer = s.id and r.email = s.email and r.kind = 'paper' and r.settled_at is null) as asked
			from signer s join envelope e on e.id = s.envelope where s.id = ${ctx.signer} for no key update of s`;
		if (!row?.open) throw new DomainError('conflict', 'nothing-to-sign');
		if (row.asked) throw new DomainError('conflict', 'paper-asked');
		await count(tx, ctx, 'paper', papersPerDay);
		await ask(tx, ctx, 'paper', withoutLinks(words).slice(0, longest));
	});
}

/** Puts a question to the sender. `invalid` / `question-empty`, `question-long`; `too-many` / `requests`: five a day. */
export async function askQuestion(ctx: SignerContext, words: string): Promise<void> {
	await tried(ctx, 'signer.question', async (tx) => {
		const question = withoutLinks(words);
		if (!question) throw new DomainError('invalid', 'question-empty');
		if (question.length > longest) throw new DomainError('invalid', 'question-long');
		await count(tx, ctx, 'question', questionsPerDay);
		await ask(tx, ctx, 'question', question);
	});
}
