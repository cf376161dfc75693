// HTTP and JSON of the CSC API v2 (Cloud Signature Consortium): service authorization (§8.3, §11.2), bounded answers, its errors (§10.1). What it logs or throws holds no token, no SAD, no name.

import { z } from 'zod';
import { SigningRefused, SigningUnavailable } from './signing-service.ts';

const limit = 1 << 20; // bytes of an answer
const patience = 10_000; // ms from connecting to the last byte

export interface CscAccount {
	/** `https://service.example/csc/v2`: the address of a service we have an account with, configured, never found in data. */
	readonly url: string;
	/** Where tokens are had by client credentials; `basic`: by auth/login. */
	readonly authorization: { readonly kind: 'oauth2'; readonly url: string } | { readonly kind: 'basic' };
	readonly clientId: string;
	readonly clientSecret: string;
	/** Milliseconds from the question to the last byte of its answer. Default: ten seconds. */
	readonly patience?: number;
}

const errorBody = z.object({ error: z.string() });
const tokenBody = z.object({ access_token: z.string().min(1).max(8192), token_type: z.string().default('Bearer'), expires_in: z.number().positive().default(3600) });

/** The service's word for what is wrong, and nothing else of what it says. */
const wordOf = (body: unknown): string => {
	const read = errorBody.safeParse(body);
	return read.success && /^[A-Za-z0-9_.-]{1,60}$/.test(read.data.error) ? read.data.error : 'no reason';
};

/** A 4xx of a method: it was understood, and refused. */
export class CscRefusal extends SigningRefused {
	override name = 'CscRefusal';
	constructor(method: string, status: number, word: string) {
		super(`${method}: ${status} ${word}`);
	}
}

interface Answer {
	readonly status: number;
	readonly body: unknown;
}

async function ask(url: string, headers: Record<string, string>, body: string, within: number): Promise<Answer> {
	const chunks: Uint8Array[] = [];
	let status = 0;
	try {
		const response = await fetch(url, { method: 'POST', headers: { accept: 'application/json', ...headers }, body, redirect: 'error', signal: AbortSignal.timeout(within) });
		status = response.status;
		let size = 0;
		for await (const chunk of response.body ?? []) {
			size += chunk.length;
			if (size > limit) throw new SigningUnavailable('the answer is larger than 1 MiB');
			chunks.push(chunk);
		}
	} catch (cause) {
		if (cause instanceof SigningUnavailable) throw cause;
		throw new SigningUnavailable((cause as Error).name === 'TimeoutError' ? `no answer within ${within / 1000} s` : 'cannot be reached', { cause });
	}
	if (status >= 500 || status === 429) throw new SigningUnavailable(`answered ${status}`);
	try {
		return { status, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown };
	} catch (cause) {
		throw new SigningUnavailable(`answered ${status} and no JSON`, { cause });
	}
}

export interface CscConnection {
	/** The answer of a method, of this shape. Throws SigningUnavailable; CscRefusal on a 4xx that is not about the token. */
	call<S extends z.ZodType>(method: string, input: object, shape: S): Promise<z.output<S>>;
}

/** Keeps the token in memory until shortly before its end; one that is not taken any more is replaced once. */
export function cscConnection(account: CscAccount, now: () => number = Date.now): CscConnection {
	const within = account.patience ?? patience;
	let token: { readonly value: string; readonly until: number } | null = null;

	async function login(): Promise<string> {
		if (token && now() < token.until) return token.value;
		const { authorization: way, clientId, clientSecret } = account;
		const { status, body } =
			way.kind === 'oauth2'
				? await ask(way.url, { 'content-type': 'application/x-www-form-urlencoded' }, new URLSearchParams({ grant_type: 'client_credentials', scope: 'service', client_id: clientId, client_secret: clientSecret }).toString(), within)
				: await ask(`${account.url}/auth/login`, { 'content-type': 'application/json', authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` }, '{}', within);
		if (status !== 200) throw new SigningUnavailable(`does not take our account: ${status} ${wordOf(body)}`);
		const read = tokenBody.safeParse(body);
		if (!read.success || read.data.token_type.toLowerCase() !== 'bearer') throw new SigningUnavailable('answered a login with no token');
		token = { value: read.data.access_token, until: now() + Math.max(0, read.data.expires_in - 30) * 1000 };
		return token.value;
	}

	async function authorized(method: string, input: object): Promise<Answer> {
		for (let again = true; ; again = false) {
			const answer = await ask(`${account.url}/${method}`, { 'content-type': 'application/json', authorization: `Bearer ${await login()}` }, JSON.stringify(input), within);
			if (answer.status !== 401) return answer;
			token = null;
			if (!again) throw new SigningUnavailable(`${method}: does not take its own token: ${wordOf(answer.body)}`);
		}
	}

	return {
		async call(method, input, shape) {
			const { status, body } = await authorized(method, input);
			if (status !== 200) throw new CscRefusal(method, status, wordOf(body));
			const read = shape.safeParse(body);
			if (!read.success) throw new SigningUnavailable(`${method}: not what CSC API v2 answers`);
			return read.data;
		}
	};
}
