// An evidence record from its first token on, and renewed (RFC 4998 §5.2): what is to be stamped for each of many records, then each with its part of the tree.

import type { Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { digest, type HashName, type Primitives } from '../primitives.ts';
import { readSignedData } from '../cms/signed-data.ts';
import { readTstInfo } from '../tsp/tst-info.ts';
import { hashTree, renewedHash } from './hash-tree.ts';
import { writeChain, writeEvidenceRecord, writeSequence, type ArchiveTimeStamp, type EvidenceRecord } from './record.ts';

type Hashing = Pick<Primitives, 'hash'>;
type Plain = Omit<EvidenceRecord, 'encrypted'>;

/** The hash of a token's imprint. Throws CryptoError on what is no token. */
export function imprintHash(token: Uint8Array): HashName {
	const { content } = readSignedData(token, { ber: true });
	if (!content) throw new CryptoError('malformed', 'token', 'no TSTInfo');
	return readTstInfo(content).hash;
}

/** The hash of the last chain: what a time-stamp renewal must keep to. */
export function currentHash({ archiveTimeStampSequence }: Plain): HashName {
	const [first] = archiveTimeStampSequence.at(-1)!.archiveTimeStamps;
	return first!.digestAlgorithm ?? imprintHash(first!.timeStamp);
}

/** A record of one data object from the token over it: an initial ArchiveTimeStamp without a tree (§4.1). */
export function initialRecord(token: Uint8Array): Plain {
	const hash = imprintHash(token);
	return { digestAlgorithms: [hash], cryptoInfos: [], archiveTimeStampSequence: [writeChain([{ digestAlgorithm: null, reducedHashtree: null, timeStamp: token }])] };
}

export const lastTimeStamp = ({ archiveTimeStampSequence }: Plain): ArchiveTimeStamp => archiveTimeStampSequence.at(-1)!.archiveTimeStamps.at(-1)!;

/** The record with its last token as `token`: the same one with more of what it is verified by. Only before the renewal that covers it. */
export function withLastToken(record: Plain, token: Uint8Array): Plain {
	const chains = record.archiveTimeStampSequence;
	const last = chains.at(-1)!.archiveTimeStamps;
	return { ...record, archiveTimeStampSequence: [...chains.slice(0, -1), writeChain([...last.slice(0, -1), { ...last.at(-1)!, timeStamp: token }])] };
}

/** A record to be renewed. `dataHash`: that of its data object under the new hash, for a hash-tree renewal; null: time-stamp renewal. */
export interface Renewing {
	readonly record: Plain;
	readonly dataHash: Uint8Array | null;
}

const leafOf = (p: Hashing, hash: HashName, { record, dataHash }: Renewing): Uint8Array => {
	if (dataHash) return renewedHash(p, hash, dataHash, writeSequence(record.archiveTimeStampSequence));
	if (currentHash(record) !== hash) throw new CryptoError('misuse', 'evidence-record', `a chain under ${currentHash(record)} is renewed under ${hash}`);
	return digest(p, hash, lastTimeStamp(record).timeStamp);
};

export interface Renewal {
	/** What the one time-stamp is to be over, under the hash. */
	readonly imprint: Uint8Array;
	/** The records with that time-stamp, in the order given. */
	complete(token: Uint8Array): Bytes[];
}

/** One archive time-stamp for many records: each is handed out alone, with its part of the tree. */
export function renewal(p: Hashing, hash: HashName, all: readonly Renewing[]): Renewal {
	const tree = hashTree(p, hash, all.map((one) => leafOf(p, hash, one)));
	return {
		imprint: tree.root,
		complete: (token) =>
			all.map(({ record, dataHash }, i) => {
				const added: ArchiveTimeStamp = { digestAlgorithm: hash, reducedHashtree: tree.reduced[i]!, timeStamp: token };
				const chains = record.archiveTimeStampSequence;
				const sequence = dataHash ? [...chains, writeChain([added])] : [...chains.slice(0, -1), writeChain([...chains.at(-1)!.archiveTimeStamps, added])];
				return writeEvidenceRecord({ ...record, digestAlgorithms: [...new Set([...record.digestAlgorithms, hash])], archiveTimeStampSequence: sequence });
			})
	};
}
