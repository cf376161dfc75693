// The Date of an HTTP answer (RFC 9110 §6.6.1): a clock with a hand for seconds. The address is configured; over HTTPS nobody between can set it.

import { TimeUnavailable, type TimeSource } from './source.ts';

const patience = 5_000; // ms

/** Follows no redirect: whoever answers at the address has a clock, whatever the answer is. */
export function httpClock(address: string): TimeSource {
	const { host } = new URL(address);
	return {
		name: host,
		async ask() {
			const response = await fetch(address, { method: 'HEAD', redirect: 'manual', cache: 'no-store', signal: AbortSignal.timeout(patience) }).catch((cause: unknown) => {
				throw new TimeUnavailable(`${host} cannot be reached`, { cause });
			});
			await response.body?.cancel();
			const said = Date.parse(response.headers.get('date') ?? '');
			if (Number.isNaN(said) || response.headers.has('age')) throw new TimeUnavailable(`${host} tells no time of its own`);
			return { at: said + 500, accuracy: 500 }; // cut to the second
		}
	};
}
