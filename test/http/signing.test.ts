// What a signer's browser fetches: the picture of page one, and the exact bytes, which go on where a connection broke.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeFirstPage } from '#lib/server/envelopes/first-page.ts';
import { bubblewrap } from '#lib/server/sandbox/bubblewrap.ts';
import { createSite } from './site.ts';

const site = await createSite();
const { origin, owner, world, of } = site;
const draws = (await bubblewrap()) !== null && existsSync('/usr/bin/gs') && existsSync('/usr/bin/gm');

async function signer() {
	const { person, client } = await world.administrator();
	const ctx = of(person, client);
	const { envelope, signer: id, fellow, knock } = await site.invited(ctx, await site.newSafe(ctx));
	const [{ sha256 }] = await owner<[{ sha256: string }]>`select encode(v.sha256, 'hex') as sha256 from envelope e join version v on v.id = e.current_version where e.id = ${envelope}`;
	const [cookie, fellows] = [await knock(id), await knock(fellow)];
	return { envelope, id, sha256, fellows, get: (what: string, headers: Record<string, string> = {}) => fetch(`${origin}/signing/${id}${what}`, { headers: { cookie, ...headers } }) };
}

(draws ? test : test.skip)('SIGN-11 page one is a picture that nobody else gets and no browser keeps; the page asks for it ahead of its scripts', async () => {
	const { envelope, id, sha256, fellows, get } = await signer();
	expect((await get(`/first-page?sha256=${sha256}`)).status).toBe(404);
	expect((await get('', { accept: 'text/html' })).headers.get('link')).not.toContain('first-page');
	await makeFirstPage(site.worker, { envelope });
	const answer = await get(`/first-page?sha256=${sha256}`);
	expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control'), answer.headers.get('content-security-policy')]).toEqual([200, 'image/webp', 'no-store', "default-src 'none'; sandbox"]);
	expect(Buffer.from(await answer.arrayBuffer()).subarray(8, 12).toString()).toBe('WEBP');
	expect((await fetch(`${origin}/signing/${id}/first-page?sha256=${sha256}`, { headers: { cookie: fellows } })).status).toBe(401);
	const page = await get('', { accept: 'text/html' });
	expect(page.headers.get('link')).toMatch(new RegExp(`^</signing/${id}/first-page\\?sha256=${sha256}>; rel="preload"; as="image"`));
	expect(await page.text()).toContain(`/signing/${id}/first-page?sha256=${sha256}`);
});

test('SIGN-11 the exact bytes come in ranges under a strong tag, and whole when what was there is of others', async () => {
	const { sha256, get } = await signer();
	const content = `/content?sha256=${sha256}`;
	const whole = await get(content);
	const bytes = Buffer.from(await whole.arrayBuffer());
	expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
	const tag = whole.headers.get('etag')!;
	expect([whole.status, whole.headers.get('accept-ranges'), tag]).toEqual([200, 'bytes', `"${sha256}"`]);
	const rest = await get(content, { range: 'bytes=100-', 'if-range': tag });
	expect([rest.status, rest.headers.get('content-range'), rest.headers.get('etag')]).toEqual([206, `bytes 100-${bytes.length - 1}/${bytes.length}`, tag]);
	expect(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(100))).toBe(true);
	const other = await get(content, { range: 'bytes=100-', 'if-range': `"${'0'.repeat(64)}"` });
	expect([other.status, Buffer.from(await other.arrayBuffer()).equals(bytes)]).toEqual([200, true]);
	expect((await get(content, { range: `bytes=${bytes.length}-` })).status).toBe(400);
});
