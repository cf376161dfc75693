import { expect, test } from 'vitest';
import { catchSms } from '../../../../test/support/catchers.ts';
import { webhookSms } from './webhook.ts';

const caught = await catchSms('secret');
const message = { id: 'message-1', to: '+33612345678', text: 'Probant : 123456', report: 'https://safe.example/sms/message-1/secret' };

test('SIGN-12 an SMS reaches the gateway once, with its id and token; the gateway’s reference is kept', async () => {
	expect(await webhookSms(caught.url, 'secret').send(message)).toBe('gateway-1');
	expect(caught.messages).toEqual([message]);
});

test('SIGN-12 what the gateway did not take is an error, and the error does not tell the text', async () => {
	await expect(webhookSms(caught.url, 'wrong').send(message)).rejects.toThrow(/^SMS gateway answered 401$/);
	caught.status = 503;
	await expect(webhookSms(caught.url, 'secret').send(message)).rejects.toThrow(/^SMS gateway answered 503$/);
	await expect(webhookSms('http://127.0.0.1:9/', null).send(message)).rejects.toThrow();
	expect(caught.messages).toHaveLength(1);
});
