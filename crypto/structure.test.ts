// A structure with one field more than its standard knows is not read: two readers could disagree about what it means.

import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { createPki, epoch, year } from '../test/support/pki.ts';
import { octetString, read, type Node } from './asn1/der.ts';
import { oid } from './asn1/oid.ts';
import * as write from './asn1/write.ts';
import type { Bytes } from './bytes.ts';
import { readEssCertId, signingCertificateV2 } from './cms/attributes.ts';
import { assemble, signedAttributes } from './cms/build.ts';
import { readSignedData } from './cms/signed-data.ts';
import { CryptoError } from './errors.ts';
import { digest } from './primitives.ts';
import { makeToken, granted, readResponse } from './tsp/response.ts';
import { readTstInfo, writeTstInfo } from './tsp/tst-info.ts';
import { readCertificate, type Certificate } from './x509/certificate.ts';
import { reasonsCovered } from './x509/crl-scope.ts';
import { readCrl, writeCrl } from './x509/crl.ts';
import { nameConstraintProblem } from './x509/name-constraints.ts';
import { readOcspResponse, writeOcspResponse } from './x509/ocsp.ts';
import { policyProblem } from './x509/policy.ts';

const pki = await createPki();
const at = epoch + year / 2;
const leaf = await pki.issue('leaf', { crl: 'http://x.example/crl' });
const content = write.octetString(Uint8Array.of(1));

/** The value with a NULL more at the end of the constructed value that the steps lead to; −1 enters an OCTET STRING. */
function grown(node: Node, [step, ...steps]: readonly number[]): Bytes {
	if (step === undefined) return write.tlv(node.tag, ...node.children.map((c) => c.raw), write.nul());
	if (step === -1) return write.octetString(grown(read(octetString(node)), steps));
	return write.tlv(node.tag, ...node.children.map((c, i) => (i === step ? grown(c, steps) : c.raw)));
}

/** What each place ends in; `read`: nobody minds. */
function refusals(der: Uint8Array, places: Readonly<Record<string, readonly number[]>>, open: (der: Uint8Array) => unknown): string[] {
	open(der);
	return Object.entries(places).map(([name, steps]) => {
		try {
			open(grown(read(der), steps));
			return `${name}: read`;
		} catch (error) {
			return error instanceof CryptoError && error.message.includes('a field too many') ? name : `${name}: ${String(error)}`;
		}
	});
}

const check = (der: Uint8Array, places: Readonly<Record<string, readonly number[]>>, open: (der: Uint8Array) => unknown) => expect(refusals(der, places, open)).toEqual(Object.keys(places));

test('RFC 5280: certificates and revocation lists', async () => {
	check(leaf.certificate.der, { Certificate: [], TBSCertificate: [0], Validity: [0, 4], attribute: [0, 3, 0, 0], extension: [0, 7, 0, 0], basicConstraints: [0, 7, 0, 3, 2, -1] }, readCertificate);
	const revoked = [{ serialNumber: 5n, at, reason: 1 }];
	check(await writeCrl(pki.ca, { number: 1n, thisUpdate: at, nextUpdate: at + 1000, revoked }), { CertificateList: [], TBSCertList: [0], entry: [0, 5, 0] }, readCrl);
});

test('RFC 5280: extensions that are read when a path or a list is judged', async () => {
	const withExtension = (certificate: Certificate, id: string, value: Uint8Array): Certificate => ({ ...certificate, extensions: [{ id, critical: true, value }] });
	const thrown = (problem: string | null) => {
		if (problem !== null) throw new CryptoError('malformed', 'path', problem);
	};
	const policy = (id: string) => (value: Uint8Array) => thrown(policyProblem([withExtension(pki.ca.certificate, id, value), withExtension(pki.ca.certificate, id, value), pki.root.certificate]));
	check(write.sequence(write.integer(9, 0x80)), { PolicyConstraints: [] }, policy(oid.policyConstraints));
	check(write.sequence(write.sequence(write.oid('1.2.3'), write.oid('1.2.4'))), { PolicyMapping: [0] }, policy(oid.policyMappings));
	const base = write.sequence(write.ia5String('example', 0x82));
	check(write.sequence(write.implicit(0, write.sequence(base))), { NameConstraints: [] }, (value) => thrown(nameConstraintProblem(withExtension(pki.ca.certificate, oid.nameConstraints, value), leaf.certificate)));
	const list = readCrl(await writeCrl(pki.ca, { number: 1n, thisUpdate: at, nextUpdate: at + 1000, revoked: [], scope: { uri: 'http://x.example/crl' } }));
	check(list.scope!, { IssuingDistributionPoint: [] }, (scope) => reasonsCovered({ ...list, scope }, leaf.certificate));
	const points = leaf.certificate.extensions.find((e) => e.id === oid.cRLDistributionPoints)!.value;
	check(points, { DistributionPoint: [0] }, (value) => reasonsCovered(list, withExtension(leaf.certificate, oid.cRLDistributionPoints, value)));
});

test('RFC 6960: OCSP answers', async () => {
	const about = { certificate: leaf.certificate, issuer: pki.ca.certificate };
	const der = await writeOcspResponse(p, pki.ca, about, { status: { status: 'revoked', at, reason: 1 }, producedAt: at, thisUpdate: at, nextUpdate: null });
	const basic = [1, 0, 1, -1];
	const problems: string[] = [];
	const places = { ResponseData: [...basic, 0], SingleResponse: [...basic, 0, 2, 0], RevokedInfo: [...basic, 0, 2, 0, 1] };
	for (const steps of Object.values(places)) await readOcspResponse(p, grown(read(der), steps), leaf.certificate, pki.ca.certificate).catch((error: Error) => problems.push(error.message));
	expect(problems).toEqual(Object.keys(places).map((name) => `${name}: a field too many`));
});

test('RFC 5652, RFC 5035: SignedData, its SignerInfo, its attributes', async () => {
	const signed = signedAttributes(p, { contentDigest: digest(p, 'SHA-256', content), hash: 'SHA-256', certificate: leaf.certificate });
	const der = assemble(signed, { signature: await leaf.signer.sign(signed.tbs), algorithm: leaf.signer.algorithm, certificates: [] });
	const data = [1, 0];
	const info = [...data, read(der).children[1]!.children[0]!.children.length - 1, 0];
	check(der, { ContentInfo: [], SignedData: data, EncapsulatedContentInfo: [...data, 2], SignerInfo: info, IssuerAndSerialNumber: [...info, 1], Attribute: [...info, 3, 0] }, readSignedData);
	check(signingCertificateV2(p, leaf.certificate, 'SHA-256'), { ESSCertID: [0, 0] }, (value) => readEssCertId(read(value), 2));
});

test('RFC 3161: responses, TSTInfo, its imprint and accuracy', async () => {
	const info = { policy: '1.2.3', hash: 'SHA-256', imprint: new Uint8Array(32), serialNumber: 5n, genTime: at, accuracy: 1500, ordering: true, nonce: 7n } as const;
	check(writeTstInfo(info), { TSTInfo: [], MessageImprint: [2], Accuracy: [5] }, readTstInfo);
	const token = await makeToken(p, await pki.authority(), { ...info, policy: null, certReq: true }, { genTime: at, serialNumber: 1n, accuracy: null });
	check(granted(token), { TimeStampResp: [] }, readResponse);
});
