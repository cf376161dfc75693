import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { nodePrimitives as p, nodeSigner } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, pemOf, year } from '../../test/support/pki.ts';
import { read } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import { concat, utf8 } from '../bytes.ts';
import { digest } from '../primitives.ts';
import { writeHash } from '../x509/algorithm.ts';
import { nonceOf, readRequest, writeRequest, type TimeStampReq } from './request.ts';
import { makeToken, readResponse, rejected, respond, granted } from './response.ts';
import { verifyToken } from './token.ts';
import { readTstInfo, writeTstInfo } from './tst-info.ts';

const pki = await createPki();
const authority = await pki.authority();
const data = utf8('a contract');
const request: TimeStampReq = { hash: 'SHA-256', imprint: digest(p, 'SHA-256', data), nonce: nonceOf(p.random(8)), policy: null, certReq: true };
const stamp = { genTime: epoch + year / 2 + 120, serialNumber: 42n, accuracy: 1000 };
const trust = { anchors: [pki.root.certificate] };
const failed = async (token: Uint8Array, input = { for: { request }, ...trust } as Parameters<typeof verifyToken>[2]) => {
	const verdict = await verifyToken(p, token, input);
	expect(verdict.proven).toBe(false);
	return verdict.checks.filter((c) => c.outcome !== 'passed').map((c) => `${c.name} ${c.outcome}`);
};

test('SAFE-4 a token of ours is proven to us, and accepted by openssl ts and openssl cms', async () => {
	for (const spec of ['ecdsa-p256', 'ecdsa-p384', 'rsa-3072'] as const) {
		const tsa = await pki.authority({ spec });
		const response = await respond(p, tsa, writeRequest(request), stamp);
		const token = readResponse(response);
		const verdict = await verifyToken(p, token, { for: { request }, ...trust });
		expect(verdict.checks.filter((c) => c.outcome !== 'passed')).toEqual([]);
		expect(verdict).toMatchObject({ proven: true, tstInfo: { genTime: stamp.genTime, serialNumber: 42n, accuracy: 1000, policy: tsa.policy } });
		const files = { 'root.pem': pemOf(pki.root.certificate.der), 'ca.pem': pemOf(pki.ca.certificate.der), 'r.tsr': response, 't.der': token, 'q.tsq': writeRequest(request), data };
		const when = ['-attime', String(Math.floor(stamp.genTime / 1000))];
		const byQuery = run('openssl', ['ts', '-verify', '-queryfile', 'q.tsq', '-in', 'r.tsr', '-CAfile', 'root.pem', '-untrusted', 'ca.pem', ...when], files);
		expect(byQuery.text).toContain('Verification: OK');
		const byData = run('openssl', ['ts', '-verify', '-data', 'data', '-in', 't.der', '-token_in', '-CAfile', 'root.pem', '-untrusted', 'ca.pem', ...when], files);
		expect(byData.text).toContain('Verification: OK');
		const cms = run('openssl', ['cms', '-verify', '-inform', 'DER', '-in', 't.der', '-CAfile', 'root.pem', '-purpose', 'timestampsign', '-out', 'x', ...when], files);
		expect(cms.text).toMatch(/successful/i);
	}
});

test('openssl’s request is read; ours is read by openssl', () => {
	const made = run('sh', ['-c', 'openssl ts -query -data data -sha384 -cert -tspolicy 1.2.3.4 -out q.tsq && base64 -w0 q.tsq && echo'], { data });
	const line = /^[A-Za-z0-9+/=]{40,}/m.exec(made.text)![0];
	const readBack = readRequest(new Uint8Array(Buffer.from(line, 'base64')));
	expect(readBack).toMatchObject({ hash: 'SHA-384', policy: '1.2.3.4', certReq: true });
	expect(Buffer.from(readBack.imprint).equals(Buffer.from(digest(p, 'SHA-384', data)))).toBe(true);
	expect(run('openssl', ['ts', '-query', '-in', 'q', '-text'], { q: writeRequest(request) }).text).toContain('Hash Algorithm: sha256');
});

