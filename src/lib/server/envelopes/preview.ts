// What a signer receives, shown to whoever sends it, or sent to them: the same words as theirs, with a link that opens nothing and a code that is none.

import { append } from '../audit/append.ts';
import type { Context, WorkerContext } from '../context.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { letter, type Draft } from '../letter.ts';
import type { Mail } from '../mail/mailer.ts';
import * as safes from '../safes.ts';
import { approvalInvitation } from './approval-text.ts';
import { invitation } from './mail-text.ts';
import { find, type Role } from './send.ts';
import { codeSms } from './sms-text.ts';

const perHour = 10;
const noCode = '000000';
const marked = { fr: 'Aperçu', en: 'Preview' } as const;

interface Asked {
	readonly envelope: string;
	readonly role: Role;
	readonly sender: string;
	readonly name: string;
	readonly email: string;
	/** Null: an approver's, or left to the signer. */
	readonly number: string | null;
	readonly locale: 'fr' | 'en';
	readonly title: string;
	readonly reference: string;
	readonly note: string;
	readonly expires: Date;
	readonly delegatedBy: string;
	readonly group: string;
}

export interface Preview {
	/** In the signer's language. */
	readonly locale: 'fr' | 'en';
	readonly role: Role;
	readonly mail: Pick<Mail, 'to' | 'subject' | 'text' | 'html' | 'sender' | 'replyTo'>;
	/** Null: an approver has no code. `to` is null while the number is left to the signer. */
	readonly sms: { readonly to: string | null; readonly text: string } | null;
}

/** A signer or approver of an envelope; undefined when there is none of that id. */
async function asked(ctx: Context, signer: string): Promise<Asked | undefined> {
	const [row] = await ctx.tx(
		(tx) => tx<Asked[]>`
			select s.envelope, s.role, c.name as sender, s.name, s.email, s.number, s.locale, e.title, e.reference, e.note, e.expires_at as expires,
				coalesce((select string_agg(o.name, ', ' order by o.position) from signer o where o.group_of = s.group_of and o.id <> s.id and o.state <> 'declined'), '') as "group",
				coalesce((select d.from_name from delegation d where d.signer = s.id order by d.at desc limit 1), '') as "delegatedBy"
			from signer s join envelope e on e.id = s.envelope join client c on c.id = s.client where s.id = ${signer} and s.role <> 'copy' and not s.in_person`
	);
	return row;
}

const draftOf = (ctx: Context, a: Asked): Draft => ({ to: a.email, locale: a.locale, ...(a.role === 'approver' ? approvalInvitation : invitation)(a.locale, { ...a, link: `${ctx.settings.origin}/sign/preview` }) });

/** What one signer receives. Needs `send` in the envelope's safe. `not-found` / `signer` for a copy, or another envelope's. */
export async function preview(ctx: Context, envelope: string, signer: string): Promise<Preview> {
	await find(ctx, envelope, 'send');
	const a = safes.isId(signer) ? await asked(ctx, signer) : undefined;
	if (a?.envelope !== envelope) throw new DomainError('not-found', 'signer');
	const { attachments = [], ...mail } = await letter(ctx, { id: signer, subject: envelope }, draftOf(ctx, a));
	const html = attachments.reduce((page, { cid, type, content }) => page.replace(`"cid:${cid}"`, `"data:${type};base64,${Buffer.from(content).toString('base64')}"`), mail.html);
	const sms = a.role === 'signer' ? { to: a.number, text: codeSms(a.locale, ctx.settings.operator, noCode, a.reference, new URL(ctx.settings.origin).host).replaceAll(noCode, '••••••') } : null;
	return { locale: a.locale, role: a.role, mail: { ...mail, html }, sms };
}

/** Sends the asker what a signer receives, marked as a preview. Needs `send`; `too-many` / `previews`: ten an hour. */
export async function sendPreview(ctx: Context, envelope: string, signer: string): Promise<void> {
	const { safe } = await find(ctx, envelope, 'send');
	await preview(ctx, envelope, signer);
	const { client, person } = ctx.actor;
	await ctx.tx(async (tx) => {
		const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`preview:${person}`}, interval '1 hour') as n`;
		if (n > perHour) throw new DomainError('too-many', 'previews', { retryAfter: 3600 });
		const [id, message] = [crypto.randomUUID(), crypto.randomUUID()];
		await tx`insert into preview (id, client, signer, person) values (${id}, ${client}, ${signer}, ${person})`;
		await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${client}, 'preview', 'mail', ${id})`;
		await enqueue(tx, 'messages.send', { message });
		await append(tx, { op: 'envelope.preview', safe, obj: envelope, values: { signer } });
	});
}

/** The worker's words of one that was asked for; null once the signer is gone. */
export async function previewMail(ctx: WorkerContext, id: string): Promise<Draft | null> {
	const [row] = await ctx.tx((tx) => tx<{ signer: string; to: string }[]>`select v.signer, p.email as to from preview v join person p on p.id = v.person where v.id = ${id}`);
	const a = row && (await asked(ctx, row.signer));
	if (!row || !a) return null;
	const draft = draftOf(ctx, a);
	const head = { fr: `Aperçu de ce que reçoit ${a.name} : le lien n’ouvre rien.`, en: `A preview of what ${a.name} receives: the link opens nothing.` }[a.locale];
	return { ...draft, to: row.to, subject: `[${marked[a.locale]}] ${draft.subject}`, text: `${head}\n\n${draft.text}` };
}
