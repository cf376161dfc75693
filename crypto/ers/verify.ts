// Verifying an evidence record (RFC 4998 §4.3, §5.3): every question is one named check. Never throws on bad input.

import { equal } from '../bytes.ts';
import { readSignedData } from '../cms/signed-data.ts';
import { CryptoError } from '../errors.ts';
import { readCms, together, type Evidence } from '../pades/evidence.ts';
import { reasonsOf } from '../pades/integrity.ts';
import type { Proving } from '../pades/judging.ts';
import { fold, worst, type SubIndication } from '../pades/report.ts';
import { judgeToken } from '../pades/timestamp.ts';
import { digest, remembering, type HashName, type Primitives } from '../primitives.ts';
import { readTstInfo, type TstInfo } from '../tsp/tst-info.ts';
import { readCertificate, type Certificate } from '../x509/certificate.ts';
import type { Anchors } from '../x509/embedded.ts';
import { heldSince } from '../x509/revocation-data.ts';
import { renewedHash, rootOf } from './hash-tree.ts';
import { readEvidenceRecord, writeSequence, type ArchiveTimeStamp, type EvidenceRecord } from './record.ts';
import { said, type ArchiveTimeStampReport, type RecordCheck, type RecordCheckName, type RecordReport } from './report.ts';

export interface RecordInput {
	/** The data objects it should be about, each by its digest under a hash; at least one. */
	readonly data: readonly ((hash: HashName) => Uint8Array)[];
	/** Whether these are a data object group: then it must be about no other (§4.3). Default: when there are several. */
	readonly group?: boolean;
	readonly anchors: Anchors;
	/** The time to verify for, milliseconds since 1970. */
	readonly at: number;
	/** Revocation data from outside the record: DER OCSPResponses, and CertificateLists. */
	readonly revocation?: readonly Uint8Array[];
	readonly crls?: readonly Uint8Array[];
}

/** The largest token with its validation data that is read, in bytes. */
const maximumToken = 4 << 20;

/** The report on a record (§4.3 for each archive time-stamp, §5.3 for all of them): what it throws is only what `data` throws, or the primitives. */
export async function verifyRecord(primitives: Primitives, bytes: Uint8Array, input: RecordInput): Promise<RecordReport> {
	const base = { at: new Date(input.at).toISOString() };
	const clause = 'RFC 4998 §3.1';
	try {
		const record = readEvidenceRecord(bytes);
		const once = remembering(primitives);
		const now = await judge(once, record, input, input.at);
		const stated = now.archiveTimeStamps.at(-1)?.timestamp;
		const before = mayBeTime(now) && stated && Date.parse(stated.time) < input.at ? await judge(once, record, input, Date.parse(stated.time)) : null;
		return { ...base, ...now, renewal: before?.indication === 'TOTAL-PASSED' };
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		const checks = [{ ...said('record-format', clause, error.message, 'FORMAT_FAILURE'), reason: error.reason }];
		return { ...base, ...fold(checks), reasons: reasonsOf(checks), renewal: false, time: null, checks, archiveTimeStamps: [] };
	}
}

/** One archive time-stamp in its place, with what it can be asked about. */
interface Placed {
	readonly chain: number;
	readonly place: number;
	readonly ats: ArchiveTimeStamp;
	/** Null when the token cannot be read. */
	readonly info: TstInfo | null;
	/** Hash of its tree. */
	readonly hash: HashName | null;
	readonly link: Extract<RecordCheckName, 'data-object' | 'chain-link' | 'sequence-link'>;
	/** The hash values that its first list must hold. */
	readonly wanted: (hash: HashName) => readonly Uint8Array[];
}

function tstInfoOf(token: Uint8Array): TstInfo | null {
	try {
		const { content } = readSignedData(token, { ber: true });
		return content && readTstInfo(content);
	} catch (error) {
		if (error instanceof CryptoError) return null;
		throw error;
	}
}

function placed(p: Primitives, { archiveTimeStampSequence: chains }: EvidenceRecord, { data }: RecordInput): Placed[] {
	return chains.flatMap(({ archiveTimeStamps }, chain) =>
		archiveTimeStamps.map((ats, place) => {
			const info = tstInfoOf(ats.timeStamp);
			const at = { chain, place, ats, info, hash: ats.digestAlgorithm ?? info?.hash ?? null };
			if (place > 0) return { ...at, link: 'chain-link', wanted: (hash) => [digest(p, hash, archiveTimeStamps[place - 1]!.timeStamp)] };
			if (chain === 0) return { ...at, link: 'data-object', wanted: (hash) => data.map((of) => of(hash)) };
			const older = writeSequence(chains.slice(0, chain));
			return { ...at, link: 'sequence-link', wanted: (hash) => data.map((of) => renewedHash(p, hash, of(hash), older)) };
		})
	);
}

const clauses = { 'data-object': 'RFC 4998 §4.3 step 2, §5.3 step 1', 'chain-link': 'RFC 4998 §5.3 step 2', 'sequence-link': 'RFC 4998 §5.3 step 3' } as const;
const misses = { 'data-object': 'the data are not what was stamped', 'chain-link': 'it is not over the time-stamp before it', 'sequence-link': 'it is not over these data with the older chains' } as const;

