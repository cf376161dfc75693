// What is read of a record's bytes and what is refused (RFC 4998 §3.1, §4.1, §5.1); the time-stamps here are any SEQUENCE, which reading does not open.

import { expect, test } from 'vitest';
import * as write from '../asn1/write.ts';
import { concat } from '../bytes.ts';
import { writeHash } from '../x509/algorithm.ts';
import { maximumHashes, maximumRecord, maximumTimeStamps, readEvidenceRecord } from './record.ts';

const timeStamp = write.sequence(write.oid('1.2.3'));
const stamps = (count: number) => write.sequence(...Array.from({ length: count }, () => write.sequence(timeStamp)));
const stamp = (...before: readonly Uint8Array[]) => write.sequence(write.sequence(write.sequence(...before, timeStamp)));

interface Parts {
	readonly version?: number;
	readonly digestAlgorithms?: readonly Uint8Array[];
	/** Between digestAlgorithms and archiveTimeStampSequence. */
	readonly between?: readonly Uint8Array[];
	readonly sequence?: Uint8Array;
	readonly after?: readonly Uint8Array[];
}
const bytesOf = ({ version = 1, digestAlgorithms = [writeHash('SHA-256')], between = [], sequence = stamp(), after = [] }: Parts = {}) =>
	write.sequence(write.integer(version), write.sequence(...digestAlgorithms), ...between, sequence, ...after);
const refused = (parts: Parts, error: { code: string; reason: string }) => expect(() => readEvidenceRecord(bytesOf(parts))).toThrow(expect.objectContaining(error));

test('SIGN-15 RFC 4998 §3.1 a record of another version is not read as one of version 1', () => {
	expect(readEvidenceRecord(bytesOf()).archiveTimeStampSequence).toHaveLength(1);
	for (const version of [0, 2]) refused({ version }, { code: 'unsupported', reason: 'evidence-record-version' });
});

test('SIGN-15 a list of a record that is empty proves nothing, and is refused', () => {
	const nothing = write.sequence();
	const empty: Record<string, Parts> = {
		digestAlgorithms: { digestAlgorithms: [] },
		CryptoInfos: { between: [write.implicit(0, nothing)] },
		ArchiveTimeStampSequence: { sequence: nothing },
		ArchiveTimeStampChain: { sequence: write.sequence(nothing) },
		reducedHashtree: { sequence: stamp(write.implicit(2, nothing)) },
		PartialHashtree: { sequence: stamp(write.implicit(2, write.sequence(nothing))) }
	};
	for (const [what, parts] of Object.entries(empty)) {
		refused(parts, { code: 'malformed', reason: 'evidence-record' });
		expect(() => readEvidenceRecord(bytesOf(parts))).toThrow(`${what}: empty`);
	}
});

test('SIGN-15 RFC 4998 §3.1, §4.1 a field too many, in a record or in an archive time-stamp, is not passed over', () => {
	expect(() => readEvidenceRecord(bytesOf({ after: [stamp()] }))).toThrow('EvidenceRecord: a field too many');
	expect(() => readEvidenceRecord(bytesOf({ sequence: write.sequence(write.sequence(write.sequence(timeStamp, timeStamp))) }))).toThrow('ArchiveTimeStamp: a field too many');
});

test('SIGN-15 RFC 4998 §4.1 an archive time-stamp with attributes is read: none speaks of the proof', () => {
	const attribute = write.sequence(write.oid('1.2.3'), write.setOf(write.nul()));
	const tree = write.implicit(2, write.sequence(write.sequence(write.octetString(new Uint8Array(32)))));
	const record = readEvidenceRecord(bytesOf({ sequence: stamp(write.implicit(0, writeHash('SHA-512')), write.implicit(1, write.setOf(attribute)), tree) }));
	expect(record.archiveTimeStampSequence[0]!.archiveTimeStamps).toEqual([{ digestAlgorithm: 'SHA-512', reducedHashtree: [[new Uint8Array(32)]], timeStamp }]);
});

test('SIGN-15 a record is read up to its limits: 200 archive time-stamps, 20,000 hash values of one, 16 MiB', () => {
	const [half, rest] = [stamps(maximumTimeStamps / 2), (more: number) => stamps(maximumTimeStamps / 2 + more)];
	expect(readEvidenceRecord(bytesOf({ sequence: write.sequence(half, rest(0)) })).archiveTimeStampSequence.map((c) => c.archiveTimeStamps.length)).toEqual([100, 100]);
	refused({ sequence: write.sequence(half, rest(1)) }, { code: 'limit', reason: 'archive-time-stamps' });

	const list = (count: number) => write.sequence(...Array.from({ length: count }, () => write.octetString(Uint8Array.of(7))));
	const tree = (more: number) => stamp(write.implicit(2, write.sequence(list(maximumHashes / 2), list(maximumHashes / 2 + more))));
	expect(readEvidenceRecord(bytesOf({ sequence: tree(0) })).archiveTimeStampSequence[0]!.archiveTimeStamps[0]!.reducedHashtree!.flat()).toHaveLength(maximumHashes);
	refused({ sequence: tree(1) }, { code: 'limit', reason: 'reduced-hash-tree' });

	const padded = (size: number) => ({ between: [write.implicit(0, write.sequence(write.octetString(new Uint8Array(size))))] });
	const room = maximumRecord - (bytesOf(padded(maximumRecord - 1000)).length - (maximumRecord - 1000));
	expect(bytesOf(padded(room))).toHaveLength(maximumRecord);
	expect(readEvidenceRecord(bytesOf(padded(room))).cryptoInfos).toHaveLength(1);
	refused(padded(room + 1), { code: 'limit', reason: 'evidence-record-size' });
});

test('SIGN-15 RFC 4998 §3.1 a record in BER, of which DER is one encoding, is read', () => {
	const der = bytesOf();
	const body = der.subarray(2);
	expect(der[1]).toBe(body.length);
	expect(readEvidenceRecord(concat(Uint8Array.of(0x30, 0x80), body, new Uint8Array(2)))).toEqual(readEvidenceRecord(der));
});
