import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readNotification, reasonOf } from './dsn.ts';

const id = '0b5f2a9e-1c2d-4e3f-8a9b-0c1d2e3f4a5b';
const report = (groups: string, returned = '') => `--b1\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\r\n--b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n${groups}\r\n\r\n--b1\r\nContent-Type: text/rfc822-headers\r\n\r\n${returned}\r\n--b1--\r\n`;
const failed = 'Final-Recipient: rfc822; zoe@test.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user';
const message = (body: string, to = `bounces+${id}@probant.test`) => `From: MAILER-DAEMON@mx.test\r\nTo: ${to}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="b1"\r\n\r\n${body}`;
const read = (text: string, type = 'message/rfc822') => readNotification(new TextEncoder().encode(text), type);

test('a notification names the message by the address it came to, or by what it returns of it; the whole mail, or its report alone', () => {
	const said = { message: id, state: 'undelivered', status: '5.1.1' };
	expect(read(message(report(failed)))).toEqual(said);
	expect(read(message(report(failed, `Subject: x\r\nMessage-ID: <${id.toUpperCase()}@probant.test>`), 'safe@probant.test'))).toEqual(said);
	expect(read(report(failed, `Message-ID: <${id}@probant.test>`), 'multipart/report; boundary=b1')).toEqual(said);
	expect(read(message(report(failed)).replaceAll('\r\n', '\n'))).toEqual(said);
});

test('what is not final says nothing final; one failed recipient is a failure; what is no notification is null', () => {
	const group = (action: string, status: string) => `Final-Recipient: rfc822; a@test.example\r\nAction: ${action}\r\nStatus: ${status}`;
	expect(read(message(report(group('delayed', '4.4.7'))))).toMatchObject({ state: null, status: '4.4.7' });
	expect(read(message(report(group('relayed', '2.0.0'))))).toMatchObject({ state: null });
	expect(read(message(report(group('delivered (to mailbox)', '2.0.0'))))).toMatchObject({ state: 'delivered' });
	expect(read(message(report(`${group('delivered', '2.0.0')}\r\n\r\n${failed}`)))).toMatchObject({ state: 'undelivered', status: '5.1.1' });
	for (const none of ['', 'Bonjour', message('--b1\r\nContent-Type: text/plain\r\n\r\nout of office\r\n--b1--'), message(report('')), message(report(failed), 'safe@probant.test')]) expect(read(none)).toBeNull();
});

test('reasons are those of RFC 3463', () => {
	expect(['5.1.1', '5.1.10', '5.2.1', '5.2.2', '5.7.1', '5.3.4', '4.4.7', '5.4.4', '5.0.0', 'smtp; 550 5.1.1 no', 'hard bounce'].map(reasonOf)).toEqual(['address', 'address', 'address', 'full', 'refused', 'refused', 'unreachable', 'unreachable', 'other', 'address', 'other']);
});

test('anything may be handed in: no mutant makes the reader throw or linger', () => {
	const whole = new TextEncoder().encode(message(report(failed)));
	fc.assert(
		fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }), fc.nat(whole.length), (changes, cut) => {
			const bytes = whole.slice(0, cut);
			for (const [at, byte] of changes) if (at < cut) bytes[at] = byte;
			readNotification(bytes, 'message/rfc822');
		}),
		{ numRuns: 1000 }
	);
	const started = performance.now();
	for (const flood of ['\n--b1', 'To: +', '\r\n \r\n', 'a:\n']) read(message(flood.repeat(200_000)));
	expect(performance.now() - started).toBeLessThan(3000);
});
