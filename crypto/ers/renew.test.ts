// A record renewed (RFC 4998 §5.2), and a token given what it is verified by (§4.2): what was there before stays, since nothing can bring it back.

import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { createGenerations, firstRecord, indefinite, judgeRecord, renewedBy, signedDataWith, tokenOver, type Generation } from '../../test/support/evidence-records.ts';
import { answers, lists } from '../../test/support/signing.ts';
import { Fields, only, read, tag } from '../asn1/der.ts';
import * as value from '../asn1/values.ts';
import * as write from '../asn1/write.ts';
import { utf8 } from '../bytes.ts';
import { readSignedData } from '../cms/signed-data.ts';
import { readCms } from '../pades/evidence.ts';
import { digest } from '../primitives.ts';
import { rootOf } from './hash-tree.ts';
import { readEvidenceRecord } from './record.ts';
import { imprintHash } from './renew.ts';
import { withTokenData } from './token-data.ts';

const data = utf8('a letter that is no PDF');
const [g0, g1, g2, g3] = (await createGenerations(4)) as [Generation, Generation, Generation, Generation];

test('SIGN-15 RFC 4998 §5.2 a renewal adds to the last chain, or adds a chain; every chain and hash before stays', async () => {
	const first = await firstRecord(data, g0);
	const second = await renewedBy(first, g0, g1);
	const third = await renewedBy(second, g1, g2, { over: { data, hash: 'SHA-512' } });
	const stamped = await renewedBy(third, g2, g3);
	const hashed = await renewedBy(third, g2, g3, { over: { data, hash: 'SHA-384' } });
	const shapes = [first, second, third, stamped, hashed].map(readEvidenceRecord);
	expect(shapes.map((r) => r.archiveTimeStampSequence.map((c) => c.archiveTimeStamps.length))).toEqual([[1], [2], [2, 1], [2, 2], [2, 1, 1]]);
	expect(shapes.map((r) => r.digestAlgorithms)).toEqual([['SHA-256'], ['SHA-256'], ['SHA-256', 'SHA-512'], ['SHA-256', 'SHA-512'], ['SHA-256', 'SHA-512', 'SHA-384']]);
	const oldest = shapes.slice(2).map((r) => r.archiveTimeStampSequence[0]!.der);
	expect(oldest).toEqual([oldest[0], oldest[0], oldest[0]]);
	for (const record of [stamped, hashed]) expect((await judgeRecord(record, data, g0, g3.at + 1000)).reasons).toEqual([]);
});

test('SIGN-15 what no hash tree and no token can be made of is refused', async () => {
	expect(() => rootOf(p, 'SHA-256', [])).toThrow('no lists');
	const detached = signedDataWith(await tokenOver(g0, 'SHA-256', digest(p, 'SHA-256', data)), ([version, algorithms, , ...rest]) => [version!, algorithms!, write.sequence(write.oid('1.2.840.113549.1.9.16.1.4')), ...rest]);
	expect(() => imprintHash(detached)).toThrow('no TSTInfo');
});

const versionOf = (token: Uint8Array) => {
	const outer = new Fields(read(token), tag.sequence, 'ContentInfo');
	outer.next();
	return value.integer(new Fields(only(outer.next(), 'ContentInfo'), tag.sequence, 'SignedData').next());
};
const held = (token: Uint8Array) => {
	const { certificates, crls, ocsp } = readCms(token, 1);
	const ders = (all: readonly { readonly der: Uint8Array }[]) => all.map((h) => Buffer.from(h.der).toString('hex')).sort();
	return { certificates: ders(certificates), crls: ders(crls), ocsp: ders(ocsp) };
};
const hexes = (ders: readonly Uint8Array[]) => ders.map((der) => Buffer.from(der).toString('hex'));

test('SIGN-15 RFC 4998 §4.2 a token given validation data keeps what it has, each once', async () => {
	const token = await tokenOver(g0, 'SHA-256', digest(p, 'SHA-256', data));
	const stranger = (await g0.pki.issue('Stranger')).certificate.der;
	const [early, late] = [await lists(g0.pki, g0.at), await lists(g0.pki, g0.at + 1000)];
	const ocsp = await answers(g0.pki, [g0.authority], g0.at);
	const one = withTokenData(token, { certificates: [], ocsp: [], crls: early });
	const two = withTokenData(one, { certificates: [stranger], ocsp, crls: late });
	expect(held(two)).toEqual({ certificates: [...held(token).certificates, ...hexes([stranger])].sort(), crls: hexes([...early, ...late]).sort(), ocsp: hexes(ocsp).sort() });
	expect(withTokenData(two, { certificates: [stranger], ocsp, crls: early })).toEqual(two);
	expect(readSignedData(two).signerInfo).toEqual(readSignedData(token).signerInfo);
});

test('SIGN-15 RFC 5652 §5.1 a token that gets OCSP answers is of version 5; with lists alone its version stays', async () => {
	const token = await tokenOver(g0, 'SHA-256', digest(p, 'SHA-256', data));
	const [crls, ocsp] = [await lists(g0.pki, g0.at), await answers(g0.pki, [], g0.at)];
	const versions = [{ crls: [], ocsp: [] }, { crls, ocsp: [] }, { crls, ocsp }, { crls: [], ocsp }].map((more) => versionOf(withTokenData(token, { certificates: [], ...more })));
	expect(versions).toEqual([3n, 3n, 5n, 5n]);
});

test('SIGN-15 a token in BER is renewed like any; one with a field too many is not rewritten without it', async () => {
	const token = await tokenOver(g0, 'SHA-256', digest(p, 'SHA-256', data));
	const more = { certificates: [], ocsp: [], crls: await lists(g0.pki, g0.at) };
	expect(imprintHash(indefinite(token))).toBe('SHA-256');
	expect(withTokenData(indefinite(token), more)).toEqual(withTokenData(token, more));
	expect(() => withTokenData(signedDataWith(token, (fields) => [...fields, write.nul()]), more)).toThrow('SignedData: a field too many');
});
