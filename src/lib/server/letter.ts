// A mail as it leaves: the words it was given, the same in HTML under the client's name and logo, in the client's name, answered to whoever asked.

import { createHash } from 'node:crypto';
import type { Context, WorkerContext } from './context.ts';
import { reportSecret } from './delivery.ts';
import { htmlOf } from './mail/html.ts';
import type { Attached, Mail } from './mail/mailer.ts';
import { plain } from './mail/quote.ts';

/** What the words of a mail come to. */
export interface Draft extends Pick<Mail, 'to' | 'subject' | 'text'> {
	readonly locale: 'fr' | 'en';
	readonly attachments?: readonly Attached[];
	/** Who is answered; default: whoever asked. */
	readonly replyTo?: NonNullable<Mail['replyTo']>;
}

interface House {
	readonly name: string;
	readonly replyTo: string | null;
	readonly logo: Uint8Array | null;
	readonly logoType: string | null;
	/** Who asked: the envelope's sender, or the member who invites. */
	readonly person: string | null;
	readonly address: string | null;
}

/** @param subject what the message is about: a link, a signer, an envelope, an identity check, an invitation. */
async function houseOf(ctx: Context, subject: string): Promise<House | null> {
	if (!ctx.actor.client) return null;
	const [row] = await ctx.tx(
		(tx) => tx<House[]>`
			select c.name, h.reply_to as "replyTo", h.logo, h.logo_type as "logoType", p.name as person, p.email as address
			from client c left join letterhead h on h.client = c.id left join person p on p.id = (
				select e.created_by from envelope e where e.client = c.id and e.id in (
					select ${subject}::uuid
					union all select s.envelope from signer s where s.id = ${subject}
					union all select s.envelope from link l join signer s on s.id = l.signer where l.id = ${subject}
					union all select s.envelope from signed_copy_challenge k join signer s on s.id = k.signer where k.id = ${subject}
					union all select r.envelope from signer_request r where r.id = ${subject}
					union all select s.envelope from withdrawal w join signer s on s.id = w.signer where w.id = ${subject}
					union all select s.envelope from preview v join signer s on s.id = v.signer where v.id = ${subject}
					union all select s.envelope from identity_check k join signer s on s.id = k.signer where k.id = ${subject})
				union all select i.invited_by from invitation i where i.id = ${subject} limit 1)
			where c.id = ${ctx.actor.client}`
	);
	return row ?? null;
}

const cid = 'logo';

/** The mail about `subject`, whole; the same on a page of its sender's (`preview.ts`). */
export async function letter(ctx: Context, message: { readonly id: string; readonly subject: string }, { locale, attachments = [], replyTo: answered, ...draft }: Draft): Promise<Mail> {
	const house = await houseOf(ctx, message.subject);
	const words = { to: draft.to, subject: plain(draft.subject), text: plain(draft.text) };
	const logo = house?.logo && house.logoType ? { name: `logo.${house.logoType.slice(6)}`, type: house.logoType, content: house.logo, cid } : null;
	const replyTo = answered ?? (house?.replyTo ? { name: house.name, address: house.replyTo } : house?.person && house.address && house.address !== draft.to ? { name: house.person, address: house.address } : null);
	return {
		id: message.id,
		...words,
		html: htmlOf({ lang: locale, ...words, origin: ctx.settings.origin, name: house?.name ?? ctx.settings.operator, logo: logo && `cid:${cid}` }),
		...(attachments.length || logo ? { attachments: [...attachments, ...(logo ? [logo] : [])] } : {}),
		...(house ? { sender: house.name } : {}),
		...(replyTo ? { replyTo } : {})
	};
}

/** The job's: with the address at which its carrier may say what became of it, which is good from now on. */
export async function dress(ctx: WorkerContext, message: { readonly id: string; readonly subject: string }, draft: Draft): Promise<Mail> {
	const mail = await letter(ctx, message, draft);
	const secret = reportSecret(ctx, message.id);
	await ctx.tx((tx) => tx`update message set report_hash = ${createHash('sha256').update(secret).digest()} where id = ${message.id}`);
	return { ...mail, report: `${ctx.settings.origin}/mail/${message.id}/${secret}` };
}
