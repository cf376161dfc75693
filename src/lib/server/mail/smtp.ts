// Mail over SMTP.

import { createTransport } from 'nodemailer';
import type { Mailer } from './mailer.ts';

/** @param url `smtps://user:password@host:port`, or `smtp://` (STARTTLS is used where offered) */
export function smtpMailer(url: string, from: string): Mailer {
	const transport = createTransport(url, { from, disableFileAccess: true, disableUrlAccess: true });
	const host = /@([^>\s]+)>?$/.exec(from)?.[1] ?? 'localhost';
	return {
		async send(mail) {
			const sent = await transport.sendMail({
				messageId: `<${mail.id}@${host}>`,
				to: mail.to,
				subject: mail.subject,
				text: mail.text,
				...(mail.html ? { html: mail.html } : {}),
				attachments: (mail.attachments ?? []).map((a) => ({ filename: a.name, contentType: a.type, content: Buffer.from(a.content) }))
			});
			return String(sent.response).slice(0, 200);
		}
	};
}
