// SMS through any provider's gateway: one POST of JSON, answered 2xx when it is taken. The body's `reference`, if any, is kept. `report` is where it says later what became of it.

import type { SmsSender } from './sender.ts';

export function webhookSms(url: string, token: string | null): SmsSender {
	return {
		async send({ to, text, id, report }) {
			const response = await fetch(url, {
				method: 'POST',
				redirect: 'error',
				signal: AbortSignal.timeout(10_000),
				headers: { 'content-type': 'application/json', 'idempotency-key': id, ...(token ? { authorization: `Bearer ${token}` } : {}) },
				body: JSON.stringify({ to, text, id, report })
			});
			const body = (await response.text()).slice(0, 4096);
			if (!response.ok) throw new Error(`SMS gateway answered ${response.status}`);
			const reference = /"reference"\s*:\s*"([^"]{1,100})"/.exec(body)?.[1];
			return reference ?? `HTTP ${response.status}`;
		}
	};
}
