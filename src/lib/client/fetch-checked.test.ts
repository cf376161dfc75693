// SIGN-11: a download over a line that breaks, from a real server that cuts at a known byte. The browser's `navigator` and its `online` event are the only stand-ins.

import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { announced } from './fetch-checked.ts';

const bytes = new Uint8Array(randomBytes(300_000));
const sha256 = createHash('sha256').update(bytes).digest('hex');
type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let answers: Answer[] = [];
const asked: { range: string | undefined; ifRange: string | string[] | undefined }[] = [];
const server = createServer((request, response) => {
	asked.push({ range: request.headers.range, ifRange: request.headers['if-range'] });
	answers.shift()!(request, response);
});
let address = '';
const page = Object.assign(new EventTarget(), { onLine: true });

beforeAll(async () => {
	vi.stubGlobal('navigator', page);
	vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
	vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
	await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
	address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
	vi.unstubAllGlobals();
	server.close();
});
beforeEach(() => {
	asked.length = 0;
	page.onLine = true;
});

/** As much as arrives before the line breaks. */
const cut = (at: number): Answer => (_, response) => {
	response.writeHead(200, { 'content-length': bytes.length });
	response.write(bytes.subarray(0, at), () => setImmediate(() => response.destroy()));
};
const rest: Answer = ({ headers }, response) => {
	const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')![1]);
	response.writeHead(206, { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }).end(bytes.subarray(from));
};
const whole: Answer = (_, response) => response.writeHead(200).end(bytes);
const other: Answer = (_, response) => response.writeHead(200).end(bytes.map((b, i) => (i === 7 ? b ^ 1 : b)));

test('SIGN-11 what arrived before the line broke is kept, the rest is asked for under the same tag, and the loss is told', async () => {
	answers = [cut(120_000), rest];
	const lost: boolean[] = [];
	const shares: number[] = [];
	const got = await announced(address, bytes.length, sha256).fetch({ onLost: (now) => lost.push(now), onProgress: (share) => shares.push(share) });
	expect(got).toEqual(bytes);
	expect(asked).toEqual([{ range: undefined, ifRange: undefined }, { range: 'bytes=120000-', ifRange: `"${sha256}"` }]);
	expect([lost.includes(true), lost.at(-1)]).toEqual([true, false]);
	expect(shares).toEqual(shares.toSorted((a, b) => a - b));
});

test('SIGN-11 while the browser is offline nothing is asked; once it is back the download goes on', async () => {
	answers = [(request, response) => ((page.onLine = false), cut(50_000)(request, response)), rest];
	let told: () => void;
	const lost = new Promise<void>((resolve) => (told = resolve));
	const got = announced(address, bytes.length, sha256).fetch({ onLost: (now) => now && told() });
	await lost;
	expect(asked).toHaveLength(1);
	page.onLine = true;
	page.dispatchEvent(new Event('online'));
	expect(await got).toEqual(bytes);
	expect(asked[1]!.range).toBe('bytes=50000-');
});

test('SIGN-11 a server that answers with the whole begins again; other bytes than the announced ones are never given out', async () => {
	answers = [cut(80_000), whole];
	expect(await announced(address, bytes.length, sha256).fetch()).toEqual(bytes);
	answers = [other];
	expect(await announced(address, bytes.length, sha256).fetch()).toBe('hash');
	answers = [cut(80_000), other];
	expect(await announced(address, bytes.length, sha256).fetch()).toBe('hash');
	answers = [(_, response) => response.writeHead(200).end(Buffer.concat([bytes, Uint8Array.of(0)]))];
	expect(await announced(address, bytes.length, sha256).fetch()).toBe('hash');
	answers = [(_, response) => response.writeHead(404).end()];
	expect(await announced(address, bytes.length, sha256).fetch()).toBe('load');
});

test('SIGN-12 a server that is not itself is asked again', async () => {
	answers = [(_, response) => response.writeHead(503).end(), whole];
	expect(await announced(address, bytes.length, sha256).fetch()).toEqual(bytes);
});
