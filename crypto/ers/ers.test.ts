import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { about, createGenerations, firstRecord, flipped, judgeRecord, renewedBy, tokenOver, withData, year, type Generation } from '../../test/support/evidence-records.ts';
import { lists } from '../../test/support/signing.ts';
import * as write from '../asn1/write.ts';
import { concat, utf8 } from '../bytes.ts';
import { digest } from '../primitives.ts';
import { readCertificate } from '../x509/certificate.ts';
import { hashTree, renewedHash, rootOf } from './hash-tree.ts';
import { readEvidenceRecord, writeChain, writeEvidenceRecord, writeSequence, type ArchiveTimeStamp, type EvidenceRecord } from './record.ts';
import { recordCheckNames } from './report.ts';
import { imprintHash, initialRecord, lastTimeStamp, renewal } from './renew.ts';
import { verifyRecord } from './verify.ts';

const data = utf8('a letter that is no PDF');
const generations = await createGenerations(4);
const [g0, g1, g2, g3] = generations as [Generation, Generation, Generation, Generation];
const first = await firstRecord(data, g0);
const second = await renewedBy(first, g0, g1);
const third = await renewedBy(second, g1, g2, { over: { data, hash: 'SHA-512' } });
const fourth = await renewedBy(third, g2, g3);
const now = g3.at + 1000;
const judge = (record: Uint8Array, at = now, of = data) => judgeRecord(record, of, g0, at);
const reasons = async (record: Uint8Array, at = now, of = data) => {
	const report = await judge(record, at, of);
	expect(report.indication).not.toBe('TOTAL-PASSED');
	expect(report.time).toBeNull();
	return [report.indication, ...report.reasons];
};

/** The record with an archive time-stamp changed, as whoever keeps it could. */
function changed(record: Uint8Array, chain: number, place: number, change: (ats: ArchiveTimeStamp) => ArchiveTimeStamp): Uint8Array {
	const read = readEvidenceRecord(record);
	const sequence = read.archiveTimeStampSequence.map(({ archiveTimeStamps }, c) => writeChain(archiveTimeStamps.map((ats, i) => (c === chain && i === place ? change(ats) : ats))));
	return writeEvidenceRecord({ ...read, archiveTimeStampSequence: sequence });
}
const part = (record: Uint8Array, chain: number, place: number) => readEvidenceRecord(record).archiveTimeStampSequence[chain]!.archiveTimeStamps[place]!;
const rebuilt = (record: Uint8Array, change: (read: EvidenceRecord) => Partial<EvidenceRecord>) => {
	const read = readEvidenceRecord(record);
	return writeEvidenceRecord({ ...read, ...change(read) });
};

test('SIGN-15 a record passes after each renewal: by time-stamp, by hash tree under another hash, and again', async () => {
	for (const [record, at] of [[first, g0.at], [second, g1.at], [third, g2.at], [fourth, g3.at]] as const) {
		const report = await judge(record, at + 1000);
		expect(report.reasons).toEqual([]);
		expect(report).toMatchObject({ indication: 'TOTAL-PASSED', renewal: false, time: new Date(g0.at).toISOString() });
	}
	expect((await judge(fourth)).archiveTimeStamps.map(({ chain, place, hash }) => [chain, place, hash])).toEqual([[1, 1, 'SHA-256'], [1, 2, 'SHA-256'], [2, 1, 'SHA-512'], [2, 2, 'SHA-512']]);
	const asked = (await judge(fourth)).archiveTimeStamps.flatMap((a) => a.checks).concat((await judge(fourth)).checks).map((c) => c.name);
	expect(recordCheckNames.filter((name) => !asked.includes(name))).toEqual(['data-group']); // of several data objects
});

test('SIGN-15 what was deposited needs no new act: its token is the first archive time-stamp, without a tree', async () => {
	const token = await tokenOver(g0, 'SHA-256', digest(p, 'SHA-256', data));
	const record = initialRecord(token);
	expect(lastTimeStamp(record)).toEqual({ digestAlgorithm: null, reducedHashtree: null, timeStamp: token });
	const { pki } = g0;
	const report = await verifyRecord(p, writeEvidenceRecord(record), { data: about(data), anchors: [pki.root.certificate], at: g0.at + 1000, crls: await lists(pki, g0.at) });
	expect(report.indication).toBe('TOTAL-PASSED');
	expect((await judge(writeEvidenceRecord(record), g0.at + 1000)).reasons).toEqual(['timestamp-revocation']);
});

