// What the domain may expect of whoever makes a certificate in a signer's name and signs with its key, our own CA or a remote service (SIGN-3, SIGN-12).

import { describe, expect, test } from 'vitest';
import { assemble, signedAttributes } from '#crypto/cms/build.ts';
import { digest } from '#crypto/primitives.ts';
import { hashOf } from '#crypto/x509/algorithm.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { attribute } from '#crypto/x509/name.ts';
import { buildPath } from '#crypto/x509/path.ts';
import { utf8 } from '#crypto/bytes.ts';
import { createCscServer } from '../../../../test/support/csc.ts';
import { run } from '../../../../test/support/openssl.ts';
import { createPki, pemOf } from '../../../../test/support/pki.ts';
import { KeyUsed } from '../keys/one-time.ts';
import { nodePrimitives as p } from '../keys/primitives.ts';
import { builtIn } from './built-in.ts';
import { csc } from './csc.ts';
import type { SigningService } from './signing-service.ts';

const person = { surname: 'Łuczak-d’Été', givenNames: 'Zoë Marie', user: 'zoe@test.example' };
const pki = await createPki('Own');
const certified = ({ signer, certificate, chain }: typeof pki.root) => ({ signer, certificate: certificate.der, chain });
const remote = await createCscServer();
await remote.enrol(person);
const rsa = await createCscServer();
await rsa.enrol(person, 'rsa-3072');

const services: Readonly<Record<string, SigningService>> = {
	'built-in': builtIn({ primitives: p, signing: { root: certified(pki.root), ca: certified(pki.ca) }, origin: 'https://safe.test' }),
	'csc, OAuth 2.0 client credentials, ECDSA': csc(remote.service),
	'csc, auth/login, RSA': csc({ ...rsa.service, listed: 'FR, Test CA', authorization: { kind: 'basic' } })
};

describe.each(Object.entries(services))('%s', (_, service) => {
	const asked = () => ({ person, policy: '1.3.6.1.4.1.99999.1.1.2', at: Date.now() });

	test('SIGN-3 the certificate names the person, is for commitment to content, good now, and leads to the root it says', async () => {
		const { certificate, chain, anchor } = await service.certify(asked());
		const leaf = readCertificate(certificate);
		expect([attribute(leaf.subject, 'surname'), attribute(leaf.subject, 'givenName')]).toEqual([person.surname, person.givenNames]);
		expect(leaf.keyUsage).toContain('nonRepudiation');
		const path = await buildPath(p, { leaf, intermediates: chain.map(readCertificate), anchors: [readCertificate(anchor)], at: Date.now(), purpose: 'sign' });
		expect(path.problems).toEqual([]);
		expect(chain.some((der) => Buffer.from(der).equals(Buffer.from(anchor)))).toBe(false);
	});

	test('SIGN-3 it signs the attributes once, and OpenSSL takes the signature', async () => {
		const { certificate, chain, anchor, signer } = await service.certify(asked());
		const [content, hash] = [utf8('contrat'), hashOf(signer.algorithm)];
		const signed = signedAttributes(p, { contentDigest: digest(p, hash, content), hash, certificate: readCertificate(certificate) });
		const cms = assemble(signed, { signature: await signer.sign(signed.tbs), algorithm: signer.algorithm, certificates: [certificate, ...chain] });
		const out = run('openssl', ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', 'a.p7s', '-content', 'a', '-CAfile', 'root.pem', '-purpose', 'any'], { 'a.p7s': cms, a: content, 'root.pem': pemOf(anchor) });
		expect(out.text).toMatch(/successful/);
		await expect(signer.sign(signed.tbs)).rejects.toThrow(KeyUsed);
	});

	test('SIGN-12 its health can be asked', async () => {
		await expect(service.look()).resolves.toBeUndefined();
	});
});

test('SIGN-3 two signatures of our own CA have two keys', async () => {
	const service = services['built-in']!;
	const [one, other] = await Promise.all([1, 2].map(() => service.certify({ person, policy: '1.3.6.1.4.1.99999.1.1.2', at: Date.now() })));
	expect(readCertificate(one!.certificate).spki).not.toEqual(readCertificate(other!.certificate).spki);
});
