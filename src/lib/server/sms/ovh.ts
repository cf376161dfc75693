// SMS through OVHcloud (API v1, /sms/{serviceName}): signed requests, no STOP clause, delivery asked of the provider.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { answered } from './answer.ts';
import { NumberRefused, type Delivery, type SmsSender } from './sender.ts';

export interface OvhAccount {
	/** `https://eu.api.ovh.com/1.0` */
	readonly endpoint: string;
	/** `sms-xx1234-1` */
	readonly service: string;
	readonly applicationKey: string;
	readonly applicationSecret: string;
	readonly consumerKey: string;
	/** A sender of the account; empty: its short number. */
	readonly sender: string;
}

const job = z.object({ ids: z.array(z.number()).min(1), invalidReceivers: z.array(z.string()).default([]) });
const outgoing = z.object({ deliveryReceipt: z.number().nullable().default(null), ptt: z.number().nullable().default(null), credits: z.number().nonnegative().nullable().default(null) });

/** Delivery receipts as SMS centres number them (Kannel: 1 delivered, 2 not delivered, 16 rejected); the others are steps on the way. */
const states: Readonly<Record<number, Delivery['state']>> = { 1: 'delivered', 2: 'undelivered', 16: 'undelivered' };

export function ovhSms(account: OvhAccount): SmsSender {
	/** Seconds by which the provider's clock is ahead of ours. */
	let ahead: Promise<number> | undefined;
	const clock = async (): Promise<number> => Number(await answered('OVHcloud', `${account.endpoint}/auth/time`, {})) - Math.floor(Date.now() / 1000);

	async function call(method: 'GET' | 'POST', path: string, content?: unknown): Promise<unknown> {
		ahead ??= clock().catch((error: unknown) => ((ahead = undefined), Promise.reject(error)));
		const timestamp = Math.floor(Date.now() / 1000) + (await ahead);
		const [url, body] = [`${account.endpoint}/sms/${encodeURIComponent(account.service)}${path}`, content ? JSON.stringify(content) : ''];
		const signed = createHash('sha1').update([account.applicationSecret, account.consumerKey, method, url, body, timestamp].join('+')).digest('hex');
		const headers = { 'content-type': 'application/json', 'x-ovh-application': account.applicationKey, 'x-ovh-consumer': account.consumerKey, 'x-ovh-timestamp': String(timestamp), 'x-ovh-signature': `$1$${signed}` };
		return answered('OVHcloud', url, { method, headers, ...(content ? { body } : {}) });
	}

	return {
		async send({ to, text, id }) {
			const wish = { message: text, receivers: [to], charset: 'UTF-8', coding: '7bit', class: 'phoneDisplay', priority: 'high', validityPeriod: 10, noStopClause: true, tag: id.slice(0, 20), ...(account.sender ? { sender: account.sender, senderForResponse: false } : { senderForResponse: true }) };
			const { ids, invalidReceivers } = job.parse(await call('POST', '/jobs', wish));
			if (invalidReceivers.length) throw new NumberRefused('OVHcloud refused the number');
			return String(ids[0]);
		},
		async delivery(reference) {
			const { deliveryReceipt, ptt, credits } = outgoing.parse(await call('GET', `/outgoing/${encodeURIComponent(reference)}`));
			return { state: states[deliveryReceipt ?? 0] ?? null, detail: ptt === null ? null : `ptt ${ptt}`, cost: credits === null ? null : { amount: credits, unit: 'credits' } };
		}
	};
}