test('SIGN-15 left alone until its authority ended, a record is not passed, and said to need a renewal', async () => {
	expect(await judge(second, g1.at + 4 * year)).toMatchObject({ indication: 'INDETERMINATE', renewal: true, time: null });
	expect((await judge(fourth, g3.at + 4 * year)).reasons).toEqual(['timestamp-chain']);
});

test('SIGN-15 a renewal that came after the end of the authority before it proves nothing of what was', async () => {
	const late = { ...g2, at: g1.at + 4 * year };
	const authority = await g0.pki.authority({ notBefore: late.at - year, notAfter: late.at + 2 * year });
	const report = await judge(await renewedBy(second, g1, { ...late, authority }), late.at + 1000);
	expect(report).toMatchObject({ indication: 'INDETERMINATE', renewal: false });
	expect(report.archiveTimeStamps.map((a) => a.indication)).toEqual(['INDETERMINATE', 'INDETERMINATE', 'TOTAL-PASSED']);
});

test('SIGN-15 a renewal that brings nothing about the authority before does not carry it on', async () => {
	const bare = writeEvidenceRecord(initialRecord(await tokenOver(g0, 'SHA-256', digest(p, 'SHA-256', data))));
	const next = (await createGenerations(2))[1]!; // of another CA, whose lists say nothing of the first
	const verdict = async (record: Uint8Array) => verifyRecord(p, record, { data: about(data), anchors: [g0.pki.root.certificate, next.pki.root.certificate], at: next.at + 1000 });
	expect(await verdict(await renewedBy(bare, g0, next, { dataless: true, others: 0 }))).toMatchObject({ indication: 'INDETERMINATE', reasons: ['timestamp-revocation'], archiveTimeStamps: [{ indication: 'INDETERMINATE' }, { indication: 'TOTAL-PASSED' }] });
	expect(await verdict(await renewedBy(bare, g0, next, { others: 0 }))).toMatchObject({ indication: 'TOTAL-PASSED', reasons: [] });
});

test('SIGN-15 an authority whose key was compromised before the renewal is not carried on', async () => {
	const revoked = [{ serialNumber: g0.authority.certificate.serialNumber, at: g0.at + year, reason: 1 }];
	const report = await verifyRecord(p, second, { data: about(data), anchors: [g0.pki.root.certificate], at: g1.at + 1000, crls: await lists(g0.pki, g1.at, revoked) });
	expect(report).toMatchObject({ indication: 'INDETERMINATE', renewal: false, reasons: ['timestamp-revocation'] });
});

test('SIGN-15 each alteration is caught by its own check alone', async () => {
	const other = flipped(data, 0);
	expect(await reasons(first, now, other)).toContain('data-object');
	expect(await reasons(first, g0.at + 1000, other)).toEqual(['TOTAL-FAILED', 'data-object']);
	expect(await reasons(third, g2.at + 1000, other)).toEqual(['TOTAL-FAILED', 'data-object', 'sequence-link']);

	const swapped = await withData(await tokenOver(g0, 'SHA-256', digest(p, 'SHA-256', data)), g0, g0.at + 5000);
	expect(await reasons(changed(second, 0, 0, (ats) => ({ ...ats, timeStamp: swapped })), g1.at + 1000)).toEqual(['TOTAL-FAILED', 'chain-link']);
	expect(await reasons(changed(third, 0, 1, (ats) => ({ ...ats, digestAlgorithm: null })), g2.at + 1000)).toEqual(['TOTAL-FAILED', 'sequence-link']);

	const tree = (ats: ArchiveTimeStamp) => ({ ...ats, reducedHashtree: [...ats.reducedHashtree!.slice(0, -1), [flipped(ats.reducedHashtree!.at(-1)![0]!, 3)]] });
	expect(await reasons(changed(second, 0, 1, tree), g1.at + 1000)).toEqual(['TOTAL-FAILED', 'timestamp-imprint']);
	expect(await reasons(changed(second, 0, 1, (ats) => ({ ...ats, reducedHashtree: ats.reducedHashtree!.slice(0, 1) })), g1.at + 1000)).toEqual(['TOTAL-FAILED', 'timestamp-imprint']);

	expect(await reasons(rebuilt(third, () => ({ digestAlgorithms: ['SHA-256'] })), g2.at + 1000)).toEqual(['TOTAL-FAILED', 'digest-algorithms']);

	const mixed = await tokenOver(g1, 'SHA-512', digest(p, 'SHA-512', part(first, 0, 0).timeStamp));
	const read = readEvidenceRecord(first);
	const inOne = writeEvidenceRecord({ ...read, digestAlgorithms: ['SHA-256', 'SHA-512'], archiveTimeStampSequence: [writeChain([part(first, 0, 0), { digestAlgorithm: null, reducedHashtree: null, timeStamp: await withData(mixed, g1, g1.at) }])] });
	expect(await reasons(inOne, g1.at + 1000)).toEqual(['TOTAL-FAILED', 'chain-algorithm']);

	const early = await renewedBy(first, g0, { ...g1, authority: g0.authority, at: g0.at - 1000 });
	expect(await reasons(early, g0.at + 1000)).toEqual(['TOTAL-FAILED', 'time-order']);

	const encrypted = write.sequence(write.integer(1), write.sequence(write.sequence(write.oid('2.16.840.1.101.3.4.2.1'))), write.implicit(1, write.sequence(write.oid('1.2.3'))), writeSequence(readEvidenceRecord(first).archiveTimeStampSequence));
	expect(await reasons(encrypted, g0.at + 1000)).toEqual(['INDETERMINATE', 'not-encrypted']);
});

