// Development: mails and SMS are kept in the database and shown on a page instead of being sent. Production refuses it.

import type { Sql } from 'postgres';
import type { SmsSender } from '../sms/sender.ts';
import type { Mailer } from './mailer.ts';

/** Both senders, over a pool of the worker. */
export function outbox(sql: Sql): { mailer: Mailer; sms: SmsSender } {
	const keep = async (id: string, channel: string, recipient: string, subject: string | null, body: string) => {
		await sql`insert into outbox (id, channel, recipient, subject, body) values (${id}, ${channel}, ${recipient}, ${subject}, ${body}) on conflict (id) do update set body = excluded.body, at = app.now()`;
		return 'outbox';
	};
	return {
		mailer: { send: (m) => keep(m.id, 'mail', m.to, m.subject, m.attachments?.length ? `${m.text}\n[${m.attachments.map((a) => `${a.name}, ${a.content.length}`).join('; ')}]` : m.text) },
		sms: { send: (s) => keep(s.id, 'sms', s.to, null, s.text) }
	};
}
