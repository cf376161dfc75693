import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catchMail } from '../../../../test/support/catchers.ts';
import { MailRefused } from './mailer.ts';
import { headerName, smtpMailer } from './smtp.ts';

const caught = await catchMail();
const mailer = smtpMailer(caught.url, 'Probant <safe@probant.test>');
const mail = { id: 'message-1', to: 'ada@test.example', subject: 'Hello', text: 'Read this.', html: '<p>Read this.</p>' };
const fields = (source: string) => new Map(source.slice(0, source.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ').split('\r\n').map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]));
const decoded = (value: string) => value.replace(/\?=\s+=\?/g, '?==?').replace(/=\?UTF-8\?Q\?(.*?)\?=/gi, (_, q: string) => Buffer.from(q.replace(/_/g, ' ').replace(/=([0-9A-F]{2})/g, (__, h: string) => String.fromCharCode(parseInt(h, 16))), 'latin1').toString()).replace(/=\?UTF-8\?B\?(.*?)\?=/gi, (_, b: string) => Buffer.from(b, 'base64').toString());

test('a mail reaches the server with its id as Message-ID, as text and HTML, with its attachment; the answer is the server’s', async () => {
	expect(await mailer.send({ ...mail, attachments: [{ name: 'a.pdf', type: 'application/pdf', content: Uint8Array.of(1, 2, 3) }] })).toMatch(/^250/);
	expect(caught.mails[0]!.to).toEqual([mail.to]);
	for (const part of ['Message-ID: <message-1@probant.test>', 'From: Probant <safe@probant.test>', 'Subject: Hello', 'Read this.', '<p>Read this.</p>', 'multipart/alternative', 'filename=a.pdf', 'AQID']) expect(caught.mails[0]!.source).toContain(part);
});

test('a client’s mail carries its name before ours, its logo inside, and is answered to whoever sent it', async () => {
	await mailer.send({ ...mail, sender: 'Ateliers Martin', replyTo: { name: 'Ada Lovelace', address: 'ada@martin.example' }, attachments: [{ name: 'logo.png', type: 'image/png', content: Uint8Array.of(1), cid: 'logo' }] });
	const { source } = caught.mails.at(-1)!;
	expect(fields(source).get('from')).toBe('Ateliers Martin via Probant <safe@probant.test>');
	expect(fields(source).get('reply-to')).toBe('Ada Lovelace <ada@martin.example>');
	for (const part of ['Content-Id: <logo>', 'Content-Disposition: inline; filename=logo.png', 'multipart/related']) expect(source.toLowerCase()).toContain(part.toLowerCase());
	expect(source).not.toContain('X-Report');
});

test('what cannot be delivered comes back to an address that names the message; the carrier is told where to report only by the header that is set', async () => {
	await smtpMailer(caught.url, 'safe@probant.test', { bounces: 'bounces@probant.test', reportHeader: 'X-Report' }).send({ ...mail, report: 'https://safe.test/mail/1/s' });
	expect(caught.mails.at(-1)!.from).toBe('bounces+message-1@probant.test');
	expect(fields(caught.mails.at(-1)!.source).get('x-report')).toBe('https://safe.test/mail/1/s');
	expect(fields(caught.mails.at(-1)!.source).get('from')).toBe('safe@probant.test');
});

test('SIGN-12 no name and no subject makes a header, an address or a recipient', async () => {
	const nasty = fc.string({ unit: fc.constantFrom('\r\n', '\n', '\r', 'Bcc: eve@evil.example', '<', '>', '"', '\\', '@', ',', ';', ':', '(', ')', '=?UTF-8?Q?', '?=', '\u202e', '\u2028', '\u0000', 'é', '日', ' ', 'a', 'eve@evil.example'), maxLength: 20 });
	const base = new Set([...fields(caught.mails[1]!.source).keys()]);
	await fc.assert(
		fc.asyncProperty(nasty, nasty, nasty, async (sender, person, subject) => {
			await mailer.send({ ...mail, subject, sender, replyTo: { name: person, address: 'ada@martin.example' } });
			const { source, to } = caught.mails.at(-1)!;
			const got = fields(source);
			expect(to).toEqual([mail.to]);
			expect([...got.keys()].filter((name) => !base.has(name))).toEqual([]);
			expect(got.get('from')).toMatch(/<safe@probant\.test>$/);
			expect(got.get('from')!.replace(/"(?:[^"\\]|\\.)*"/g, '').match(/<[^>]*>/g)).toEqual(['<safe@probant.test>']);
			expect(got.get('reply-to')!.replace(/"(?:[^"\\]|\\.)*"/g, '')).toMatch(/^[^<>]*<?ada@martin\.example>?$/);
		}),
		{ numRuns: 60 }
	);
	await mailer.send({ ...mail, sender: 'Évêché\r\nBcc: eve@evil.example' });
	expect(decoded(fields(caught.mails.at(-1)!.source).get('from')!)).toBe('Évêché Bcc: eve@evil.example via Probant <safe@probant.test>');
	expect(headerName('a\r\n<b>\u202e"c"\\')).toBe('a b c');
});

test('a mail that was not taken is an error', async () => {
	caught.refusing = true;
	await expect(mailer.send(mail)).rejects.toMatchObject({ name: 'MailRefused', responseCode: 550 });
});

test('SIGN-12 what is not about the recipient is no refusal for good: nobody there', async () => {
	caught.refusing = false;
	const error: unknown = await smtpMailer('smtp://127.0.0.1:9', 'Probant <safe@probant.test>').send(mail).catch((e: unknown) => e);
	expect(error).toMatchObject({ code: expect.stringMatching(/^E/) as string });
	expect(error).not.toBeInstanceOf(MailRefused);
});

test('SIGN-12 the error of a refusal names nobody', async () => {
	caught.refusing = true;
	const error = await mailer.send(mail).catch((e: unknown) => e as Error);
	expect(JSON.stringify([(error as Error).message, error])).not.toContain(mail.to);
});