test('SIGN-15 archive time-stamps in another order, left out or from another record', async () => {
	const chainOf = (read: EvidenceRecord) => read.archiveTimeStampSequence[0]!.archiveTimeStamps;
	expect(await reasons(rebuilt(second, (r) => ({ archiveTimeStampSequence: [writeChain([...chainOf(r)].reverse())] })), g1.at + 1000)).toContain('time-order');
	expect(await reasons(rebuilt(second, (r) => ({ archiveTimeStampSequence: [writeChain(chainOf(r).slice(1))] })), g1.at + 1000)).toEqual(['TOTAL-FAILED', 'data-object']);
	expect(await reasons(rebuilt(third, (r) => ({ archiveTimeStampSequence: r.archiveTimeStampSequence.slice(1) })), g2.at + 1000)).toEqual(['TOTAL-FAILED', 'data-object']);
	const another = await renewedBy(await firstRecord(utf8('another'), g0), g0, g1);
	expect(await reasons(changed(second, 0, 1, () => part(another, 0, 1)), g1.at + 1000)).toEqual(['TOTAL-FAILED', 'chain-link']);
	expect(await reasons(changed(second, 0, 0, () => part(another, 0, 0)), g1.at + 1000)).toEqual(['TOTAL-FAILED', 'data-object', 'chain-link']);
});

test('SIGN-15 RFC 4998 §4.3 a data object group: all of it, and nothing else', async () => {
	const group = [utf8('a'), utf8('b'), utf8('c')];
	const hashes = group.map((one) => digest(p, 'SHA-256', one));
	const list = [hashes];
	const token = await withData(await tokenOver(g0, 'SHA-256', rootOf(p, 'SHA-256', list)), g0, g0.at);
	const record = writeEvidenceRecord({ digestAlgorithms: ['SHA-256'], cryptoInfos: [], archiveTimeStampSequence: [writeChain([{ digestAlgorithm: 'SHA-256', reducedHashtree: list, timeStamp: token }])] });
	const verdict = async (objects: readonly Uint8Array[], more = {}) => (await verifyRecord(p, record, { data: about(...objects), anchors: [g0.pki.root.certificate], at: g0.at + 1000, ...more })).reasons;
	expect(await verdict(group)).toEqual([]);
	expect(await verdict([...group].reverse())).toEqual([]);
	expect(await verdict(group.slice(0, 2))).toEqual(['data-group']);
	expect(await verdict(group.slice(0, 1))).toEqual([]);
	expect(await verdict(group.slice(0, 1), { group: true })).toEqual(['data-group']);
	expect(await verdict([...group, utf8('d')])).toEqual(['data-object']);
});

