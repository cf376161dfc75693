// A version's evidence record looked at: whether its last archive time-stamp still holds, until when, and what its renewal takes.

import { equal } from '#crypto/bytes.ts';
import { withTokenData, type TokenData } from '#crypto/ers/token-data.ts';
import { writeEvidenceRecord, type EvidenceRecord } from '#crypto/ers/record.ts';
import { currentHash, lastTimeStamp, withLastToken } from '#crypto/ers/renew.ts';
import { verifyRecord, type RecordInput } from '#crypto/ers/verify.ts';
import type { HashName } from '#crypto/primitives.ts';
import { readSignedData } from '#crypto/cms/signed-data.ts';
import { readTstInfo } from '#crypto/tsp/tst-info.ts';
import { verifyToken } from '#crypto/tsp/token.ts';
import { readCertificate, type Certificate } from '#crypto/x509/certificate.ts';
import type { WorkerContext } from '../context.ts';
import { locate } from '../documents/read.ts';
import { digestsOf, recordFrom } from './record.ts';
import { weakerThan } from './record-hash.ts';
import { RevocationUnavailable } from './revocation-data.ts';

export interface Row {
	readonly version: string;
	readonly safe: string;
	readonly sha256: Uint8Array;
	readonly token: Uint8Array;
	/** Null: none was made yet. */
	readonly record: Uint8Array | null;
	readonly until: Date | null;
	readonly now: Date;
}

export interface Looked {
	readonly row: Row;
	/** With what is said of its last authority now. */
	readonly record: Omit<EvidenceRecord, 'encrypted'>;
	readonly der: Uint8Array;
	readonly hash: HashName;
	/** Until when its last archive time-stamp holds by itself, milliseconds. */
	readonly until: number | null;
	/** Hash under which it is to be renewed; null: not yet. */
	readonly target: HashName | null;
	/** Digest of the bytes under it, for a hash-tree renewal. */
	readonly dataHash: Uint8Array | null;
	readonly data: RecordInput['data'][number];
}

/** Its last archive time-stamp had ended, or something else is wrong: a new one would prove nothing of what was before. */
export class RecordEnded extends Error {
	override name = 'TooLate';
}

/** What is stored is not what was deposited: no proof of it is renewed, and somebody must look. */
export class BytesAltered extends Error {
	override name = 'BytesAltered';
}

/** Roots of the authority in use and of our own: the authority may have changed. */
export const anchorsOf = ({ tsa, signing }: Pick<WorkerContext, 'tsa' | 'signing'>): Certificate[] => [...tsa.anchors, signing.root.certificate].map(readCertificate);

async function pathOf(own: WorkerContext, token: Uint8Array): Promise<readonly Certificate[]> {
	const { content } = readSignedData(token, { ber: true });
	const verdict = await verifyToken(own.primitives, token, { for: { digest: () => readTstInfo(content!).imprint }, anchors: anchorsOf(own), maximum: Infinity });
	if (!verdict.proven) throw new RecordEnded(verdict.checks.filter((c) => c.outcome !== 'passed').map((c) => `${c.name}: ${c.detail ?? ''}`).join('; '));
	return verdict.path;
}

/** The digest it is known by; the bytes are read again only where another hash is asked for. Throws BytesAltered, and what reading throws. */
async function dataOf(own: WorkerContext, row: Row, hashes: readonly HashName[]): Promise<RecordInput['data'][number]> {
	if (hashes.every((hash) => hash === 'SHA-256')) return (hash) => (hash === 'SHA-256' ? row.sha256 : new Uint8Array());
	const data = await digestsOf(own, await own.tx((tx) => locate(tx, row.version)), [...new Set<HashName>(['SHA-256', ...hashes])]);
	if (!equal(data('SHA-256'), row.sha256)) throw new BytesAltered(row.version);
	return data;
}

/** Throws RecordEnded, RevocationUnavailable when what is said of its authority cannot be had now, BytesAltered, and what reading throws. */
export async function looked(own: WorkerContext, row: Row, tokenData: (path: readonly Certificate[]) => Promise<TokenData>): Promise<Looked> {
	const { renewDays, recordHash } = own.settings;
	const before = recordFrom(row);
	const { timeStamp } = lastTimeStamp(before);
	const path = await pathOf(own, timeStamp);
	const until = Math.min(...path.map((c) => c.notAfter));
	const at = row.now.getTime();
	if (until < at) throw new RecordEnded(`its authority ended on ${new Date(until).toISOString()}`);
	const record = withLastToken(before, withTokenData(timeStamp, await tokenData(path)));
	const hash = currentHash(record);
	const outdated = (weakerThan(recordHash) as readonly HashName[]).includes(hash);
	const data = await dataOf(own, row, [...record.digestAlgorithms, ...(outdated ? [recordHash] : [])]);
	const der = writeEvidenceRecord(record);
	const report = await verifyRecord(own.primitives, der, { data: [data], anchors: anchorsOf(own), at });
	const open = [report.checks, ...report.archiveTimeStamps.map((a) => a.checks)].flat().filter((c) => c.outcome === 'failed' || c.outcome === 'indeterminate');
	const told = open.map((c) => `${c.name}: ${c.detail ?? ''}`).join('; ');
	if (open.some((c) => c.sub !== 'TRY_LATER')) throw new RecordEnded(told);
	if (open.length) throw new RevocationUnavailable(told);
	const due = outdated || until < at + renewDays * 86_400_000;
	return { row, record, der, hash, until, target: !due ? null : outdated ? recordHash : hash, dataHash: outdated ? data(recordHash) : null, data };
}
