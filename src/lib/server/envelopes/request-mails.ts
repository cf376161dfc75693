// What a signer asked and what was answered, as mails: found and worded when the worker sends them.

import type { WorkerContext } from '../context.ts';
import type { Draft } from '../letter.ts';
import { answered, asked } from './request-text.ts';

/** To the sender; answered to the signer. Null once it is settled. */
export async function requestMail(ctx: WorkerContext, id: string): Promise<Draft | null> {
	const [row] = await ctx.tx(
		(tx) => tx<{ name: string; email: string; locale: 'fr' | 'en'; signer: string; address: string; kind: 'paper' | 'question'; words: string; title: string; reference: string; envelope: string }[]>`
			select p.name, p.email, p.locale, r.name as signer, r.email as address, r.kind, r.words, e.title, e.reference, e.id as envelope
			from signer_request r join envelope e on e.id = r.envelope join person p on p.id = coalesce(e.sent_by, e.created_by) where r.id = ${id} and r.settled_at is null`
	);
	return row ? { to: row.email, locale: row.locale, replyTo: { name: row.signer, address: row.address }, ...asked(row.locale, { ...row, link: `${ctx.settings.origin}/envelopes/${row.envelope}#requests` }) } : null;
}

/** To whoever asked, though another may have the place by now. */
export async function answerMail(ctx: WorkerContext, id: string): Promise<Draft | null> {
	const [row] = await ctx.tx(
		(tx) => tx<{ name: string; email: string; locale: 'fr' | 'en'; sender: string; kind: 'paper' | 'question'; words: string; answer: string; title: string; reference: string }[]>`
			select r.name, r.email, s.locale, c.name as sender, r.kind, r.words, r.answer, e.title, e.reference
			from signer_request r join signer s on s.id = r.signer join envelope e on e.id = r.envelope join client c on c.id = r.client where r.id = ${id} and r.answer is not null`
	);
	return row ? { to: row.email, locale: row.locale, ...answered(row.locale, row) } : null;
}