test('SIGN-15 RFC 4998 §4.2 each leaf’s part of a tree leads to the root, and to no other leaf', () => {
	fc.assert(
		fc.property(fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: 40 }), fc.uint8Array({ minLength: 32, maxLength: 32 }), (leaves, stranger) => {
			const { root, reduced } = hashTree(p, 'SHA-256', leaves);
			for (const [i, lists] of reduced.entries()) {
				expect(rootOf(p, 'SHA-256', lists ?? [[leaves[i]!]])).toEqual(root);
				expect(lists?.[0] ?? [leaves[i]]).toEqual([leaves[i]]);
				if (Buffer.compare(stranger, leaves[i]!)) expect(rootOf(p, 'SHA-256', [[stranger], ...(lists ?? []).slice(1)])).not.toEqual(root);
			}
		}),
		{ numRuns: 100 }
	);
	expect(() => hashTree(p, 'SHA-256', [])).toThrow('no leaves');
	expect(renewedHash(p, 'SHA-256', utf8('h'), utf8('chains'))).toEqual(digest(p, 'SHA-256', concat(utf8('h'), digest(p, 'SHA-256', utf8('chains')))));
});

test('SIGN-15 a record is written as it is read, and any byte changed is never passed unless nothing rests on it', { timeout: 120_000 }, async () => {
	expect(writeEvidenceRecord(readEvidenceRecord(fourth))).toEqual(fourth);
	expect(() => renewal(p, 'SHA-512', [{ record: readEvidenceRecord(first), dataHash: null }])).toThrow('under SHA-256');
	expect(imprintHash(part(fourth, 1, 0).timeStamp)).toBe('SHA-512');
	// Under a later time-stamp every byte of a token counts: its validation data too.
	const covered = Buffer.from(second).indexOf(part(second, 0, 0).timeStamp);
	for (let i = covered + 4; i < covered + part(second, 0, 0).timeStamp.length; i += 97) expect((await judge(flipped(second, i), g1.at + 1000)).indication, `byte ${i}`).not.toBe('TOTAL-PASSED');
});

test('SIGN-15 whatever bytes it is given, a report comes back', async () => {
	await fc.assert(
		fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.nat(third.length - 1).map((i) => third.slice(0, i)), fc.tuple(fc.nat(third.length - 1), fc.nat(255)).map(([i, b]) => concat(third.subarray(0, i), Uint8Array.of(b), third.subarray(i + 1)))), async (bytes) => {
			const report = await judge(bytes, g2.at + 1000);
			if (Buffer.compare(bytes, third)) expect(['TOTAL-PASSED', 'TOTAL-FAILED', 'INDETERMINATE']).toContain(report.indication);
			if (bytes.length !== third.length) expect(report.reasons.length).toBeGreaterThan(0);
		}),
		{ numRuns: 150 }
	);
	expect(await reasons(new Uint8Array())).toEqual(['TOTAL-FAILED', 'der']);
	expect(await reasons(changed(second, 0, 0, (ats) => ({ ...ats, timeStamp: write.sequence(write.oid('1.2.3')) })), g1.at + 1000)).toContain('timestamp-format');
	const huge = Array.from({ length: 250 }, () => part(first, 0, 0));
	expect(await reasons(rebuilt(first, () => ({ archiveTimeStampSequence: [writeChain(huge)] })))).toEqual(['TOTAL-FAILED', 'archive-time-stamps']);
	const wide = { ...part(first, 0, 0), reducedHashtree: Array.from({ length: 30 }, () => Array.from({ length: 1000 }, () => new Uint8Array(1))) };
	expect(await reasons(changed(first, 0, 0, () => wide))).toEqual(['TOTAL-FAILED', 'reduced-hash-tree']);
});

const file = (name: string) => new Uint8Array(readFileSync(new URL(`testdata/${name}`, import.meta.url)));

test('SIGN-15 records made by BouncyCastle pass: one archive time-stamp for three, renewed by time-stamp and by hash tree', async () => {
	const trust = { anchors: [readCertificate(file('root.cer'))], at: Date.parse('2026-06-02T00:00:00Z'), crls: [file('root.crl')] };
	for (const [record, text] of [['one-initial', 'one'], ['one-time-stamp', 'one'], ['one-hash-tree', 'one'], ['two-hash-tree', 'two'], ['three-hash-tree', 'three']] as const) {
		const report = await verifyRecord(p, file(`${record}.ers`), { data: about(file(`${text}.txt`)), ...trust });
		expect(report.reasons, record).toEqual([]);
		expect(report).toMatchObject({ indication: 'TOTAL-PASSED', time: '2022-01-01T00:00:00.000Z' });
		const wrong = await verifyRecord(p, file(`${record}.ers`), { data: about(file(text === 'one' ? 'two.txt' : 'one.txt')), ...trust });
		expect(wrong.reasons[0]).toBe('data-object');
	}
});
