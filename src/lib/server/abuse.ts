// Reports of abuse (SIGN-21): from a signer to the operator. The client they are about reads none of them, nor an event that there was one.

import { z } from 'zod';
import { append } from './audit/append.ts';
import { guarded } from './audit/guarded.ts';
import { withActor, type Context, type WorkerContext } from './context.ts';
import { withoutLinks } from './envelopes/ask-sender.ts';
import type { SignerContext } from './envelopes/door.ts';
import { DomainError } from './errors.ts';
import { enqueue } from './jobs/enqueue.ts';
import type { Draft } from './letter.ts';
import { quote } from './mail/quote.ts';
import { isId } from './safes.ts';

export const reasons = ['unknown-sender', 'deception', 'content', 'harassment', 'other'] as const;
export const reporting = z.object({ reason: z.enum(reasons), words: z.string().trim().max(2000).default('') });
const perDay = 3;

/** Reports the envelope and its sender to the operator, who is mailed where OPERATOR_MAIL says. `too-many` / `reports`: three a day. The log names a report, and no client or signer. */
export async function report(ctx: SignerContext, input: z.infer<typeof reporting>): Promise<void> {
	const nobody = withActor(ctx, { person: null, client: null, via: 'link' });
	const id = crypto.randomUUID();
	await guarded(nobody, { op: 'abuse.report', safe: null, obj: id, actor: id }, () =>
		nobody.tx(async (tx) => {
			const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`abuse:${ctx.signer}`}, interval '1 day') as n`;
			if (n > perDay) throw new DomainError('too-many', 'reports', { retryAfter: 86_400 });
			await tx`select app.report_abuse(${id}, ${ctx.signer}, ${input.reason}, ${withoutLinks(input.words)})`;
			await append(tx, { op: 'abuse.report', safe: null, obj: id, actor: id, values: { reason: input.reason } });
			const message = crypto.randomUUID();
			await tx`insert into message (id, kind, channel, subject) values (${message}, 'abuse', 'mail', ${id})`;
			await enqueue(tx, 'messages.send', { message });
		}),
		ctx.signer
	);
}

export interface Report {
	readonly id: string;
	readonly at: Date;
	readonly reason: (typeof reasons)[number];
	readonly words: string;
	/** The client it is about. */
	readonly client: string;
	readonly sender: string;
	readonly reference: string;
	readonly name: string;
	readonly email: string;
	readonly settledAt: Date | null;
	readonly note: string | null;
}

/** Reports of abuse, open ones or all, oldest first. The operator's: over the owner's connection, or the worker's. */
export async function reports(ctx: Context, which: 'open' | 'all', id: string | null = null): Promise<readonly Report[]> {
	return ctx.tx(
		(tx) => tx<Report[]>`
			select a.id, a.at, a.reason, a.words, a.client, c.name as sender, e.reference, s.name, s.email, a.settled_at as "settledAt", a.settled_note as note
			from abuse_report a join client c on c.id = a.client join envelope e on e.id = a.envelope join signer s on s.id = a.signer
			where (${which === 'all'} or a.settled_at is null) and (${id}::uuid is null or a.id = ${id}::uuid) order by a.at, a.id`
	);
}

/** Marks a report as dealt with, and how. The operator's, over the owner's connection. `not-found` / `abuse-report`: there is none of that id that is open. */
export async function settleReport(ctx: Context, id: string, note: string): Promise<void> {
	await ctx.tx(async (tx) => {
		const { count } = isId(id) ? await tx`update abuse_report set settled_at = app.now(), settled_note = ${note.slice(0, 500)} where id = ${id} and settled_at is null` : { count: 0 };
		if (!count) throw new DomainError('not-found', 'abuse-report');
		await append(tx, { op: 'abuse.settle', safe: null, obj: id, values: { note } });
	});
}

/** The operator's mail; null where no address is set: `probant abuse list` shows it all the same. */
export async function abuseMail(ctx: WorkerContext, id: string): Promise<Draft | null> {
	const to = ctx.settings.operatorMail;
	const [r] = to ? await reports(ctx, 'all', id) : [];
	if (!to || !r) return null;
	return {
		to,
		locale: 'en',
		subject: `Report of abuse (${r.reference})`,
		text: `A signer reports an envelope.\n\nReason: ${r.reason}\nClient: ${r.sender}, ${r.client}\nEnvelope: ${r.reference}\nReported by: ${r.name}, ${r.email}\nReport: ${r.id}\n${quote(r.words)}\nThe client is not told. When it is dealt with: probant abuse settle ${r.id} NOTE\n`
	};
}
