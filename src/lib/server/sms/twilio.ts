// SMS through Twilio (API 2010-04-01, Messages): delivery and price asked of the provider.

import { z } from 'zod';
import { answered } from './answer.ts';
import type { Delivery, SmsSender } from './sender.ts';

export interface TwilioAccount {
	/** `https://api.twilio.com` */
	readonly endpoint: string;
	readonly sid: string;
	readonly token: string;
	/** A number or name of the account, or the SID of a messaging service (`MG…`). */
	readonly from: string;
}

const taken = z.object({ sid: z.string().max(64) });
const message = z.object({ status: z.string(), error_code: z.number().nullable().default(null), price: z.string().nullable().default(null), price_unit: z.string().max(10).nullable().default(null) });

const states: Readonly<Record<string, Delivery['state']>> = { delivered: 'delivered', undelivered: 'undelivered', failed: 'undelivered', canceled: 'undelivered' };

export function twilioSms({ endpoint, sid, token, from }: TwilioAccount): SmsSender {
	const headers = { authorization: `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}` };
	const base = `${endpoint}/2010-04-01/Accounts/${encodeURIComponent(sid)}/Messages`;
	return {
		async send({ to, text }) {
			const body = new URLSearchParams({ To: to, Body: text, ValidityPeriod: '600', ...(from.startsWith('MG') ? { MessagingServiceSid: from } : { From: from }) });
			return taken.parse(await answered('Twilio', `${base}.json`, { method: 'POST', headers, body })).sid;
		},
		async delivery(reference) {
			const { status, error_code: error, price, price_unit: unit } = message.parse(await answered('Twilio', `${base}/${encodeURIComponent(reference)}.json`, { headers }));
			return { state: states[status] ?? null, detail: error === null ? null : `error ${error}`, cost: price && unit ? { amount: Math.abs(Number(price)), unit } : null };
		}
	};
}
