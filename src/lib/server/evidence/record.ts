// The evidence record of a version (RFC 4998): as it is handed out, what is known of it, and whether it proves the bytes.

import { readEvidenceRecord, writeEvidenceRecord, type EvidenceRecord } from '#crypto/ers/record.ts';
import { initialRecord } from '#crypto/ers/renew.ts';
import { verifyRecord, type RecordInput } from '#crypto/ers/verify.ts';
import { CryptoError } from '#crypto/errors.ts';
import type { HashName } from '#crypto/primitives.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { readContent, type Located } from '../documents/content.ts';
import { rightFor } from '../documents/right.ts';
import * as safes from '../safes.ts';

/** Digests of a version's bytes as stored now, in one reading. Throws what reading throws. */
export async function digestsOf(ctx: Context, at: Located, hashes: readonly HashName[]): Promise<RecordInput['data'][number]> {
	const running = new Map(hashes.map((hash) => [hash, ctx.primitives.hash(hash)]));
	for await (const part of readContent(ctx, at)) for (const one of running.values()) one.update(part);
	const done = new Map([...running].map(([hash, one]) => [hash, one.digest()]));
	return (hash) => done.get(hash) ?? new Uint8Array();
}

/** The record of a version from its row: the one that was made, else its token alone. */
export const recordFrom = (row: { readonly record: Uint8Array | null; readonly token: Uint8Array }): Omit<EvidenceRecord, 'encrypted'> => (row.record ? readEvidenceRecord(row.record) : initialRecord(row.token));

/** DER of the evidence record of a version. Needs `read`; of an evidence file `audit`. `not-found` / `record-pending` until there is a token. */
export async function recordOf(ctx: Context, version: string): Promise<Uint8Array> {
	const [row] = safes.isId(version)
		? await ctx.tx(
				(tx) => tx<{ safe: string; kind: 'document' | 'evidence'; token: Uint8Array | null; record: Uint8Array | null }[]>`
					select v.safe, d.kind, t.token, r.record from version v join document d on d.id = v.document
					left join timestamp_token t on t.version = v.id left join evidence_record r on r.version = v.id where v.id = ${version}`
			)
		: [];
	if (!row) throw await safes.missing(ctx, 'version', version, 'read');
	await safes.require(ctx, row.safe, rightFor(row.kind));
	const { token, record } = row;
	if (!token) throw new DomainError('not-found', 'record-pending');
	return record ?? writeEvidenceRecord(recordFrom({ record, token }));
}

export interface RecordState {
	readonly goodUntil: Date | null;
	readonly renewedAt: Date | null;
	/** Its last renewal failed and is tried again, or came too late. */
	readonly state: 'kept' | 'failing' | 'late';
}

/** What is known of the records of a document's versions, by version; none of those not looked at yet. Rights are the caller's business. */
export async function recordStates(ctx: Pick<Context, 'tx'>, document: string): Promise<Record<string, RecordState>> {
	const rows = await ctx.tx(
		(tx) => tx<(RecordState & { version: string })[]>`
			select r.version, r.good_until as "goodUntil", r.renewed_at as "renewedAt", case when r.late then 'late' when r.failure is not null then 'failing' else 'kept' end as state
			from evidence_record r join version v on v.id = r.version where v.document = ${document}`
	);
	return Object.fromEntries(rows.map(({ version, ...state }) => [version, state]));
}

/**
 * Whether the record that was made of a version proves its bytes as they are stored now, at this time; null when none was made yet.
 * @param sha256 of these bytes, just read: they are read again only where another hash is asked for
 */
export async function proves(ctx: Context, at: Located, sha256: Uint8Array, anchors: readonly Uint8Array[]): Promise<boolean | null> {
	const [row] = await ctx.tx((tx) => tx<{ record: Uint8Array | null; now: Date }[]>`select record, app.now() as now from evidence_record where version = ${at.owner}`);
	if (!row?.record) return null;
	let hashes: readonly HashName[];
	try {
		hashes = readEvidenceRecord(row.record).digestAlgorithms;
	} catch (error) {
		if (error instanceof CryptoError) return false;
		throw error;
	}
	const data = hashes.every((hash) => hash === 'SHA-256') ? () => sha256 : await digestsOf(ctx, at, hashes);
	const report = await verifyRecord(ctx.primitives, row.record, { data: [data], anchors: anchors.map(readCertificate), at: row.now.getTime() });
	return report.indication === 'TOTAL-PASSED';
}
