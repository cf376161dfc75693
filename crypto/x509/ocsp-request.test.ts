import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { made } from '../../test/support/openssl.ts';
import { createPki, pemOf } from '../../test/support/pki.ts';
import * as write from '../asn1/write.ts';
import { writeOcspRequest } from './ocsp.ts';
import { namesIssuer, ocspError, readOcspRequest } from './ocsp-request.ts';

const pki = await createPki();
const [leaf, twin] = [await pki.issue('leaf'), await pki.issue('twin')];
const files = { 'ca.pem': pemOf(pki.ca.certificate.der), 'a.pem': pemOf(leaf.certificate.der), 'b.pem': pemOf(twin.certificate.der) };
const asked = (...args: string[]) => readOcspRequest(made('r.der', 'openssl', ['ocsp', '-issuer', 'ca.pem', ...args, '-reqout', 'r.der'], files));

test('RFC 6960 §4.1: what openssl and we ask is read, with or without a nonce, by any hash', () => {
	for (const ids of [asked('-cert', 'a.pem'), asked('-no_nonce', '-cert', 'a.pem'), readOcspRequest(writeOcspRequest(p, leaf.certificate, pki.ca.certificate))]) expect(ids).toMatchObject([{ hash: 'SHA-1', serialNumber: leaf.certificate.serialNumber }]);
	expect(asked('-sha256', '-cert', 'a.pem', '-sha384', '-cert', 'b.pem')).toMatchObject([{ hash: 'SHA-256', serialNumber: leaf.certificate.serialNumber }, { hash: 'SHA-384', serialNumber: twin.certificate.serialNumber }]);
});

test('RFC 6960 §4.1.1: a CertID names its issuer by name and key, both', async () => {
	const [id] = asked('-sha256', '-cert', 'a.pem');
	expect(namesIssuer(p, id!, pki.ca.certificate)).toBe(true);
	expect(namesIssuer(p, id!, pki.root.certificate)).toBe(false);
	const again = (await createPki()).ca.certificate; // the same name, another key
	expect(namesIssuer(p, id!, again)).toBe(false);
	expect(namesIssuer(p, id!, { ...pki.ca.certificate, subject: pki.root.certificate.subject })).toBe(false);
});

test('what is no request is malformed, a critical extension nobody knows is not passed over', () => {
	const good = writeOcspRequest(p, leaf.certificate, pki.ca.certificate);
	for (const bad of [new Uint8Array(), good.slice(0, -1), Uint8Array.of(...good, 0), write.sequence(), write.sequence(write.sequence())]) expect(() => readOcspRequest(bad)).toThrow(expect.objectContaining({ code: 'malformed' }));
	const [request] = [good.slice(4)];
	const critical = write.explicit(2, write.sequence(write.sequence(write.oid('1.2.3'), write.boolean(true), write.octetString(Uint8Array.of(5, 0)))));
	const list = write.sequence(request!.slice(request!.length - (good.length - 6)));
	expect(() => readOcspRequest(write.sequence(write.sequence(list.slice(2), critical)))).toThrow(/critical|extension|1\.2\.3/);
	expect([...ocspError('unauthorized')]).toEqual([0x30, 3, 10, 1, 6]);
});
