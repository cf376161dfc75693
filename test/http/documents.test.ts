// Documents over HTTP: how bytes are served, by name, by range, as what; receipts; disposal.

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { verifyReceipt } from '#crypto/bundle/receipt.ts';
import { validate } from '#crypto/pades/validate.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { formatVerifier } from '#crypto/tlog/note.ts';
import { verifierOf } from '#lib/server/audit/checkpoint.ts';
import { createSite } from './site.ts';

const site = await createSite();
const { person, client } = await site.world.administrator();
const ctx = site.of(person, client);
const { cookie } = await site.session(person, client);
const safe = await site.newSafe(ctx);
const get = (path: string, headers: Record<string, string> = {}) => fetch(site.origin + path, { headers: { cookie, accept: 'text/html', ...headers }, redirect: 'manual' });
const post = (path: string, form: Record<string, string>) => fetch(site.origin + path, { method: 'POST', headers: { cookie, origin: site.origin, accept: 'text/html' }, body: new URLSearchParams(form), redirect: 'manual' });
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());
const opened = async (version: string) => (await site.owner`select from event where safe = ${safe} and convert_from(body, 'utf8')::json ->> 'obj' = ${version} and convert_from(body, 'utf8')::json ->> 'op' = 'document.open'`).count;

/** What no downloaded file may do without: nothing of it is shown or run in this origin. */
function harmless(answer: Response): void {
	expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="/);
	expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
	expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
	expect(answer.headers.get('cache-control')).toBe('private, no-store');
	expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
}

test.each([
	['page.html', '<!doctype html><script>alert(1)</script>'],
	['image.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
	['sheet.xml', '<?xml version="1.0"?><?xml-stylesheet href="x"?><a/>'],
	['contract.pdf', '%PDF-1.7\n<script>alert(1)</script>'],
	['script.js', 'alert(1)']
])('%s is served as an attachment that nothing interprets', async (name, text) => {
	const { version } = await site.put(ctx, safe, name, new TextEncoder().encode(text));
	const answer = await get(`/versions/${version}/content`);
	expect(answer.status).toBe(200);
	harmless(answer);
	expect(answer.headers.get('content-type')).not.toMatch(/html|svg|javascript/);
	expect(await answer.text()).toBe(text);
});

test('a name is told exactly, and to old readers in ASCII (RFC 6266, RFC 8187)', async () => {
	for (const [name, expected] of [
		['Contrat été.pdf', `attachment; filename="Contrat ete.pdf"; filename*=UTF-8''Contrat%20%C3%A9t%C3%A9.pdf`],
		['a"b;c=d%2F\'(x)*.pdf', `attachment; filename="a_b;c=d_2F'(x)*.pdf"; filename*=UTF-8''a%22b%3Bc%3Dd%252F%27%28x%29%2A.pdf`],
		['合同.pdf', `attachment; filename="__.pdf"; filename*=UTF-8''%E5%90%88%E5%90%8C.pdf`]
	] as const) {
		const { version } = await site.put(ctx, safe, name, randomBytes(10));
		const answer = await get(`/versions/${version}/content`);
		expect(answer.headers.get('content-disposition')).toBe(expected);
		harmless(answer);
	}
});

test('SAFE-2 a range is exactly those bytes, over chunks too, and the opening is logged', async () => {
	const bytes = randomBytes((1 << 20) + 5000);
	const { version } = await site.put(ctx, safe, 'a.bin', bytes);
	for (const [range, from, to] of [['0-0', 0, 1], ['1048570-1048580', 1048570, 1048581], ['1048576-', 1048576, bytes.length], ['-10', bytes.length - 10, bytes.length], ['100-99999999', 100, bytes.length]] as const) {
		const answer = await get(`/versions/${version}/content`, { range: `bytes=${range}` });
		expect([answer.status, answer.headers.get('content-range')], range).toEqual([206, `bytes ${from}-${to - 1}/${bytes.length}`]);
		expect(answer.headers.get('content-length')).toBe(String(to - from));
		harmless(answer);
		expect((await bytesOf(answer)).equals(bytes.subarray(from, to)), range).toBe(true);
	}
	expect((await get(`/versions/${version}/content`, { range: `bytes=${bytes.length}-` })).status).toBe(400);
	const whole = await get(`/versions/${version}/content`, { range: 'lines=1-2' }); // another unit is ignored (RFC 9110 §14.2)
	expect([whole.status, whole.headers.get('accept-ranges')]).toEqual([200, 'bytes']);
	expect((await bytesOf(whole)).equals(bytes)).toBe(true);
	expect(await opened(version)).toBeGreaterThan(0);
});

test('SAFE-5 the receipt is served as JSON and as a sealed PDF, once it is made', async () => {
	const { version, sha256 } = await site.put(ctx, safe);
	expect((await get(`/versions/${version}/receipt/json`)).status).toBe(404);
	await site.receipted(version);
	const [json, pdf] = [await get(`/versions/${version}/receipt/json`), await get(`/versions/${version}/receipt/pdf`)];
	for (const [answer, type] of [[json, 'application/json'], [pdf, 'application/pdf']] as const) {
		expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
		harmless(answer);
	}
	const trust = { logs: [formatVerifier(p, verifierOf(site.worker))], anchors: [site.world.root], fileSha256: new Uint8Array(Buffer.from(sha256, 'hex')) };
	expect((await verifyReceipt(p, new Uint8Array(await json.arrayBuffer()), trust)).indication).toBe('TOTAL-PASSED');
	expect((await validate(p, new Uint8Array(await pdf.arrayBuffer()), { trust: { anchors: [site.world.root] }, at: Date.now() + 60_000 })).indication).toBe('TOTAL-PASSED');
	expect((await get(`/versions/${version}/receipt/html`)).status).toBe(404);
});

test('SAFE-2 disposal asks for the name; then the page says so, and neither bytes nor receipt are served', async () => {
	const { document, version } = await site.put(ctx, safe, 'Contrat d’été.pdf');
	await site.receipted(version);
	expect((await post(`/documents/${document}?/dispose`, { confirmation: 'contrat d’été.pdf' })).status).toBe(400);
	expect((await get(`/versions/${version}/content`)).status).toBe(200);
	const gone = await post(`/documents/${document}?/dispose`, { confirmation: 'Contrat d’été.pdf' });
	expect([gone.status, gone.headers.get('location')]).toEqual([303, `/safes/${safe}`]);
	expect((await get(`/versions/${version}/content`)).status).toBe(410);
	expect((await get(`/versions/${version}/content`, { range: 'bytes=0-1' })).status).toBe(410);
	expect((await get(`/documents/${document}`)).status).toBe(200);
	expect((await post(`/documents/${document}?/dispose`, { confirmation: 'Contrat d’été.pdf' })).status).toBe(404);
});
