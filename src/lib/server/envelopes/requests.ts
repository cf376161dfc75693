// What signers asked of the sender, on the sender's side: seen on the envelope and the dashboard, answered by mail, or marked as settled.

import { append } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import * as safes from '../safes.ts';
import { withoutLinks, type OwnRequest } from './ask-sender.ts';
import { find } from './send.ts';

export interface SignerRequest extends OwnRequest {
	readonly signer: string;
	readonly name: string;
}

const longest = 2000;

/** Of one envelope: those that wait first, then oldest first. Needs `send`. */
export async function requestsOf(ctx: Context, envelope: string): Promise<readonly SignerRequest[]> {
	await find(ctx, envelope, 'send');
	return ctx.tx(
		(tx) => tx<SignerRequest[]>`
			select r.id, r.kind, r.words, r.asked_at as "askedAt", r.answer, r.settled_at as "settledAt", r.signer, r.name
			from signer_request r where r.envelope = ${envelope} order by r.settled_at is not null, r.asked_at, r.id`
	);
}

export interface OpenRequest {
	readonly envelope: string;
	readonly title: string;
	readonly id: string;
	readonly kind: 'paper' | 'question';
	readonly name: string;
	readonly askedAt: Date;
}

/** Those that wait for an answer in the safes the asker may send from, oldest first. */
export async function openRequests(ctx: Context, most: number): Promise<{ readonly found: readonly OpenRequest[]; readonly count: number }> {
	return ctx.tx(async (tx) => {
		const from = tx`signer_request r join envelope e on e.id = r.envelope
			where r.client = ${ctx.actor.client} and r.settled_at is null and e.safe in (select g.safe from safe_right g where g.person = ${ctx.actor.person} and 'send' = any (g.rights))`;
		const [{ count }] = await tx<[{ count: number }]>`select count(*)::int as count from ${from}`;
		const found = await tx<OpenRequest[]>`select e.id as envelope, e.title, r.id, r.kind, r.name, r.asked_at as "askedAt" from ${from} order by r.asked_at, r.id limit ${most}`;
		return { found, count };
	});
}

/**
 * Answers a request: the words are mailed to the signer, and it is settled. Needs `send`. `invalid`: `answer-empty`, `answer-long`; otherwise as `settle`.
 */
export async function answer(ctx: Context, envelope: string, { request, words }: { readonly request: string; readonly words: string }): Promise<void> {
	const said = withoutLinks(words);
	await close(ctx, envelope, request, 'signer.answer', said, () => {
		if (!said) throw new DomainError('invalid', 'answer-empty');
		if (said.length > longest) throw new DomainError('invalid', 'answer-long');
	});
}

/**
 * Settles a request without an answer here (it was given elsewhere). Needs `send`.
 * `not-found` / `signer-request`; `conflict` / `request-settled`: someone was faster.
 */
export const settle = (ctx: Context, envelope: string, request: string): Promise<void> => close(ctx, envelope, request, 'signer.settle', '', () => {});

async function close(ctx: Context, envelope: string, id: string, op: 'signer.answer' | 'signer.settle', words: string, check: () => void): Promise<void> {
	const { safe } = await find(ctx, envelope, 'send');
	await guarded(ctx, { op, safe, obj: envelope }, async () => {
		check();
		await ctx.tx(async (tx) => {
			const [row] = safes.isId(id) ? await tx<{ signer: string; open: boolean }[]>`select signer, settled_at is null as open from signer_request where id = ${id} and envelope = ${envelope} for no key update` : [];
			if (!row) throw new DomainError('not-found', 'signer-request');
			if (!row.open) throw new DomainError('conflict', 'request-settled');
			await tx`update signer_request set answer = ${words || null}, settled_at = app.now(), settled_by = ${ctx.actor.person} where id = ${id}`;
			await append(tx, { op, safe, obj: row.signer, values: { request: id, ...(words ? { words } : {}) } });
			if (op === 'signer.settle') return;
			const message = crypto.randomUUID();
			await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${ctx.actor.client}, 'request-answered', 'mail', ${id})`;
			await enqueue(tx, 'messages.send', { message });
		});
	});
}