test('SAFE-4 each lie of an authority is caught by its own check', async () => {
	const token = (changes: Partial<TimeStampReq>, tsa = authority, when = stamp) => makeToken(p, tsa, { ...request, ...changes }, when);
	expect(await failed(await token({ imprint: digest(p, 'SHA-256', utf8('another')) }))).toEqual(['imprint failed']);
	expect(await failed(await token({ nonce: 7n }))).toEqual(['nonce failed']);
	expect(await failed(await token({ nonce: null }))).toEqual(['nonce failed']);
	expect(await failed(await token({}), { for: { request: { ...request, policy: '1.2.3' } }, ...trust })).toEqual(['policy failed']);
	expect(await failed(await token({}, authority, { ...stamp, genTime: epoch + 6 * year }))).toEqual(['chain indeterminate']);
	expect(await failed(await token({}, await (await createPki()).authority()))).toEqual(['chain indeterminate']);
	expect(await failed(await token({}, await pki.authority({ extKeyUsage: { purposes: ['timeStamping'], critical: false } })))).toEqual(['chain failed']);
	expect(await failed(await token({}, await pki.authority({ extKeyUsage: { purposes: ['timeStamping', 'documentSigning'], critical: true } })))).toEqual(['chain failed']);
	const other = await pki.authority();
	expect(await failed(await token({}, { ...authority, signer: other.signer }))).toEqual(['signature failed']);
	expect(await failed(await token({}, { ...authority, certificate: { ...authority.certificate, der: other.certificate.der } }))).toContain('signing-certificate indeterminate');
	expect(await failed(await token({ certReq: false }))).toContain('signing-certificate indeterminate');
});

test('one flipped byte of a token is refused, except in a certificate the path did not need', async () => {
	const token = Buffer.from(await makeToken(p, authority, request, stamp));
	const unused = token.indexOf(pki.ca.certificate.der);
	expect(unused).toBeGreaterThan(0);
	for (let i = 0; i < token.length; i += 7) {
		if (i >= unused && i < unused + pki.ca.certificate.der.length) continue; // given below by the verifier, who needs no copy
		const altered = new Uint8Array(token);
		altered[i]! ^= 0x20;
		const verdict = await verifyToken(p, altered, { for: { request }, ...trust, intermediates: [pki.ca.certificate] });
		expect(verdict.proven, `byte ${i} of ${token.length}`).toBe(false);
	}
});

test('SAFE-4 status, size and refusals: only a granted token is read', async () => {
	expect(() => readResponse(rejected('badAlg', 'no'))).toThrow(/status 2, badAlg, no/);
	expect(() => readResponse(new Uint8Array(70_000))).toThrow(/70000 bytes/);
	const refusal = await respond(p, authority, writeRequest({ ...request, hash: 'SHA-1', imprint: new Uint8Array(20) }), stamp);
	expect(() => readResponse(refusal)).toThrow(/badAlg/);
	expect(() => readResponse(granted(new Uint8Array()))).toThrow(/without a token/);
	expect((await verifyToken(p, utf8('x'), { for: { data }, ...trust })).checks).toMatchObject([{ name: 'format', outcome: 'failed' }]);
});

test('RFC 3161 §2.4.1, §2.4.2: each refusal is told by its own failure', async () => {
	const refused = async (bytes: Uint8Array, when = stamp) => {
		const answer = await respond(p, authority, bytes, when);
		expect(() => readResponse(answer)).toThrow();
		const { text } = run('openssl', ['ts', '-reply', '-in', 'r.tsr', '-text'], { 'r.tsr': answer });
		expect(text).toContain('Status: Rejected.');
		try {
			readResponse(answer);
		} catch (error) {
			return /status 2, (\w+)/.exec((error as Error).message)?.[1];
		}
	};
	const fields = (bytes = writeRequest(request)) => read(bytes).children.map((c) => c.raw);
	const unknownHash = write.sequence(write.sequence(write.oid('1.2.3.4')), write.octetString(new Uint8Array(32)));
	const extension = (...critical: Uint8Array[]) => write.explicit(0, write.sequence(write.oid('1.2.3.4'), ...critical, write.octetString(write.nul())));
	expect(await refused(write.sequence(write.integer(1), unknownHash))).toBe('badAlg');
	expect(await refused(writeRequest({ ...request, hash: 'SHA-1', imprint: new Uint8Array(20) }))).toBe('badAlg');
	expect(await refused(write.sequence(write.integer(2), ...fields().slice(1)))).toBe('badRequest');
	expect(await refused(utf8('nonsense'))).toBe('badDataFormat');
	expect(await refused(write.sequence(...fields(), write.nul()))).toBe('badDataFormat');
	expect(await refused(writeRequest({ ...request, imprint: new Uint8Array(31) }))).toBe('badDataFormat');
	expect(await refused(writeRequest({ ...request, policy: '1.2.3' }))).toBe('unacceptedPolicy');
	expect(await refused(write.sequence(...fields(), extension(write.boolean(true))))).toBe('unacceptedExtension');
	expect(await refused(write.sequence(...fields(), extension()))).toBe('unacceptedExtension');
	expect(await refused(writeRequest(request), { ...stamp, genTime: authority.certificate.notAfter + 1 })).toBe('timeNotAvailable');
});

const detail = async (token: Uint8Array, more: Partial<Parameters<typeof verifyToken>[2]> = {}) => (await verifyToken(p, token, { for: { data }, ...trust, ...more })).checks.filter((c) => c.outcome !== 'passed').map((c) => `${c.name} ${c.outcome}: ${c.detail}`);

