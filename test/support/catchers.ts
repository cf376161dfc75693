// Where mails and SMS go in tests: a mail server and an SMS gateway on loopback, real on the wire.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll } from 'vitest';

export interface CaughtMail {
	readonly to: readonly string[];
	/** The envelope's sender. */
	readonly from: string;
	/** As it came: headers and body. */
	readonly source: string;
}

/** A mail server that keeps what it gets. `refusing`: no recipient is known to it. */
export async function catchMail(): Promise<{ readonly url: string; readonly mails: CaughtMail[]; refusing: boolean }> {
	const mails: CaughtMail[] = [];
	const server = new SMTPServer({
		disabledCommands: ['AUTH', 'STARTTLS'],
		onRcptTo: (_address, _session, done) => done(caught.refusing ? Object.assign(new Error('no such box'), { responseCode: 550 }) : null),
		onData(stream, session, done) {
			const parts: Buffer[] = [];
			stream.on('data', (part: Buffer) => parts.push(part));
			stream.on('end', () => {
				mails.push({ to: session.envelope.rcptTo.map((r) => r.address), from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '', source: Buffer.concat(parts).toString() });
				done();
			});
		}
	});
	await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
	afterAll(() => new Promise<void>((done) => void server.close(done)));
	const caught = { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, mails, refusing: false };
	return caught;
}

export interface CaughtSms {
	readonly to: string;
	readonly text: string;
	readonly id: string;
	readonly report: string;
}

/** An SMS gateway that takes what carries its token. `status`: what it answers. */
export async function catchSms(token: string): Promise<{ readonly url: string; readonly messages: CaughtSms[]; status: number }> {
	const messages: CaughtSms[] = [];
	const server = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on('data', (part: Buffer) => parts.push(part));
		request.on('end', () => {
			const message = JSON.parse(Buffer.concat(parts).toString()) as CaughtSms;
			const status = request.headers.authorization !== `Bearer ${token}` ? 401 : request.headers['idempotency-key'] !== message.id ? 400 : caught.status;
			if (status === 200) messages.push(message);
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(status === 200 ? { reference: `gateway-${messages.length}` } : { error: 'refused' }));
		});
	});
	await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
	afterAll(() => {
		server.closeAllConnections();
		server.close();
	});
	const caught = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`, messages, status: 200 };
	return caught;
}
