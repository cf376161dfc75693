import { expect, test } from 'vitest';
import { ovhServer, twilioServer } from '../../../../test/support/sms-providers.ts';
import { ovhSms } from './ovh.ts';
import { twilioSms } from './twilio.ts';

const secrets = { applicationSecret: 'application-secret', consumerKey: 'consumer' };
const ovh = await ovhServer(secrets);
const account = { endpoint: ovh.endpoint, service: 'sms-ab1234-1', applicationKey: 'key', ...secrets, sender: 'Probant' };
const twilio = await twilioServer({ sid: 'AC1', token: 'token' });
const number = { endpoint: twilio.endpoint, sid: 'AC1', token: 'token', from: '+33700000000' };
const sms = { id: 'b3b6c6f0-0000-4000-8000-000000000001', to: '+33612345678', text: 'Probant : 123456 est votre code', report: 'https://safe.example/sms/x/y' };

test('SIGN-12 SIGN-2 OVHcloud: a signed request by the provider’s clock, without the STOP clause; what became of it and what it cost is asked', async () => {
	const sender = ovhSms(account);
	const reference = await sender.send(sms);
	expect(ovh.state.jobs).toMatchObject([{ message: sms.text, receivers: [sms.to], noStopClause: true, sender: 'Probant' }]);
	expect(await sender.delivery!(reference)).toEqual({ state: null, detail: null, cost: { amount: 1, unit: 'credits' } });
	ovh.state.receipt = { deliveryReceipt: 1, ptt: 4, credits: 1.5 };
	expect(await sender.delivery!(reference)).toEqual({ state: 'delivered', detail: 'ptt 4', cost: { amount: 1.5, unit: 'credits' } });
	for (const deliveryReceipt of [2, 16]) {
		ovh.state.receipt = { deliveryReceipt, ptt: 8, credits: null };
		expect(await sender.delivery!(reference)).toEqual({ state: 'undelivered', detail: 'ptt 8', cost: null });
	}
	await ovhSms({ ...account, sender: '' }).send(sms);
	expect(ovh.state.jobs.at(-1)).toMatchObject({ senderForResponse: true });
});

test('SIGN-12 OVHcloud: what it did not take is an error that tells neither text nor number', async () => {
	await expect(ovhSms({ ...account, applicationSecret: 'wrong' }).send(sms)).rejects.toThrow(/^OVHcloud answered 403$/);
	ovh.state.invalid = [sms.to];
	await expect(ovhSms(account).send(sms)).rejects.toThrow(/^OVHcloud refused the number$/);
	ovh.state.status = 503;
	const sender = ovhSms(account);
	await expect(sender.send(sms)).rejects.toThrow(/^OVHcloud answered 503$/);
	Object.assign(ovh.state, { status: 200, invalid: [] });
	expect(await sender.send(sms)).toMatch(/^\d+$/);
	await expect(ovhSms({ ...account, endpoint: 'http://127.0.0.1:9' }).send(sms)).rejects.toThrow();
});

test('SIGN-12 Twilio: sent by account and token, from a number or a messaging service; what became of it and its price is asked', async () => {
	const sender = twilioSms(number);
	const reference = await sender.send(sms);
	expect(Object.fromEntries(twilio.state.sent[0]!)).toMatchObject({ To: sms.to, Body: sms.text, From: '+33700000000' });
	expect(await sender.delivery!(reference)).toEqual({ state: null, detail: null, cost: null });
	twilio.state.message = { status: 'delivered', error_code: null, price: '-0.0683', price_unit: 'EUR' };
	expect(await sender.delivery!(reference)).toEqual({ state: 'delivered', detail: null, cost: { amount: 0.0683, unit: 'EUR' } });
	twilio.state.message = { status: 'undelivered', error_code: 30003, price: null, price_unit: 'EUR' };
	expect(await sender.delivery!(reference)).toEqual({ state: 'undelivered', detail: 'error 30003', cost: null });
	await twilioSms({ ...number, from: 'MG1' }).send(sms);
	expect(twilio.state.sent.at(-1)!.get('MessagingServiceSid')).toBe('MG1');
});

test('SIGN-12 Twilio: what it did not take is an error that tells neither text nor number', async () => {
	await expect(twilioSms({ ...number, token: 'wrong' }).send(sms)).rejects.toThrow(/^Twilio answered 401$/);
	twilio.state.status = 429;
	await expect(twilioSms(number).send(sms)).rejects.toThrow(/^Twilio answered 429$/);
});
