import { expect, test } from 'vitest';
import { catchMail } from '../../../../test/support/catchers.ts';
import { smtpMailer } from './smtp.ts';

const caught = await catchMail();
const mailer = smtpMailer(caught.url, 'Probant <safe@probant.test>');
const mail = { id: 'message-1', to: 'ada@test.example', subject: 'Hello', text: 'Read this.' };

test('a mail reaches the server with its id as Message-ID and its attachment; the answer is the server’s', async () => {
	expect(await mailer.send({ ...mail, attachments: [{ name: 'a.pdf', type: 'application/pdf', content: Uint8Array.of(1, 2, 3) }] })).toMatch(/^250/);
	expect(caught.mails[0]!.to).toEqual([mail.to]);
	for (const part of ['Message-ID: <message-1@probant.test>', 'Subject: Hello', 'Read this.', 'filename=a.pdf', 'AQID']) expect(caught.mails[0]!.source).toContain(part);
});

test('a mail that was not taken is an error', async () => {
	caught.refusing = true;
	await expect(mailer.send(mail)).rejects.toMatchObject({ responseCode: 550 });
});
