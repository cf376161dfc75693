// A signed document made to last: validation data, then a document time-stamp over everything (B-LTA), judged by our own validation before anyone gets it.

import { hex } from '#crypto/bytes.ts';
import { embed } from '#crypto/pades/embed.ts';
import { coveredDigest, prepareTimestamp } from '#crypto/pades/prepare.ts';
import type { Level } from '#crypto/pades/report.ts';
import { roomFor, withRoom } from '#crypto/pades/room.ts';
import { validate } from '#crypto/pades/validate.ts';
import type { Certificate } from '#crypto/x509/certificate.ts';
import type { WorkerContext } from '../context.ts';
import { missingData } from './missing-data.ts';
import { revocationData } from './revocation-data.ts';
import { ownAnswers } from './revocation.ts';
import { trustOf } from './trust.ts';
import { usualToken, withValidationData } from './seal.ts';
import { obtainToken } from './timestamp.ts';

/** Our own validation refused what we made: nothing is released, somebody must look. */
export class ArchiveRefused extends Error {
	override name = 'ArchiveRefused';
}

const order: readonly Level[] = ['none', 'B-B', 'B-T', 'B-LT', 'B-LTA'];

type Archiving = Pick<WorkerContext, 'primitives' | 'signing' | 'tsa' | 'tx' | 'egress'>;

export interface Archived {
	readonly bytes: Uint8Array;
	/** The lowest that its signatures reach. */
	readonly level: Level;
	/** Until when its last time-stamp holds by itself: the earliest end of a certificate under it, milliseconds. */
	readonly until: number;
}

/** So often it is stamped again for a certificate that had not been asked about. */
const mostStamps = 3;

/** Under a document time-stamp, and by whom, leaf to anchor. */
async function stampWhole(ctx: Archiving, pdf: Uint8Array): Promise<{ readonly bytes: Uint8Array; readonly path: readonly Certificate[] }> {
	let path: readonly Certificate[] = [];
	const bytes = await withRoom(roomFor([], usualToken), async (contentsSize) => {
		const prepared = prepareTimestamp(pdf, { field: `t${hex(ctx.primitives.random(12))}`, contentsSize, id: ctx.primitives.random(16) });
		const { token, verdict } = await obtainToken(ctx, coveredDigest(ctx.primitives, prepared, 'SHA-256'));
		path = verdict.path;
		return embed(prepared, token);
	});
	return { bytes, path };
}

/**
 * The archived file: B-LTA, or nothing.
 * `now` in milliseconds since 1970; `answers`: of certificates issued to signers, DER OCSP responses; `remote`: DER roots of signers' certificates that are not ours. Throws ArchiveRefused, RevocationUnavailable where what an outside authority's certificates point to cannot be had, and what obtainToken throws: then nothing is kept, and the job comes back.
 */
export async function archive(ctx: Archiving, pdf: Uint8Array, now: number, answers: readonly Uint8Array[] = [], remote: readonly Uint8Array[] = []): Promise<Archived> {
	const internal = ctx.tsa.quality.kind === 'internal';
	const fetching = { ...ctx, at: now };
	const trust = trustOf(ctx, remote);
	const lacking = internal && !remote.length ? null : await missingData(fetching, pdf, trust, [...(await ownAnswers(ctx, now)), ...answers]);
	const stampedBy: (readonly Certificate[])[] = [];
	for (;;) {
		const units = await revocationData(fetching, internal ? [] : stampedBy);
		const lasting = await withValidationData(ctx, pdf, now, {
			certificates: [...(lacking?.certificates ?? []), ...units.certificates],
			ocsp: [...answers, ...(lacking?.ocsp ?? []), ...units.ocsp],
			crls: [...(lacking?.crls ?? []), ...units.crls]
		});
		const { bytes, path } = await stampWhole(ctx, lasting);
		const report = await validate(ctx.primitives, bytes, { trust, at: now + 120_000 });
		const open = [...report.checks, ...report.signatures.flatMap((s) => s.checks)].filter((c) => (c.outcome === 'failed' || c.outcome === 'indeterminate') && (internal || c.sub !== 'TRY_LATER'));
		if (open.length) throw new ArchiveRefused(open.map((c) => `${c.name}: ${c.detail ?? ''}`).join('; '));
		const levels = report.signatures.filter((s) => s.kind === 'signature').map((s) => s.level);
		const level = order[Math.min(...levels.map((l) => order.indexOf(l)))] ?? 'none';
		if (level === 'B-LTA') return { bytes, level, until: Math.min(...path.map((c) => c.notAfter)) };
		// stamped by a certificate nobody had asked about yet (an authority may have several units): its data go under the next stamp
		if (internal || stampedBy.length === mostStamps) throw new ArchiveRefused(`${level} was reached, not B-LTA`);
		stampedBy.push(path);
	}
}
