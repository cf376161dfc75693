import { SMTPServer } from 'smtp-server';
import { afterAll, expect, test } from 'vitest';
import { smtpMailer } from './smtp.ts';

const taken: { to: string[]; text: string }[] = [];
let refusing = false;
const server = new SMTPServer({
	disabledCommands: ['AUTH', 'STARTTLS'],
	onRcptTo: (_address, _session, done) => done(refusing ? Object.assign(new Error('no such box'), { responseCode: 550 }) : null),
	onData(stream, session, done) {
		const parts: Buffer[] = [];
		stream.on('data', (part: Buffer) => parts.push(part));
		stream.on('end', () => {
			taken.push({ to: session.envelope.rcptTo.map((r) => r.address), text: Buffer.concat(parts).toString() });
			done();
		});
	}
});
await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
afterAll(() => new Promise<void>((done) => void server.close(done)));
const mailer = smtpMailer(`smtp://127.0.0.1:${(server.server.address() as { port: number }).port}`, 'Probant <safe@probant.test>');
const mail = { id: 'message-1', to: 'ada@test.example', subject: 'Hello', text: 'Read this.' };

test('a mail reaches the server with its id as Message-ID and its attachment; the answer is the server’s', async () => {
	expect(await mailer.send({ ...mail, attachments: [{ name: 'a.pdf', type: 'application/pdf', content: Uint8Array.of(1, 2, 3) }] })).toMatch(/^250/);
	expect(taken[0]!.to).toEqual([mail.to]);
	for (const part of ['Message-ID: <message-1@probant.test>', 'Subject: Hello', 'Read this.', 'filename=a.pdf', 'AQID']) expect(taken[0]!.text).toContain(part);
});

test('a mail that was not taken is an error', async () => {
	refusing = true;
	await expect(mailer.send(mail)).rejects.toMatchObject({ responseCode: 550 });
});
