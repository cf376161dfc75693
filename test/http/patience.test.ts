// A client that sends slowly: what it may take its time with, and what is cut.

import { request, type ClientRequest } from 'node:http';
import { afterAll, expect, test, vi } from 'vitest';
import { standard } from '../../src/patience.ts';
import { createSite } from './site.ts';

vi.setConfig({ testTimeout: 120_000 });
const site = await createSite();
const { person, client } = await site.world.administrator();
const ctx = site.of(person, client);
const safe = await site.newSafe(ctx);
const { cookie } = await site.session(person, client);
const open: ClientRequest[] = [];
afterAll(() => open.forEach((r) => r.destroy()));

interface Told {
	/** Milliseconds from the start. */
	readonly after: number;
	readonly status: number | null;
}
/** Begins a request and gives it bytes now and then; resolves when it is answered or cut. */
function slowly(path: string, method: string, headers: Record<string, string>, give: (sent: ClientRequest) => void = () => {}): { told: Promise<Told>; over: () => boolean } {
	const from = performance.now();
	let over = false;
	const sent = request(site.origin + path, { method, headers: { origin: site.origin, cookie, accept: 'text/html', ...headers } });
	open.push(sent);
	const giving = setInterval(() => give(sent), 1000);
	const told = new Promise<Told>((ok) => {
		const end = (status: number | null): void => {
			over = true;
			clearInterval(giving);
			ok({ after: performance.now() - from, status });
		};
		sent.once('response', (response) => {
			response.resume();
			end(response.statusCode!);
		});
		sent.once('error', () => end(null));
	});
	sent.flushHeaders();
	return { told, over: () => over };
}

test('a body that does not come whole in its time is cut; an upload that goes on, and a stream that is listened to, are not', async () => {
	const form = { 'content-type': 'application/x-www-form-urlencoded' };
	const upload = (length: number) => fetch(`${site.origin}/upload`, { method: 'POST', headers: { origin: site.origin, cookie, 'tus-resumable': '1.0.0', 'upload-length': String(length), 'upload-metadata': `safe ${btoa(safe)},name ${btoa('a.bin')}` } }).then((r) => r.headers.get('location')!);
	const tus = { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
	const trickle = (sent: ClientRequest): void => void sent.write('a');
	const [going, stalled] = [await upload(1000), await upload(1000)];
	const listened = new AbortController();
	const stream = await fetch(`${site.origin}/safes/${safe}/events`, { headers: { cookie, accept: 'text/event-stream' }, signal: listened.signal });

	const slow = [slowly('/login?/password', 'POST', { ...form, 'content-length': '1000' }, trickle), slowly('/login?/password', 'POST', form, trickle), slowly('/deposits', 'POST', { 'content-type': 'application/json', 'content-length': '10' })];
	const [alive, dead] = [slowly(going, 'PATCH', { ...tus, 'content-length': '1000' }, trickle), slowly(stalled, 'PATCH', { ...tus, 'content-length': '1000' })];
	for (const { told } of [...slow, dead]) {
		const { after, status } = await told;
		expect([408, null]).toContain(status);
		expect(after).toBeGreaterThan(standard.body - 1000);
		expect(after).toBeLessThan(standard.body + 15_000);
	}
	expect(alive.over()).toBe(false);
	const reader = stream.body!.getReader();
	expect((await reader.read()).done).toBe(false); // its state and its heartbeats
	listened.abort();
});
