// The public log over HTTP (C2SP tlog-tiles): what is served, to whom, and for how long it may be kept. And a scanner at a signer's door, who leaves no trace.

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openCheckpoint } from '#crypto/tlog/checkpoint.ts';
import { verifierOf } from '#lib/server/audit/checkpoint.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { createSite } from './site.ts';

const site = await createSite();
const { person, client } = await site.world.administrator();
const ctx = site.of(person, client);
const safe = await site.newSafe(ctx);
const get = (path: string, init: RequestInit = {}) => fetch(site.origin + path, { redirect: 'manual', ...init });
const node = (left: Uint8Array, right: Uint8Array) => createHash('sha256').update(Buffer.concat([Buffer.from([1]), left, right])).digest();
/** RFC 6962 §2.1, from leaf hashes. */
const rootOf = (hashes: readonly Uint8Array[]): Uint8Array => {
	if (hashes.length === 1) return hashes[0]!;
	const k = 2 ** (Math.ceil(Math.log2(hashes.length)) - 1);
	return node(rootOf(hashes.slice(0, k)), rootOf(hashes.slice(k)));
};

test('LOG-2 the checkpoint opens under the log’s key, its tiles have its root, and each says how long it may be kept', async () => {
	for (let i = 0; i < 3; i++) await site.put(ctx, safe);
	await site.sequence();
	const answer = await get('/log/checkpoint');
	expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control'), answer.headers.get('access-control-allow-origin')]).toEqual([200, 'text/plain; charset=utf-8', 'no-cache', '*']);
	const note = await answer.text();
	const [, size = '', root = ''] = note.split('\n');
	expect(await openCheckpoint(p, note, verifierOf(site.worker))).toMatchObject({ size: Number(size) });
	expect(Number(size)).toBeGreaterThan(3);
	const tile = await get(`/log/tile/0/000.p/${size}`);
	expect([tile.status, tile.headers.get('content-type'), tile.headers.get('cache-control'), tile.headers.get('access-control-allow-origin')]).toEqual([200, 'application/octet-stream', 'public, max-age=31536000, immutable', '*']);
	const bytes = Buffer.from(await tile.arrayBuffer());
	const hashes = Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(i * 32, i * 32 + 32));
	expect(Buffer.from(rootOf(hashes)).toString('base64')).toBe(root);
	expect(rootOf([...hashes].reverse())).not.toEqual(rootOf(hashes));
	expect((await get('/log/keys')).headers.get('content-type')).toBe('application/json');
});

test('LOG-2 nothing beyond the checkpoint is served, nor entries, nor another’s path; a refusal is not kept', async () => {
	const [, size = ''] = (await (await get('/log/checkpoint')).text()).split('\n');
	for (const path of [`tile/0/000.p/${Number(size) + 1}`, 'tile/0/000', 'tile/0/001.p/1', 'tile/1/000.p/1', 'tile/entries/000.p/1', 'tile/0/00.p/1', 'tile/0/000.p/0', 'tile/-1/000.p/1', '../../etc/passwd', 'tile/0/%2e%2e/000.p/1', '']) {
		const answer = await get(`/log/${path}`);
		expect(path === '' ? 200 : answer.status, path).toBe(path === '' ? 200 : 404);
		if (path) expect(answer.headers.get('cache-control'), path).toMatch(/no-store/);
	}
});

test('LOG-2 an event waits for its checkpoint: neither tile nor checkpoint shows it before', async () => {
	const before = await (await get('/log/checkpoint')).text();
	await site.put(ctx, safe);
	expect(await (await get('/log/checkpoint')).text()).toBe(before);
	await site.sequence();
	expect(Number((await (await get('/log/checkpoint')).text()).split('\n')[1])).toBeGreaterThan(Number(before.split('\n')[1]));
});

test('SIGN-4 a scanner that opens a live link, as often as it likes, gets no cookie and changes nothing', async () => {
	const { signer, link } = await site.invited(ctx, safe);
	const state = () => site.owner`
		select s.state, e.state as envelope, (select count(*) from signing_session where signer = s.id)::int as sessions, (select count(*) from event)::int as events,
			(select count(*) from message)::int as messages, (select json_agg(l) from link l where l.signer = s.id) as links from signer s join envelope e on e.id = s.envelope where s.id = ${signer}`;
	const before = await state();
	for (const method of ['GET', 'HEAD', 'GET']) {
		for (const agent of ['Mozilla/5.0', 'MailScanner/1.0']) {
			const answer = await get(`/sign/${link}`, { method, headers: { accept: 'text/html', 'user-agent': agent } });
			expect(answer.status).toBe(200);
			expect(answer.headers.getSetCookie()).toEqual([]);
			expect(answer.headers.get('referrer-policy')).toMatch(/^(no-referrer|same-origin)$/);
			expect(answer.headers.get('cache-control')).toMatch(/no-store/);
		}
	}
	expect((await get(`/signing/${signer}`, { headers: { accept: 'text/html' } })).status).toBe(401);
	expect(await state()).toEqual(before);
	const entered = await get(`/sign/${link}`, { method: 'POST', headers: { accept: 'text/html', origin: site.origin }, body: new URLSearchParams() });
	expect([entered.status, entered.headers.getSetCookie().length]).toEqual([303, 1]); // the button does
	expect(await state()).not.toEqual(before);
});
