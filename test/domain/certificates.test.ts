// The register of our CA: answers made ahead of time and lists, as openssl and our own validation take them; revocation, and what is not answered.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as certificates from '#lib/server/certificates.ts';
import { answerOcsp } from '#lib/server/ocsp.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { readCertificate, serialNumberHex } from '#crypto/x509/certificate.ts';
import { readCrl } from '#crypto/x509/crl.ts';
import { readOcspResponse, writeOcspRequest } from '#crypto/x509/ocsp.ts';
import { run } from '../support/openssl.ts';
import { createPki, pemOf } from '../support/pki.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { worker, web, owner } = world;
const nobody = (await world.administrator()).ctx;
const [tsa, ca, root, seal] = [worker.signing.tsa, worker.signing.ca, worker.signing.root, worker.signing.serviceSeal].map((k) => readCertificate(k.certificate)) as [ReturnType<typeof readCertificate>, ReturnType<typeof readCertificate>, ReturnType<typeof readCertificate>, ReturnType<typeof readCertificate>];
const shift = (interval: string) => owner`update app.clock set shift = ${interval}::interval`;
const list = async (name: 'root' | 'ca') => (await owner<{ value: Uint8Array }[]>`select value from published where name = ${`${name}.crl`}`)[0]!.value;
const answer = async (certificate = tsa, issuer = ca) => {
	const { der, held } = await answerOcsp(nobody, writeOcspRequest(p, certificate, issuer));
	return { held, read: held && (await readOcspResponse(p, der, certificate, issuer)), status: der[4] };
};

const http = createServer((request, response) => {
	const parts: Buffer[] = [];
	request.on('data', (part: Buffer) => parts.push(part));
	request.on('end', () => void answerOcsp(nobody, new Uint8Array(Buffer.concat(parts))).then(({ der }) => response.writeHead(200, { 'content-type': 'application/ocsp-response' }).end(der)));
});
await new Promise<void>((ok) => http.listen(0, '127.0.0.1', ok));
afterAll(() => void http.close());
const directory = mkdtempSync(join(tmpdir(), 'probant-ocsp-'));
afterAll(() => rmSync(directory, { recursive: true }));
for (const [name, der] of [['root.pem', root], ['ca.pem', ca], ['tsa.pem', tsa], ['seal.pem', seal]] as const) writeFileSync(join(directory, name), pemOf(der.der));
/** `openssl ocsp` asking over HTTP: the server is this very process, so it may not wait for it in one breath. */
const openssl = (...more: string[]) => run('openssl', ['version']) && new Promise<string>((done) => execFile('openssl', ['ocsp', '-url', `http://127.0.0.1:${(http.address() as AddressInfo).port}/`, '-issuer', 'ca.pem', '-CAfile', 'root.pem', '-verify_other', 'ca.pem', ...more], { cwd: directory }, (_, stdout, stderr) => done(stdout + stderr)));

beforeAll(async () => {
	await worker.tx((tx) => certificates.register(tx, certificates.inUse(worker.signing)));
	await certificates.publishStatus(worker);
	expect((await answer()).status).toBe(3); // no worker has published its issuers yet
	for (const [name, der] of [['root', root.der], ['ca', ca.der]] as const) await owner`insert into published (name, value) values (${name}, ${der})`;
});

test('LOG-5 openssl asks about our certificates with SHA-1 and SHA-256 and is told that they are good; several at once, others’, nonsense: told why not', async () => {
	for (const hash of ['-sha1', '-sha256']) expect(await openssl('-no_nonce', hash, '-cert', 'tsa.pem')).toMatch(/tsa\.pem: good\n\tThis Update: [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4} GMT\n[^]*Response verify OK/);
	expect(await openssl('-cert', 'tsa.pem')).toMatch(/WARNING: no nonce in response/); // RFC 5019 §2.1.1
	expect(await openssl('-cert', 'tsa.pem', '-cert', 'seal.pem')).toContain('unauthorized (6)');
	const other = await createPki('Elsewhere');
	expect(await answer((await other.issue('x')).certificate, other.ca.certificate)).toMatchObject({ held: null, status: 6 });
	const unknown = { ...tsa, serialNumber: tsa.serialNumber + 1n };
	expect(await answer(unknown)).toMatchObject({ held: null, status: 6 });
	for (const junk of [new Uint8Array(), Uint8Array.of(0x30, 0), writeOcspRequest(p, tsa, ca).slice(0, -1)]) expect((await answerOcsp(nobody, junk)).der[4]).toBe(1);
});

test('LOG-5 an answer holds a week, is made anew when half of it has gone, and is not given out past its time', async () => {
	const first = await answer();
	expect(first.read).toMatchObject({ status: { status: 'good' } });
	expect(first.read!.nextUpdate! - first.read!.thisUpdate).toBe(7 * 86_400_000);
	await certificates.publishStatus(worker);
	expect((await answer()).read!.producedAt).toBe(first.read!.producedAt);
	await shift('8 days');
	expect(await answer()).toMatchObject({ held: null, status: 3 });
	await shift('4 days');
	await certificates.publishStatus(worker);
	expect((await answer()).read!.producedAt).toBeGreaterThan(first.read!.producedAt + 3.9 * 86_400_000);
	await shift('0');
});

