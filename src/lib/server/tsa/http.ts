// A timestamp authority over HTTP (RFC 3161 §3.4). The address is configured, never found in data. It carries bytes and reads none.

import { TimestampUnavailable, type TimestampAuthority } from './authority.ts';

const limit = 65_536; // bytes of a response
const patience = 5_000; // ms from connecting to the last byte

export interface HttpAuthority extends Pick<TimestampAuthority, 'name' | 'quality' | 'anchors' | 'policy'> {
	readonly url: URL;
	/** Basic credentials, when the authority asks for an account. */
	readonly account?: { readonly user: string; readonly password: string };
}

async function bounded(response: Response): Promise<Uint8Array> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.length;
		if (size > limit) throw new TimestampUnavailable('the answer is larger than 64 KiB');
		chunks.push(chunk);
	}
	return new Uint8Array(Buffer.concat(chunks));
}

/** Follows no redirect; anything but 200 with the RFC's content type is unavailability. */
export function httpAuthority({ url, account, ...described }: HttpAuthority): TimestampAuthority {
	const headers: Record<string, string> = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' };
	if (account) headers.authorization = `Basic ${Buffer.from(`${account.user}:${account.password}`).toString('base64')}`;
	return {
		...described,
		async request(timeStampReq) {
			try {
				const body = new Uint8Array(timeStampReq);
				const response = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(patience) });
				const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
				if (response.status !== 200 || type !== 'application/timestamp-reply') {
					await response.body?.cancel();
					throw new TimestampUnavailable(`${described.name} answered ${response.status} ${type ?? 'without a type'}`);
				}
				return await bounded(response);
			} catch (cause) {
				if (cause instanceof TimestampUnavailable) throw cause;
				throw new TimestampUnavailable(`${described.name} cannot be reached`, { cause });
			}
		}
	};
}
