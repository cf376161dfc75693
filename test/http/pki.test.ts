// OCSP and revocation lists over HTTP, as software asks for them: no session, no Origin, and answers that caches may keep.

import { expect, test } from 'vitest';
import { lineage } from '#lib/server/audit/log-keys.ts';
import * as certificates from '#lib/server/certificates.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { base64 } from '#crypto/bytes.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { readCrl } from '#crypto/x509/crl.ts';
import { readOcspResponse, writeOcspRequest } from '#crypto/x509/ocsp.ts';
import { startWeb } from '../support/web.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { worker, owner } = world;
const { origin } = await startWeb(world.database.url('web'));
const [tsa, ca] = [worker.signing.tsa, worker.signing.ca].map((k) => readCertificate(k.certificate)) as [ReturnType<typeof readCertificate>, ReturnType<typeof readCertificate>];
const request = writeOcspRequest(p, tsa, ca);
const type = { 'content-type': 'application/ocsp-request' };
const post = (body: Uint8Array, headers: Record<string, string> = type) => fetch(`${origin}/pki/ocsp`, { method: 'POST', headers, body: new Uint8Array(body) });
const bytesOf = async (answer: Response) => new Uint8Array(await answer.arrayBuffer());

test('LOG-5 RFC 5019: OCSP by GET, kept by caches while it holds, and by POST; errors are not kept; forms of other pages are refused', async () => {
	expect((await bytesOf(await post(request)))[4]).toBe(3); // no worker has published yet
	await worker.tx((tx) => certificates.register(tx, certificates.inUse(worker.signing)));
	await certificates.publishStatus(worker);
	for (const name of ['root', 'ca'] as const) await owner`insert into published (name, value) values (${name}, ${worker.signing[name].certificate})`;
	const posted = await post(request);
	expect(posted.status).toBe(200);
	expect(posted.headers.get('content-type')).toBe('application/ocsp-response');
	const der = await bytesOf(posted);
	expect(await readOcspResponse(p, der, tsa, ca)).toMatchObject({ status: { status: 'good' } });
	for (const path of [encodeURIComponent(base64(request)), base64(request)]) {
		const got = await fetch(`${origin}/pki/ocsp/${path}`);
		expect(await bytesOf(got)).toEqual(der);
		const age = Number(/^max-age=(\d+), public, no-transform, must-revalidate$/.exec(got.headers.get('cache-control')!)![1]);
		expect(age).toBeGreaterThan(3 * 86_400);
		expect(age).toBeLessThanOrEqual(3.5 * 86_400);
		expect(Date.parse(got.headers.get('expires')!) - Date.parse(got.headers.get('last-modified')!)).toBe(7 * 86_400_000);
		expect(got.headers.get('etag')).toMatch(/^"[0-9a-f]{64}"$/);
	}
	const slashed = [16, 17, 18].map((octets) => base64(writeOcspRequest(p, { ...tsa, serialNumber: BigInt(`0x${'3f'.repeat(octets)}`) }, ca))).filter((text) => text.endsWith('/'));
	expect(slashed).toHaveLength(1);
	expect((await bytesOf(await fetch(`${origin}/pki/ocsp/${slashed[0]}`, { redirect: 'error' })))[4]).toBe(6); // unauthorized: read whole, and not ours
	for (const path of ['', 'nonsense', 'bm9uc2Vuc2U=', 'A'.repeat(9000)]) {
		const bad = await fetch(`${origin}/pki/ocsp/${path}`);
		expect((await bytesOf(bad))[4], path).toBe(1);
		expect(bad.headers.get('cache-control')).toBe('no-store');
	}
	expect((await bytesOf(await post(new Uint8Array(5000))))[4]).toBe(1);
	expect((await post(request, { 'content-type': 'text/plain', origin: 'https://evil.example' })).status).toBe(403);
});

test('LOG-5 RFC 5280: the lists are where certificates name them', async () => {
	await lineage(worker);
	await owner`insert into published (name, value) values ('ocsp', '')`;
	for (const [name, number] of [['root', 1], ['ca', 2]] as const) {
		const got = await fetch(`${origin}/pki/${name}.crl`);
		expect(got.headers.get('content-type')).toBe('application/pkix-crl');
		expect(readCrl(await bytesOf(got)).number).toBeGreaterThanOrEqual(BigInt(number));
	}
});
