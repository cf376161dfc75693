// Any file with its evidence record (RFC 4998): FILE.ers beside it, or another that --record names.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { verifyRecord } from '#crypto/ers/verify.ts';
import type { RecordReport } from '#crypto/ers/report.ts';
import type { sortRevocation } from '#crypto/x509/revocation-data.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { digest } from '#crypto/primitives.ts';
import { readInput } from './input.ts';

/** One line of --json of a file with a record. */
export interface RecordLine extends RecordReport {
	readonly file: string;
	/** The record's path. */
	readonly record: string;
	readonly trust: 'anchors' | 'embedded';
	/** Of the file, lower-case hexadecimal. */
	readonly sha256: string;
	readonly size: number;
	readonly signatures: readonly never[];
}

/** The record that lies beside a file; null: none does. */
export const recordOf = (file: string): string | null => (existsSync(`${file}.ers`) ? `${file}.ers` : null);

interface Asked {
	readonly file: string;
	readonly record: string;
	readonly anchors: readonly Uint8Array[] | 'embedded';
	readonly revocation: ReturnType<typeof sortRevocation>;
	readonly at: number;
}

export async function recordLine({ file, record, anchors, revocation, at }: Asked): Promise<RecordLine> {
	const bytes = readInput(file);
	const report = await verifyRecord(nodePrimitives, readInput(record), {
		data: [(hash) => digest(nodePrimitives, hash, bytes)],
		anchors: anchors === 'embedded' ? anchors : anchors.map(readCertificate),
		at,
		revocation: revocation.ocsp,
		crls: revocation.crls
	});
	return { file, record, trust: anchors === 'embedded' ? anchors : 'anchors', sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, ...report, signatures: [] };
}
