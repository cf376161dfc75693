// OVHcloud and Twilio as their documentation has them, on loopback: signatures and passwords are checked, messages remembered.

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

type Answer = readonly [status: number, body: unknown];

async function serve(answer: (request: IncomingMessage, body: string) => Answer): Promise<string> {
	const server: Server = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on('data', (part: Buffer) => parts.push(part));
		request.on('end', () => {
			const [status, body] = answer(request, Buffer.concat(parts).toString());
			response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
		});
	});
	await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
	afterAll(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export interface OvhJob {
	readonly message: string;
	readonly receivers: readonly string[];
	readonly noStopClause: boolean;
	readonly sender?: string;
}

/** The API whose clock is an hour ahead. `receipt`: what it says of every message it took. `status`: when set, its answer to all but the time. */
export async function ovhServer(account: { readonly applicationSecret: string; readonly consumerKey: string }) {
	const state = { jobs: [] as OvhJob[], receipt: { deliveryReceipt: 0 as number | null, ptt: null as number | null, credits: 1 as number | null }, status: 200, invalid: [] as string[] };
	const now = () => Math.floor(Date.now() / 1000) + 3600;
	const url = await serve((request, body) => {
		if (request.url === '/1.0/auth/time') return [200, String(now())];
		const header = (name: string) => String(request.headers[`x-ovh-${name}`]);
		const wanted = createHash('sha1').update([account.applicationSecret, account.consumerKey, request.method, `${url}${request.url}`, body, header('timestamp')].join('+')).digest('hex');
		if (header('signature') !== `$1$${wanted}` || Math.abs(Number(header('timestamp')) - now()) > 60) return [403, { message: 'Invalid signature' }];
		if (state.status !== 200) return [state.status, { message: 'no' }];
		if (request.method === 'POST' && request.url === '/1.0/sms/sms-ab1234-1/jobs') {
			state.jobs.push(JSON.parse(body) as OvhJob);
			return [200, { ids: [1000 + state.jobs.length], totalCreditsRemoved: 1, validReceivers: [], invalidReceivers: state.invalid }];
		}
		const id = /^\/1\.0\/sms\/sms-ab1234-1\/outgoing\/(\d+)$/.exec(request.url ?? '')?.[1];
		return id && Number(id) <= 1000 + state.jobs.length ? [200, { id: Number(id), ...state.receipt }] : [404, { message: 'not found' }];
	});
	return { endpoint: `${url}/1.0`, state };
}

/** The Messages API. `message`: what it says of every message it took. */
export async function twilioServer(account: { readonly sid: string; readonly token: string }) {
	const state = { sent: [] as URLSearchParams[], message: { status: 'queued', error_code: null as number | null, price: null as string | null, price_unit: 'EUR' }, status: 201 };
	const endpoint = await serve((request, body) => {
		if (request.headers.authorization !== `Basic ${Buffer.from(`${account.sid}:${account.token}`).toString('base64')}`) return [401, { code: 20003 }];
		if (state.status >= 400) return [state.status, { code: 20429 }];
		if (request.method === 'POST' && request.url === `/2010-04-01/Accounts/${account.sid}/Messages.json`) {
			state.sent.push(new URLSearchParams(body));
			return [201, { sid: `SM${state.sent.length}`, status: 'queued' }];
		}
		return /\/Messages\/SM\d+\.json$/.test(request.url ?? '') ? [200, state.message] : [404, { code: 20404 }];
	});
	return { endpoint, state };
}
