// Names made to break what carries them (NUL, line ends, ESC, formulas, marks of direction, quotes, length): refused, or whole in a header and in a mail. A property test.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { disposition } from '#lib/server/download.ts';
import { DomainError } from '#lib/server/errors.ts';
import { checkName } from '#lib/server/documents/name.ts';
import { name as personName } from '#lib/server/identity/register.ts';
import { completion, invitation } from '#lib/server/envelopes/mail-text.ts';
import { smtpMailer } from '#lib/server/mail/smtp.ts';
import { catchMail } from './support/catchers.ts';

const nasty = fc.constantFrom('\0', '\r', '\n', '\r\n', '\u001b', '=', '+', '-', '@', '\u202e', '\u2066', '\u200f', '\u061c', '"', "'", '\\', '/', ';', '%', ',', '..', '\t', '\u2028', '\ud800', 'é', '合', '😀', 'a', 'b', ' ', '.', '\r\nBcc: evil@test.example\r\n\r\n', '=cmd|\' /C calc\'!A0');
const names = fc.oneof(
	fc.array(nasty, { maxLength: 12 }).map((parts) => parts.join('')),
	fc.string({ unit: 'binary', maxLength: 60 }),
	fc.tuple(nasty, fc.integer({ min: 240, max: 300 })).map(([part, n]) => part.repeat(n).slice(0, n))
);
/** The name a browser takes from a Content-Disposition (RFC 8187). */
const told = (header: string) => decodeURIComponent(/filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]+)$/.exec(header)![1]!);
const accepted = (name: string): boolean => {
	try {
		return checkName(name) === name;
	} catch (error) {
		expect(error).toBeInstanceOf(DomainError);
		return false;
	}
};

test('SAFE-7 a document’s name is refused, or told exactly by one header that is nothing else', () => {
	let kept = 0;
	fc.assert(
		fc.property(names, (name) => {
			if (!accepted(name)) return;
			kept++;
			expect(name).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]/);
			expect([...name].length).toBeLessThanOrEqual(255);
			const header = disposition(name);
			expect(header).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\x21-\x7e]+$/);
			expect(/filename="([^"]*)"/.exec(header)![1]).not.toMatch(/[\\%]/);
			expect(new Headers({ 'content-disposition': header }).get('content-disposition')).toBe(header);
			expect(told(header)).toBe(name);
		}),
		{ numRuns: 3000 }
	);
	expect(kept).toBeGreaterThan(300);
});

test('a header is one line whatever name reached it', () => {
	fc.assert(
		fc.property(names.filter((name) => name.isWellFormed() && name.length > 0), (name) => {
			const header = disposition(name);
			expect(header).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\x21-\x7e]+$/);
			expect(told(header)).toBe(name);
		}),
		{ numRuns: 3000 }
	);
});

test('SIGN-4 no name, title or note adds a header to a mail, or another recipient', async () => {
	const caught = await catchMail();
	const mailer = smtpMailer(caught.url, 'Probant <safe@probant.test>');
	const said = { reference: 'AAAA-BBBB', link: 'https://x/sign/y', note: '', expires: new Date(0), attached: true, attestation: true, again: 'https://x/copy/y', verify: 'https://x/verify', rootFingerprint: 'ab'.repeat(32), signer: 'T', reason: '', state: 'cancelled', signed: false, missing: 'Z' } as const;
	await fc.assert(
		fc.asyncProperty(names, names, async (sender, title) => {
			if (!sender.isWellFormed() || !title.isWellFormed()) return;
			for (const write of [invitation, completion]) {
				const { subject, text } = write('en', { ...said, sender, name: sender, title });
				caught.mails.length = 0;
				await mailer.send({ id: 'message-1', to: 'ada@test.example', subject, text, html: text, sender, attachments: [{ name: title || 'a.pdf', type: 'application/pdf', content: Uint8Array.of(1) }] });
				const [mail] = caught.mails;
				expect(mail!.to).toEqual(['ada@test.example']);
				const head = mail!.source.slice(0, mail!.source.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
				expect(head.split('\r\n').map((line) => line.split(':')[0]!.toLowerCase()).sort()).toEqual(['content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to']);
			}
		}),
		{ numRuns: 60 }
	);
});

test('ACC-1 a person’s or an organisation’s name has no character that hides or breaks a line', () => {
	fc.assert(
		fc.property(names, (given) => {
			const read = personName.safeParse(given);
			if (!read.success) return;
			expect(read.data).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
			expect([...read.data].length).toBeLessThanOrEqual(200);
		}),
		{ numRuns: 3000 }
	);
});
