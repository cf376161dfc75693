import { describe, expect, test } from 'vitest';
import { base64, fromBase64 } from '../bytes.ts';
import { generateKey, nodePrimitives as p, nodeSigner, specAlgorithm, type KeySpec } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, pemOf, year, type Holder } from '../../test/support/pki.ts';
import { read } from '../asn1/der.ts';
import { readSignatureAlgorithm, writeSignatureAlgorithm } from './algorithm.ts';
import { readCertificate, serialNumberHex, type Certificate } from './certificate.ts';
import { writeCrl, type CrlTemplate } from './crl.ts';
import { issueCertificate } from './issue.ts';
import { pem, pemBodies } from './pem.ts';
import { nameString } from './name.ts';
import { buildPath, type PathInput } from './path.ts';
import { revocationStatus } from './revocation.ts';
import { heldSince } from './revocation-data.ts';

const at = epoch + year / 2;
const pki = await createPki();

async function problems(leaf: Certificate, wishes: Partial<PathInput> = {}): Promise<string[]> {
	const path = await buildPath(p, { leaf, intermediates: [pki.ca.certificate], anchors: [pki.root.certificate], at, purpose: 'sign', ...wishes });
	return path.problems.map((x) => x.problem);
}

test('openssl verifies the chains we issue, for every kind of key', async () => {
	for (const spec of ['ecdsa-p256', 'ecdsa-p384', 'ed25519', 'rsa-3072'] satisfies KeySpec[]) {
		const leaf = await pki.issue(`leaf ${spec}`, { spec });
		const { text, status } = run('openssl', ['verify', '-x509_strict', '-attime', String(at / 1000), '-CAfile', 'root.pem', '-untrusted', 'ca.pem', 'leaf.pem'], {
			'root.pem': pemOf(pki.root.certificate.der),
			'ca.pem': pemOf(pki.ca.certificate.der),
			'leaf.pem': pemOf(leaf.certificate.der)
		});
		expect(status, text).toBe(0);
		expect(await problems(leaf.certificate)).toEqual([]);
	}
});

test('what we read of a certificate is what openssl reads', async () => {
	const { certificate: c } = await pki.issue('Zoë, "Müller" & Cie', { ocsp: 'http://x.example/ocsp', crl: 'http://x.example/crl', policies: [{ id: '1.2.3.4', cps: 'https://x.example' }], extKeyUsage: { purposes: ['documentSigning'], critical: false } });
	const { text } = run('openssl', ['x509', '-in', 'c.pem', '-noout', '-subject', '-serial', '-nameopt', 'RFC2253,utf8,-esc_msb', '-ext', 'certificatePolicies,crlDistributionPoints,authorityInfoAccess,extendedKeyUsage,keyUsage'], { 'c.pem': pemOf(c.der) });
	expect(text).toContain(`subject=${nameString(c.subject)}`);
	expect(text.toLowerCase()).toContain(`serial=${serialNumberHex(c)}`);
	for (const words of ['Policy: 1.2.3.4', 'URI:http://x.example/crl', 'OCSP - URI:http://x.example/ocsp', 'Digital Signature']) expect(text).toContain(words);
	expect(c).toMatchObject({ ocsp: ['http://x.example/ocsp'], crls: ['http://x.example/crl'], policies: ['1.2.3.4'], keyUsage: ['digitalSignature'], basicConstraints: { ca: false, pathLength: null } });
});

describe('RFC 5280 §6: each problem of a path is found by its own check', () => {
	test('trust and signature', async () => {
		const other = await createPki();
		const { certificate } = await pki.issue('leaf');
		expect(await problems(certificate, { anchors: [] })).toEqual(['no-path']);
		expect(await problems(certificate, { intermediates: [] })).toEqual(['no-path']);
		expect(await problems(certificate, { anchors: [other.root.certificate], intermediates: [other.ca.certificate] })).toEqual(['no-path']);
		const forged = new Uint8Array(certificate.der);
		forged[forged.length - 1]! ^= 1;
		expect(await problems(readCertificate(forged))).toEqual(['signature']);
	});
	test('time', async () => {
		const { certificate } = await pki.issue('leaf', { notAfter: epoch + year });
		expect(await problems(certificate, { at: epoch - 1 })).toEqual(['not-yet-valid', 'not-yet-valid', 'not-yet-valid']);
		expect(await problems(certificate, { at: epoch + year + 1 })).toEqual(['expired']);
		expect(await problems(certificate, { at: epoch + year })).toEqual([]);
	});
	test('usages', async () => {
		expect(await problems((await pki.issue('x', { keyUsage: ['keyEncipherment'] })).certificate)).toEqual(['key-usage']);
		expect(await problems((await pki.issue('x', { extKeyUsage: { purposes: ['timeStamping'], critical: true } })).certificate)).toEqual(['extended-key-usage']);
		const tsa = (await pki.issue('x', { extKeyUsage: { purposes: ['timeStamping'], critical: true } })).certificate;
		expect(await problems(tsa, { purpose: 'timestamp' })).toEqual([]);
		for (const extKeyUsage of [{ purposes: ['timeStamping'], critical: false }, { purposes: ['timeStamping', 'documentSigning'], critical: true }] as const) {
			expect(await problems((await pki.issue('x', { extKeyUsage })).certificate, { purpose: 'timestamp' })).toEqual(['extended-key-usage']);
		}
	});
	test('a leaf that issues, and a path longer than allowed', async () => {
		const { privateKey, spki } = generateKey('ecdsa-p256');
		const leaf = await pki.issue('not a CA');
		const template = { subject: [['commonName', 'child']], spki, serialNumber: p.random(16), notBefore: epoch, notAfter: epoch + year, keyUsage: ['digitalSignature'] } as const;
		await expect(issueCertificate(p, leaf, template)).rejects.toThrow(/no CA/);
		const disguised: Certificate = { ...leaf.certificate, basicConstraints: { ca: true, pathLength: null }, keyUsage: ['keyCertSign'] };
		const child = readCertificate(await issueCertificate(p, { signer: leaf.signer, certificate: disguised }, template));
		expect(await problems(child, { intermediates: [pki.ca.certificate, leaf.certificate] })).toEqual(['not-a-ca', 'key-usage', 'path-length']);
		const sub = readCertificate(await issueCertificate(p, pki.ca, { ...template, ca: { pathLength: null }, keyUsage: ['keyCertSign'] }));
		const deep = readCertificate(await issueCertificate(p, { signer: nodeSigner(privateKey, specAlgorithm['ecdsa-p256']), certificate: sub }, { ...template, subject: [['commonName', 'grandchild']], serialNumber: p.random(16) }));
		expect(await problems(deep, { intermediates: [pki.ca.certificate, sub] })).toEqual(['path-length']);
		await expect(issueCertificate(p, pki.ca, { ...template, notAfter: epoch + 40 * year })).rejects.toThrow(/outlive/);
	});
	test('a critical extension nobody here understands', async () => {
		const { certificate } = await pki.issue('leaf', { policies: [{ id: '1.2.3' }] });
		const strange = { ...certificate, extensions: [...certificate.extensions, { id: '1.2.3.4.5', critical: true, value: new Uint8Array() }] };
		expect(await problems(strange)).toEqual(['critical-extension']);
	});
});

