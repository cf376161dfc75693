// Development: mails and SMS are kept in the database and shown on a page instead of being sent. Production refuses it.

import type { Sql } from 'postgres';
import type { SmsSender } from '../sms/sender.ts';
import type { Mail, Mailer } from './mailer.ts';

/** The HTML with its pictures in it, where a mail has them beside it. */
const whole = ({ html, attachments = [] }: Mail): string => attachments.reduce((page, { cid, type, content }) => (cid ? page.replaceAll(`"cid:${cid}"`, `"data:${type};base64,${Buffer.from(content).toString('base64')}"`) : page), html);

/** Both senders, over a pool of the worker. */
export function outbox(sql: Sql): { mailer: Mailer; sms: SmsSender } {
	const keep = async (row: { id: string; channel: 'mail' | 'sms'; recipient: string; subject: string | null; body: string; html: string | null; sender: string | null; reply_to: string | null }) => {
		await sql`insert into outbox ${sql(row)} on conflict (id) do update set body = excluded.body, html = excluded.html, at = app.now()`;
		return 'outbox';
	};
	const files = (m: Mail) => (m.attachments ?? []).filter(({ cid }) => !cid);
	return {
		mailer: {
			send: (m) =>
				keep({
					...{ id: m.id, channel: 'mail', recipient: m.to, subject: m.subject, html: whole(m), sender: m.sender ?? null },
					body: files(m).length ? `${m.text}\n[${files(m).map((a) => `${a.name}, ${a.content.length}`).join('; ')}]` : m.text,
					reply_to: m.replyTo ? `${m.replyTo.name} <${m.replyTo.address}>` : null
				})
		},
		sms: { send: (s) => keep({ id: s.id, channel: 'sms', recipient: s.to, subject: null, body: s.text, html: null, sender: null, reply_to: null }) }
	};
}
