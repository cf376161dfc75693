// Mail over SMTP. Names are data: they cannot make a header, an address or another name of themselves.

import { createTransport } from 'nodemailer';
import { MailRefused, type Mailer } from './mailer.ts';

/** Answers that are about the recipient or the mail; a 5yz to anything else (authentication, sender) is about us, and passes. */
const final = (error: { command?: unknown; responseCode?: unknown }): boolean => (error.command === 'RCPT TO' || error.command === 'DATA') && Number(error.responseCode) >= 500;

/** A name as a header may show it: no controls, no hidden marks, nothing that looks like an address's ends; at most 100 characters. */
export const headerName = (name: string): string => [...name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>"\\]/gu, ' ').replace(/\s+/g, ' ').trim()].slice(0, 100).join('');

export interface Carriage {
	/** Address that mail servers send what could not be delivered to, before its `@` completed by `+` and the message's id. Absent: the sender's. */
	readonly bounces?: string | undefined;
	/** Header in which the provider is told where it may report. Absent: none is put. */
	readonly reportHeader?: string | undefined;
}

/**
 * @param url `smtps://user:password@host:port`, or `smtp://` (STARTTLS is used where offered)
 * @param from `Probant <probant@safe.example>`: the address of every mail; the name where it is nobody else's
 */
export function smtpMailer(url: string, from: string, { bounces, reportHeader }: Carriage = {}): Mailer {
	const [, name = '', address = from] = /^(.*?)\s*<([^<>]+)>$/.exec(from) ?? [];
	// A server that is silent must not hold up what else the worker does.
	const transport = createTransport({ url, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 60_000 }, { disableFileAccess: true, disableUrlAccess: true });
	const host = /@([^>\s]+)$/.exec(address)?.[1] ?? 'localhost';
	return {
		async send(mail) {
			const whose = headerName(mail.sender ?? '');
			const message = {
				from: { name: whose ? `${whose} via ${name || host}` : name, address },
				...(mail.replyTo ? { replyTo: { name: headerName(mail.replyTo.name), address: mail.replyTo.address } } : {}),
				messageId: `<${mail.id}@${host}>`,
				to: mail.to,
				subject: mail.subject,
				text: mail.text,
				html: mail.html,
				...(bounces ? { envelope: { from: bounces.replace('@', `+${mail.id}@`), to: mail.to } } : {}),
				...(reportHeader && mail.report ? { headers: { [reportHeader]: mail.report } } : {}),
				attachments: (mail.attachments ?? []).map((a) => ({ filename: a.name, contentType: a.type, content: Buffer.from(a.content), ...(a.cid ? { cid: a.cid, contentDisposition: 'inline' as const } : {}) }))
			};
			const sent = await transport.sendMail(message).catch((error: { command?: unknown; responseCode?: unknown }) => Promise.reject(final(error) ? new MailRefused(Number(error.responseCode)) : error));
			return String(sent.response).slice(0, 200);
		}
	};
}
