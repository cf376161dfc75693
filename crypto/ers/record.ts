// EvidenceRecord (RFC 4998 §3.1, §4.1, §5.1; ASN.1 1988, IMPLICIT tags), read and written.

import { context, expect, Fields, octetString, read, tag, type Node } from '../asn1/der.ts';
import * as value from '../asn1/values.ts';
import * as write from '../asn1/write.ts';
import type { Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { HashName } from '../primitives.ts';
import { readHash, writeHash } from '../x509/algorithm.ts';

/** PartialHashtree: one list of hash values. */
export type PartialHashtree = readonly Uint8Array[];

export interface ArchiveTimeStamp {
	/** Null: not stated; the imprint of the time-stamp says it (§4.1). */
	readonly digestAlgorithm: HashName | null;
	/** Null: the time-stamp is over the one hash value itself. */
	readonly reducedHashtree: readonly PartialHashtree[] | null;
	/** ContentInfo of a TimeStampToken (RFC 3161), as it stands. */
	readonly timeStamp: Uint8Array;
}

export type ArchiveTimeStampChain = readonly ArchiveTimeStamp[];

/** A chain as it stands in the record, which is what a hash-tree renewal hashes. */
export interface EncodedChain {
	readonly der: Uint8Array;
	readonly archiveTimeStamps: ArchiveTimeStampChain;
}

export interface EvidenceRecord {
	readonly digestAlgorithms: readonly HashName[];
	/** DER Attributes. No time-stamp covers them (§3.1): nothing rests on them here. */
	readonly cryptoInfos: readonly Uint8Array[];
	/** Whether there is an EncryptionInfo: the record is then of something encrypted, which is not done. */
	readonly encrypted: boolean;
	/** Oldest first. */
	readonly archiveTimeStampSequence: readonly EncodedChain[];
}

/** The largest record read, in bytes. */
export const maximumRecord = 16 << 20;
/** Archive time-stamps of a record. Twenty years need a dozen. */
export const maximumTimeStamps = 200;
/** Hash values in the reduced hash tree of one archive time-stamp. */
export const maximumHashes = 20_000;

/** CryptoInfos is SIZE (1..MAX) (§3.1); any other list without an entry has nothing to prove with. Throws CryptoError `malformed`. */
const some = <T>(items: readonly T[], what: string): readonly T[] => {
	if (!items.length) throw new CryptoError('malformed', 'evidence-record', `${what}: empty`);
	return items;
};

/** Throws CryptoError `malformed`, `limit`, or `unsupported` on a hash that is not known, or a version other than 1 (§3.1). */
export function readEvidenceRecord(bytes: Uint8Array): EvidenceRecord {
	if (bytes.length > maximumRecord) throw new CryptoError('limit', 'evidence-record-size', `${bytes.length} bytes`);
	const f = new Fields(read(bytes, { ber: true }), tag.sequence, 'EvidenceRecord');
	if (value.integer(f.next(tag.integer)) !== 1n) throw new CryptoError('unsupported', 'evidence-record-version', 'version 1 expected');
	const digestAlgorithms = some(f.next(tag.sequence).children, 'digestAlgorithms').map(readHash);
	const cryptoInfos = f.optional(context(0));
	const encryptionInfo = f.optional(context(1));
	const sequence = f.next(tag.sequence);
	f.end();
	const archiveTimeStampSequence = some(sequence.children, 'ArchiveTimeStampSequence').map((node) => ({ der: node.raw, archiveTimeStamps: readChain(node) }));
	const count = archiveTimeStampSequence.reduce((n, c) => n + c.archiveTimeStamps.length, 0);
	if (count > maximumTimeStamps) throw new CryptoError('limit', 'archive-time-stamps', String(count));
	return { digestAlgorithms, cryptoInfos: cryptoInfos ? some(cryptoInfos.children, 'CryptoInfos').map((c) => c.raw) : [], encrypted: encryptionInfo !== null, archiveTimeStampSequence };
}

const readChain = (node: Node): ArchiveTimeStampChain => some(expect(node, tag.sequence, 'ArchiveTimeStampChain').children, 'ArchiveTimeStampChain').map(readArchiveTimeStamp);

function readArchiveTimeStamp(node: Node): ArchiveTimeStamp {
	const f = new Fields(node, tag.sequence, 'ArchiveTimeStamp');
	const algorithm = f.optional(context(0));
	f.optional(context(1)); // attributes: none is defined that speaks of the proof
	const tree = f.optional(context(2));
	const timeStamp = f.next(tag.sequence).raw;
	f.end();
	return { digestAlgorithm: algorithm && readHash({ ...algorithm, tag: tag.sequence }), reducedHashtree: tree && readTree(tree), timeStamp };
}

/** The lists of a reducedHashtree (§4.1), bottom up. Throws CryptoError `malformed` or `limit`. */
function readTree(node: Node): PartialHashtree[] {
	const lists = some(node.children, 'reducedHashtree').map((list) => some(expect(list, tag.sequence, 'PartialHashtree').children, 'PartialHashtree').map((h) => octetString(h)));
	const count = lists.reduce((n, l) => n + l.length, 0);
	if (count > maximumHashes) throw new CryptoError('limit', 'reduced-hash-tree', `${count} hash values`);
	return lists;
}

export function writeArchiveTimeStamp({ digestAlgorithm, reducedHashtree, timeStamp }: ArchiveTimeStamp): Bytes {
	const tree = reducedHashtree?.map((list) => write.sequence(...list.map((h) => write.octetString(h))));
	return write.sequence(
		...(digestAlgorithm ? [write.implicit(0, writeHash(digestAlgorithm))] : []),
		...(tree ? [write.implicit(2, write.sequence(...tree))] : []),
		timeStamp
	);
}

export const writeChain = (chain: ArchiveTimeStampChain): EncodedChain => ({ der: write.sequence(...chain.map(writeArchiveTimeStamp)), archiveTimeStamps: chain });

/** DER of an ArchiveTimeStampSequence: what a hash-tree renewal hashes of the older chains (§5.2, atsc). */
export const writeSequence = (chains: readonly EncodedChain[]): Bytes => write.sequence(...chains.map(({ der }) => der));

export function writeEvidenceRecord({ digestAlgorithms, cryptoInfos, archiveTimeStampSequence }: Omit<EvidenceRecord, 'encrypted'>): Bytes {
	return write.sequence(
		write.integer(1),
		write.sequence(...digestAlgorithms.map(writeHash)),
		...(cryptoInfos.length ? [write.implicit(0, write.sequence(...cryptoInfos))] : []),
		writeSequence(archiveTimeStampSequence)
	);
}
