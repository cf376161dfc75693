// Since when what a record holds is proven to exist (RFC 4998 §5.3; EN 319 102-1 §5.6.2.3): each archive time-stamp carries what it covers, nothing beside it, and only when it is in order itself.

import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { about, createGenerations, firstRecord, indefinite, judgeRecord, renewedBy, signedDataWith, tokenOver, year, type Generation } from '../../test/support/evidence-records.ts';
import { createPki } from '../../test/support/pki.ts';
import { lists } from '../../test/support/signing.ts';
import { context, read } from '../asn1/der.ts';
import * as write from '../asn1/write.ts';
import { utf8 } from '../bytes.ts';
import { digest } from '../primitives.ts';
import { readEvidenceRecord, writeChain, writeEvidenceRecord } from './record.ts';
import { initialRecord, lastTimeStamp, withLastToken } from './renew.ts';
import { withTokenData } from './token-data.ts';
import { verifyRecord } from './verify.ts';

const data = utf8('a letter that is no PDF');
const [g0, g1] = (await createGenerations(2)) as [Generation, Generation];
const first = await firstRecord(data, g0);
const second = await renewedBy(first, g0, g1);
const tokenOf = (record: Uint8Array) => lastTimeStamp(readEvidenceRecord(record)).timeStamp;
const withToken = (record: Uint8Array, token: Uint8Array) => writeEvidenceRecord(withLastToken(readEvidenceRecord(record), token));

test('SIGN-15 what a token brings is proven by the next one over it, not by the token itself', async () => {
	const [brief, next] = [await createPki('Brief', { issuing: { notAfter: g0.at + 2 * year } }), await createPki('Next')];
	const a: Generation = { pki: brief, at: g0.at, authority: await brief.authority({ notAfter: g0.at + 2 * year }) };
	const [b, c] = await Promise.all([1, 1.5].map(async (years): Promise<Generation> => ({ pki: next, at: a.at + years * year, authority: await next.authority() })));
	const bare = writeEvidenceRecord(initialRecord(await tokenOver(a, 'SHA-256', digest(p, 'SHA-256', data))));
	const renewed = await renewedBy(bare, a, b!, { dataless: true, others: 0 });
	const said = withToken(renewed, withTokenData(tokenOf(renewed), { certificates: [], ocsp: [], crls: await lists(brief, b!.at - 1000) }));
	const judge = (record: Uint8Array, at: number) => verifyRecord(p, record, { data: about(data), anchors: [brief.root.certificate, next.root.certificate], at });
	// The authority of the first ended with its CA: who held the CA's key then could have made the list since, and put it there.
	const ended = brief.ca.certificate.notAfter + 1000;
	expect((await judge(said, ended - 2000)).reasons).toEqual([]);
	expect(await judge(said, ended)).toMatchObject({ indication: 'INDETERMINATE', reasons: ['timestamp-revocation'], archiveTimeStamps: [{ indication: 'INDETERMINATE' }, { indication: 'TOTAL-PASSED' }] });
	// In time under a third one, that covers the list, it is proven to be older.
	expect(await judge(await renewedBy(said, b!, c!), ended)).toMatchObject({ indication: 'TOTAL-PASSED', reasons: [] });
});

test('SIGN-15 RFC 4998 §5.3 a renewal over something else carries on nothing before it', async () => {
	const another = await renewedBy(await firstRecord(utf8('another'), g0), g0, g1);
	const stolen = readEvidenceRecord(another).archiveTimeStampSequence[0]!.archiveTimeStamps[1]!;
	const whole = readEvidenceRecord(second);
	const [own] = whole.archiveTimeStampSequence[0]!.archiveTimeStamps;
	const forged = writeEvidenceRecord({ ...whole, archiveTimeStampSequence: [writeChain([own!, stolen])] });
	const indications = async (record: Uint8Array) => (await judgeRecord(record, data, g0, g0.authority.certificate.notAfter + 1000)).archiveTimeStamps.map((a) => a.indication);
	expect(await indications(second)).toEqual(['TOTAL-PASSED', 'TOTAL-PASSED']);
	expect(await indications(forged)).toEqual(['INDETERMINATE', 'TOTAL-FAILED']);
});

test('SIGN-15 an authority revoked after its last time-stamp is news, which no renewal helps', async () => {
	const at = g1.at + year / 4;
	const revoked = [{ serialNumber: g1.authority.certificate.serialNumber, at: g1.at + year / 8, reason: 1 }];
	expect(await judgeRecord(second, data, g0, at, { crls: await lists(g0.pki, at - 1000, revoked) })).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE', renewal: false, time: null });
	expect(await judgeRecord(second, data, g0, at, { crls: await lists(g0.pki, at - 1000) })).toMatchObject({ indication: 'TOTAL-PASSED' });
});

test('SIGN-15 RFC 4998 §5.1 two archive time-stamps of one moment are in order', async () => {
	const at = g0.at + 1000;
	expect((await judgeRecord(await renewedBy(first, g0, g0), data, g0, at)).reasons).toEqual([]);
});

test('SIGN-15 a token in BER, or with a certificate in BER that leads nowhere, proves what it does in DER', async () => {
	const at = g0.at + 1000;
	expect((await judgeRecord(withToken(first, indefinite(tokenOf(first))), data, g0, at)).reasons).toEqual([]);
	const stranger = indefinite((await g0.pki.issue('Stranger')).certificate.der);
	const bag = (fields: readonly Uint8Array[]) => fields.map((field) => (field[0] === context(0) ? write.tlv(context(0), stranger, ...read(field).children.map((c) => c.raw)) : field));
	expect((await judgeRecord(withToken(first, signedDataWith(tokenOf(first), bag)), data, g0, at)).reasons).toEqual([]);
});

test('SIGN-15 a check that fails is told apart from one that stays open', async () => {
	const outcomes = async (record: Uint8Array, of: Uint8Array) => {
		const { checks, archiveTimeStamps } = await judgeRecord(record, of, g0, g0.at + 1000);
		return [...checks, ...archiveTimeStamps.flatMap((a) => a.checks)].filter((c) => c.outcome !== 'passed').map((c) => [c.name, c.outcome]);
	};
	const encrypted = write.sequence(write.integer(1), write.sequence(write.sequence(write.oid('2.16.840.1.101.3.4.2.1'))), write.implicit(1, write.sequence(write.oid('1.2.3'))), write.sequence(readEvidenceRecord(first).archiveTimeStampSequence[0]!.der));
	expect(await outcomes(encrypted, data)).toEqual([['not-encrypted', 'indeterminate']]);
	expect(await outcomes(first, utf8('another'))).toEqual([['data-object', 'failed']]);
});

test('SIGN-15 RFC 4998 §4.3 a record asked about no data proves nothing', async () => {
	expect(await verifyRecord(p, second, { data: [], anchors: [g0.pki.root.certificate], at: g1.at + 1000 })).toMatchObject({ indication: 'TOTAL-FAILED', reasons: ['data-object'], time: null });
});

test('SIGN-15 bytes that are no record need no renewal; data that cannot be read is no verdict on the record', async () => {
	expect(await judgeRecord(first.subarray(1), data, g0, g0.at + 1000)).toMatchObject({ indication: 'TOTAL-FAILED', renewal: false, time: null, archiveTimeStamps: [] });
	const gone = () => {
		throw new Error('the object is gone');
	};
	await expect(verifyRecord(p, first, { data: [gone], anchors: [g0.pki.root.certificate], at: g0.at + 1000 })).rejects.toThrow('the object is gone');
});