test('SAFE-4 the ends of an authority’s certificate are within it, the largest size is read, and BER', async () => {
	const { notBefore, notAfter } = authority.certificate;
	for (const genTime of [notBefore, notAfter]) expect(readResponse(await respond(p, authority, writeRequest(request), { ...stamp, genTime })).length).toBeGreaterThan(0);
	expect(() => readResponse(new Uint8Array(65_537))).toThrow(expect.objectContaining({ reason: 'tsa-response-size' }));
	expect(() => readResponse(new Uint8Array(65_536))).toThrow(expect.objectContaining({ code: 'malformed' }));
	expect(await detail(new Uint8Array(65_537))).toEqual(['format failed: 65537 bytes']);
	expect(await detail(new Uint8Array(65_536))).not.toEqual(['format failed: 65536 bytes']);
	const token = await makeToken(p, authority, request, stamp);
	const inner = read(granted(token)).content;
	expect(readResponse(concat(Uint8Array.of(0x30, 0x80), inner, Uint8Array.of(0, 0)))).toEqual(token);
});

test('SAFE-4 each of several faults of a token is told, a failed one before an open one', async () => {
	const hash = 'SHA-1' as const;
	const old = await makeToken(p, authority, { ...request, hash, imprint: digest(p, hash, data) }, stamp);
	const end = Date.UTC(2009, 0, 1);
	expect([await detail(old, { existed: end }), await detail(old, { existed: end + 1 })]).toEqual([[], ['algorithms indeterminate: imprint under SHA-1']]);
	const token = await makeToken(p, authority, request, stamp);
	const body = read(token).children[1]!.children[0]!.children.map((c) => c.raw);
	expect(await detail(write.sequence(read(token).children[0]!.raw, write.explicit(0, write.sequence(body[0]!, write.setOf(writeHash('SHA-384')), ...body.slice(2)))))).toEqual(['algorithms indeterminate: SHA-256 is not announced']);
	const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
	const weak = await pki.authority({ key: { signer: nodeSigner(small.privateKey, { scheme: 'rsa-pkcs1', hash: 'SHA-256' }), spki: new Uint8Array(small.publicKey.export({ format: 'der', type: 'spki' })) } });
	expect((await detail(await makeToken(p, weak, request, stamp))).map((d) => d.split(':', 2).join(':'))).toEqual(['algorithms indeterminate: RSA of 1024 bits']);
	const { certificate, signer, chain } = await pki.issue('no authority', { notAfter: epoch + year });
	expect(await detail(await makeToken(p, { certificate, signer, chain, policy: '1.2.3' }, request, { ...stamp, genTime: epoch + 2 * year }))).toMatchObject([expect.stringContaining('chain failed: expired') as string]);
	const hollow = await makeToken(p, authority, request, stamp);
	const parts = read(hollow).children[1]!.children[0]!.children.map((c) => c.raw);
	expect(await detail(write.sequence(read(hollow).children[0]!.raw, write.explicit(0, write.sequence(parts[0]!, parts[1]!, write.sequence(write.oid(oid.tstInfo)), ...parts.slice(3)))))).toEqual(['format failed: no TSTInfo']);
	await expect(verifyToken({ ...p, verify: () => Promise.reject(new Error('no hardware')) }, token, { for: { data }, ...trust })).rejects.toThrow('no hardware');
});

test('RFC 3161 §2.4.2: TSTInfo is of version 1; its ordering is written and read, ours never claims it', async () => {
	const info = { ...stamp, policy: '1.2.3', hash: request.hash, imprint: request.imprint, ordering: true, nonce: null };
	expect(readTstInfo(writeTstInfo(info))).toEqual(info);
	expect(readTstInfo(writeTstInfo({ ...info, ordering: false }))).toEqual({ ...info, ordering: false });
	expect((await verifyToken(p, await makeToken(p, authority, request, stamp), { for: { data }, ...trust })).tstInfo?.ordering).toBe(false);
	expect(() => readTstInfo(write.sequence(write.integer(2), ...read(writeTstInfo(info)).children.slice(1).map((c) => c.raw)))).toThrow(expect.objectContaining({ reason: 'tst-info' }));
});

test('a critical extension of a token that nobody here knows is refused, another is not', () => {
	expect(readTstInfo(tstInfoWith(false)).serialNumber).toBe(42n);
	expect(() => readTstInfo(tstInfoWith(true))).toThrow(/critical extension 1.2.3.4/);
});

/** A TSTInfo with an extension. */
function tstInfoWith(critical: boolean): Uint8Array {
	const plain = writeTstInfo({ ...stamp, policy: '1.2.3', hash: request.hash, imprint: request.imprint, ordering: false, nonce: null });
	const extension = write.sequence(write.oid('1.2.3.4'), ...(critical ? [write.boolean(true)] : []), write.octetString(write.nul()));
	return write.sequence(...read(plain).children.map((c) => c.raw), write.explicit(1, extension));
}