test('RFC 4055: PSS parameters survive the way out and back', () => {
	for (const algorithm of [{ scheme: 'rsa-pss', hash: 'SHA-384', mgfHash: 'SHA-384', saltLength: 48 }, { scheme: 'rsa-pkcs1', hash: 'SHA-256' }, { scheme: 'ecdsa', hash: 'SHA-512' }, { scheme: 'ed25519' }] as const) {
		expect(readSignatureAlgorithm(read(writeSignatureAlgorithm(algorithm)))).toEqual(algorithm);
	}
});

test('RFC 7468: PEM out and back', () => {
	const [body] = pemBodies(`noise\n${pem('CERTIFICATE', base64(pki.root.certificate.der))}`, 'CERTIFICATE');
	expect(fromBase64(body!)).toEqual(new Uint8Array(pki.root.certificate.der));
});

test('openssl checks the revocation lists of our CA: whole ones, and one for part of its certificates', async () => {
	const [kept, out] = [await pki.issue('kept', { crl: 'http://x.example/part' }), await pki.issue('revoked', { crl: 'http://x.example/part' })];
	const list = async (issuer: Holder, more: Partial<CrlTemplate> = {}) =>
		pem('X509 CRL', base64(await writeCrl(issuer, { number: 1n, thisUpdate: at, nextUpdate: at + 86_400_000, revoked: [], ...more })));
	const revoked = [{ serialNumber: out.certificate.serialNumber, at: at - 1000, reason: 1 }];
	const verify = async (leaf: Holder, ofCa: Partial<CrlTemplate>) =>
		run('openssl', ['verify', '-x509_strict', '-crl_check_all', '-attime', String(at / 1000), '-CAfile', 'root.pem', '-untrusted', 'ca.pem', '-CRLfile', 'root.crl', '-CRLfile', 'ca.crl', 'leaf.pem'], {
			'root.pem': pemOf(pki.root.certificate.der),
			'ca.pem': pemOf(pki.ca.certificate.der),
			'root.crl': await list(pki.root),
			'ca.crl': await list(pki.ca, ofCa),
			'leaf.pem': pemOf(leaf.certificate.der)
		}).text;
	for (const scope of [undefined, { uri: 'http://x.example/part' }, { uri: 'http://x.example/part', only: 'users' }] as const) {
		const more = { revoked, ...(scope ? { scope } : {}) };
		expect(await verify(kept, more)).toContain('leaf.pem: OK');
		expect(await verify(out, more)).toContain('certificate revoked');
	}
	expect(await verify(kept, { revoked, scope: { uri: 'http://x.example/other' } })).toMatch(/different CRL scope|unable to get certificate CRL/i);
	expect(await verify(kept, { revoked, scope: { uri: 'http://x.example/part', only: 'authorities' } })).toMatch(/different CRL scope|unable to get certificate CRL/i);
});

test('EN 319 412-1 §5.2: a certificate whose short life stands for its revocation says so, and is not asked about', async () => {
	const { certificate } = await pki.issue('short', { revocation: 'short-term', notAfter: epoch + 86_400_000 });
	const { text } = run('openssl', ['x509', '-in', 'c.pem', '-noout', '-text'], { 'c.pem': pemOf(certificate.der) });
	expect(text).toMatch(/0\.4\.0\.194121\.2\.1:\s+\.\.\n/); // NULL
	const asked = async (leaf: Certificate) => (await revocationStatus(p, [leaf, pki.ca.certificate], heldSince(at, {}), epoch)).status;
	for (const revocation of ['short-term', 'none-available'] as const) {
		expect(await asked({ ...pki.ca.certificate, revocation }), 'RFC 9608 §2: a CA’s is asked about all the same').toBe('unknown');
	}
	expect([certificate.revocation, await asked(certificate), await asked((await pki.issue('long')).certificate)]).toEqual(['short-term', 'good', 'unknown']);
});