/** What it says of its tree: that its first list holds what it should (§4.3 step 2), and of a group nothing else. Without a tree the imprint is the one hash value (§4.1). Of no data nothing is proven. */
function treeChecks({ ats, info, link, wanted, place }: Placed, hash: HashName, group: boolean): RecordCheck[] {
	const values = wanted(hash);
	const first = ats.reducedHashtree?.[0] ?? (info ? [info.imprint] : []);
	const found = values.length > 0 && values.every((v) => first.some((h) => equal(h, v)));
	const checks = [said(link, clauses[link], found ? null : misses[link], 'HASH_FAILURE')];
	if (group && place === 0) {
		const other = first.some((h) => !values.some((v) => equal(h, v)));
		checks.push(said('data-group', 'RFC 4998 §4.3, §5.3', other ? 'it is about other data too' : null, 'SIG_CONSTRAINTS_FAILURE'));
	}
	return checks;
}

/** Not mere matters of time. */
const news: readonly (SubIndication | undefined)[] = ['REVOKED', 'REVOKED_NO_POE'];

function readable(ders: readonly Uint8Array[]): Certificate[] {
	return ders.flatMap((der) => {
		try {
			return [readCertificate(der)];
		} catch (error) {
			if (error instanceof CryptoError) return []; // it leads nowhere
			throw error;
		}
	});
}

type Judged = Omit<RecordReport, 'at' | 'renewal'>;

/** Whether nothing but the time may have changed the verdict; the checks of the record itself say no news. */
const mayBeTime = ({ indication, archiveTimeStamps }: Judged): boolean => indication === 'INDETERMINATE' && archiveTimeStamps.flatMap((a) => a.checks).every((c) => !news.includes(c.sub));

/** @param at the time to judge for; what comes from outside the record is known since `input.at` all the same */
async function judge(primitives: Primitives, record: EvidenceRecord, input: RecordInput, at: number): Promise<Judged> {
	const all = placed(primitives, record, input);
	const undeclared = all.find(({ hash }) => hash && !record.digestAlgorithms.includes(hash));
	const checks = [
		said('record-format', 'RFC 4998 §3.1', null, 'FORMAT_FAILURE'),
		said('not-encrypted', 'RFC 4998 §6', record.encrypted ? 'the record is of encrypted data (EncryptionInfo), which is not supported' : null, 'FORMAT_FAILURE', 'INDETERMINATE'),
		said('digest-algorithms', 'RFC 4998 §3.1', undeclared ? `${undeclared.hash} is not among the digestAlgorithms` : null, 'FORMAT_FAILURE')
	];
	const evidence: Evidence = together(all.map(({ ats }, i) => readCms(ats.timeStamp, i + 1)));
	let proving: Proving = {
		primitives,
		at,
		timestampAnchors: input.anchors,
		intermediates: readable(evidence.certificates.map((h) => h.der)),
		outside: heldSince(input.at, { ocsp: input.revocation ?? [], crls: input.crls ?? [] }),
		evidence,
		stamps: []
	};
	const archiveTimeStamps: ArchiveTimeStampReport[] = [];
	// The last one first: what it proves to have existed is judged as of then (§5.3 step 2).
	for (const [i, one] of [...all.entries()].reverse()) {
		const about = ownChecks(primitives, all, i, input.group ?? input.data.length > 1);
		const root = one.hash && one.ats.reducedHashtree ? rootOf(primitives, one.hash, one.ats.reducedHashtree) : (one.info?.imprint ?? new Uint8Array());
		const stamp = await judgeToken(proving, one.ats.timeStamp, { digest: () => root }, i + 1, { maximum: maximumToken });
		const told = [...about, ...(stamp.checks as readonly RecordCheck[])];
		const verdict = fold(told);
		if (verdict.indication === 'TOTAL-PASSED' && stamp.summary?.proven) proving = { ...proving, stamps: [...proving.stamps, { revision: i, time: Date.parse(stamp.summary.time) }] };
		archiveTimeStamps.unshift({ chain: one.chain + 1, place: one.place + 1, hash: one.hash, ...verdict, timestamp: stamp.summary, checks: told });
	}
	const verdict = worst([fold(checks), ...archiveTimeStamps]);
	const every = [...checks, ...archiveTimeStamps.flatMap((a) => a.checks)];
	const time = verdict.indication === 'TOTAL-PASSED' ? (archiveTimeStamps[0]?.timestamp?.time ?? null) : null;
	return { ...verdict, reasons: reasonsOf(every), time, checks, archiveTimeStamps };
}

/** Of an archive time-stamp among all, its token aside: its tree, the one hash of its chain and its time-stamp (§4.3 step 4, §5.3 step 2), and that times do not go back (§5.1). */
function ownChecks(p: Primitives, all: readonly Placed[], i: number, group: boolean): RecordCheck[] {
	const one = all[i]!;
	if (!one.hash || !one.info) return []; // its token cannot be read: timestamp-format says so
	const firstOfChain = all.find(({ chain }) => chain === one.chain)!;
	const [stated, imprint] = [one.hash, one.info.hash];
	const mixed = stated !== imprint ? `the tree is under ${stated}, the time-stamp over ${imprint}` : stated !== firstOfChain.hash ? `${stated} in a chain under ${firstOfChain.hash}` : null;
	const before = all[i - 1]?.info;
	const early = before && before.genTime > one.info.genTime;
	return [
		...treeChecks(one, stated, group),
		said('chain-algorithm', 'RFC 4998 §4.3 step 4, §5.3 step 2', mixed, 'FORMAT_FAILURE'),
		said('time-order', 'RFC 4998 §5.1', early ? 'it states a time before that of the one it follows' : null, 'TIMESTAMP_ORDER_FAILURE')
	];
}
