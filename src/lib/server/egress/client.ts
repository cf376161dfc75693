// The one way to an address found in data (ARCHITECTURE §8): resolved, refused when it is private or special, connected to the very address that was checked, no redirect, bounded in time and size.

import { lookup } from 'node:dns/promises';
import { request as http, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as https } from 'node:https';
import { isIP } from 'node:net';
import { isPublic } from './public.ts';

/** It may be worth another try; the message says what was wrong, and names no more than the address asked for. */
export class EgressRefused extends Error {
	override name = 'EgressRefused';
}

/** Bytes of an answer, and milliseconds from the question to its last byte. */
export const purposes = {
	ocsp: { bytes: 1 << 20, patience: 5_000 },
	certificate: { bytes: 1 << 20, patience: 5_000 },
	crl: { bytes: 20 << 20, patience: 30_000 },
	'trusted-list': { bytes: 30 << 20, patience: 30_000 }
} as const;
export type Purpose = keyof typeof purposes;

export interface Asking {
	readonly purpose: Purpose;
	/** Sent by POST with its type; absent: GET. */
	readonly body?: { readonly type: string; readonly bytes: Uint8Array };
}

/** What a name leads to. Tests pass a resolver of their own. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export interface Egress {
	/** The body of a 200. Throws EgressRefused. */
	fetch(address: string, asking: Asking): Promise<Uint8Array>;
}

const system: Resolve = async (host) => (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** The address to connect to. One private address among several refuses them all: a name that leads inside is not asked twice. */
async function checked(host: string, allowed: boolean, resolve: Resolve): Promise<string> {
	const found = isIP(host) ? [host] : await resolve(host).catch((cause: unknown) => Promise.reject(new EgressRefused('cannot be reached: no such name', { cause })));
	const inside = allowed ? undefined : found.find((address) => !isPublic(address));
	if (inside !== undefined) throw new EgressRefused('leads to a private or special address');
	const [first] = found;
	if (!first) throw new EgressRefused('cannot be reached: no such name');
	return first;
}

async function body(response: IncomingMessage, limit: number): Promise<Uint8Array> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of response as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > limit) throw new EgressRefused(`more than ${limit} bytes`);
		chunks.push(chunk);
	}
	return new Uint8Array(Buffer.concat(chunks));
}

function ask(url: URL, address: string, { purpose, body: sent }: Asking, signal: AbortSignal): Promise<Uint8Array> {
	const options: RequestOptions = {
		method: sent ? 'POST' : 'GET',
		headers: sent ? { 'content-type': sent.type, 'content-length': sent.bytes.length } : {},
		agent: false,
		signal,
		// whoever asks for the name again here gets what was checked, not what the name leads to by now
		lookup: (_host, wanted, answer) => {
			const family = isIP(address);
			if (wanted.all) answer(null, [{ address, family }]);
			else answer(null, address, family);
		}
	};
	return new Promise((ok, failed) => {
		const question = (url.protocol === 'https:' ? https : http)(url, options, (response) => {
			if (response.statusCode !== 200) {
				question.destroy();
				return failed(new EgressRefused(`answered ${response.statusCode}`));
			}
			body(response, purposes[purpose].bytes).then(ok, failed).finally(() => question.destroy());
		});
		question.once('error', failed);
		question.end(sent?.bytes);
	});
}

/**
 * @param allow host names and addresses that may be inside: an authority of one's own
 * @param resolve how names are looked up
 */
export function egress(allow: readonly string[], resolve: Resolve = system): Egress {
	const inside = new Set(allow.map((host) => host.toLowerCase()));
	return {
		async fetch(address, asking) {
			if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) throw new EgressRefused('neither HTTP nor HTTPS');
			const url = new URL(address);
			if (url.username || url.password) throw new EgressRefused('carries credentials');
			const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
			const { patience } = purposes[asking.purpose];
			const signal = AbortSignal.timeout(patience);
			const late = new Promise<never>((_, failed) => signal.addEventListener('abort', () => failed(new EgressRefused(`no answer within ${patience / 1000} s`)), { once: true }));
			late.catch(() => {}); // raced below; alone it is nobody's error
			try {
				const to = await Promise.race([checked(host, inside.has(host), resolve), late]);
				return await Promise.race([ask(url, to, asking, signal), late]);
			} catch (cause) {
				if (cause instanceof EgressRefused) throw cause;
				throw new EgressRefused(signal.aborted ? `no answer within ${patience / 1000} s` : 'cannot be reached', { cause });
			}
		}
	};
}