test('LOG-5 lists of the root and the CA pass openssl, their numbers only grow', async () => {
	const numbers: bigint[] = [];
	for (let i = 0; i < 2; i++) {
		await Promise.all([certificates.publishStatus(worker), certificates.publishStatus(worker)]);
		for (const name of ['root', 'ca'] as const) numbers.push(readCrl(await list(name)).number!);
	}
	expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
	expect(new Set(numbers).size).toBe(4);
	const crls = [...(['root', 'ca'] as const)].map(async (name) => run('openssl', ['crl', '-inform', 'DER', '-in', 'l.der'], { 'l.der': await list(name) }).text);
	const files = { 'crls.pem': (await Promise.all(crls)).join('\n'), 'root.pem': pemOf(root.der), 'ca.pem': pemOf(ca.der), 'tsa.pem': pemOf(tsa.der) };
	expect(run('openssl', ['verify', '-crl_check_all', '-CRLfile', 'crls.pem', '-CAfile', 'root.pem', '-untrusted', 'ca.pem', 'tsa.pem'], files).text).toMatch(/tsa\.pem: OK/);
});

test('LOG-5 a revoked certificate: in the log, in answers and lists at once, with date and reason; twice is refused, and so is an unknown one', async () => {
	const serial = serialNumberHex(seal);
	expect(await certificates.revokedInUse(worker)).toEqual([]);
	await certificates.revoke(worker, { serial, reason: 'keyCompromise' });
	expect(await certificates.revokedInUse(worker)).toEqual([serial]);
	expect(await openssl('-no_nonce', '-cert', 'seal.pem')).toMatch(/seal\.pem: revoked[^]*Reason: keyCompromise/);
	const [entry] = readCrl(await list('ca')).entries;
	expect(entry).toMatchObject({ serialNumber: seal.serialNumber, reason: 1 });
	expect((await answer(seal)).read!.status).toEqual({ status: 'revoked', at: entry!.at, reason: 1 });
	expect(await owner`select convert_from(body, 'UTF8')::json->>'op' as op from event where convert_from(body, 'UTF8')::json->>'obj' = ${serial}`).toEqual([{ op: 'certificate.revoke' }]);
	await expect(certificates.revoke(worker, { serial, reason: 'superseded' })).rejects.toMatchObject({ kind: 'conflict', reason: 'revoked' });
	await expect(certificates.revoke(worker, { serial: '00'.repeat(16), reason: 'superseded' })).rejects.toMatchObject({ kind: 'not-found' });
	expect((await answer()).read!.status).toEqual({ status: 'good' });
});

test('LOG-5 RFC 5280 §4.1.2.5 a revocation counts from the beginning of its second: the register, list and answers tell the same, never later than its event, never before the certificate', async () => {
	const own = readCertificate(worker.signing.instanceSeal.certificate);
	const serial = serialNumberHex(own);
	const began = async () => (await owner<{ at: Date }[]>`select app.now() as at`)[0]!.at.getTime();
	for (let now = await began(); now % 1000 < 300; now = await began()); // well into a second, so that upwards, to the nearest and downwards differ
	const from = await began();
	await certificates.revoke(worker, { serial, reason: 'superseded' });
	const [{ at }] = await owner<[{ at: Date }]>`select revoked_at as at from certificate where serial = ${serial}`;
	const [{ t }] = await owner<[{ t: string }]>`select convert_from(body, 'UTF8')::json ->> 't' as t from event where convert_from(body, 'UTF8')::json ->> 'obj' = ${serial}`;
	expect(at.getTime()).toBe(Math.floor(Date.parse(t) / 1000) * 1000);
	expect(Date.parse(t)).toBeGreaterThanOrEqual(from);
	expect(at.getTime()).toBeGreaterThanOrEqual(own.notBefore);
	expect(readCrl(await list('ca')).entries.find((e) => e.serialNumber === own.serialNumber)!.at).toBe(at.getTime());
	expect((await answer(own)).read!.status).toMatchObject({ status: 'revoked', at: at.getTime() });
});

test('LOG-5 the web process reads answers and neither writes them nor reads the register', async () => {
	const sql = web.database.sql;
	expect((await sql`select count(*)::int as n from ocsp_answer`)[0]!.n).toBeGreaterThan(5);
	for (const query of [sql`select 1 from certificate`, sql`update ocsp_answer set der = ''`, sql`insert into certificate (serial, issuer, der, not_after) values ('0011223344556677', 'ca', '', now())`]) await expect(query).rejects.toMatchObject({ code: '42501' });
});
