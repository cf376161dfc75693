// A signed document made to last: validation data, then a document time-stamp over everything (B-LTA), judged by our own validation before anyone gets it.

import { hex } from '#crypto/bytes.ts';
import { embed } from '#crypto/pades/embed.ts';
import { coveredDigest, prepareTimestamp } from '#crypto/pades/prepare.ts';
import type { Level } from '#crypto/pades/report.ts';
import { roomFor, withRoom } from '#crypto/pades/room.ts';
import { validate } from '#crypto/pades/validate.ts';
import type { WorkerContext } from '../context.ts';
import { usualToken, withValidationData } from './seal.ts';
import { obtainToken } from './timestamp.ts';

/** Our own validation refused what we made: nothing is released, somebody must look. */
export class ArchiveRefused extends Error {
	override name = 'ArchiveRefused';
}

const order: readonly Level[] = ['none', 'B-B', 'B-T', 'B-LT', 'B-LTA'];

/**
 * The archived file and the lowest level its signatures reach by it. Less than B-LTA only where an outside authority's revocation data are not at hand.
 * `now` in milliseconds since 1970; `answers`: of certificates issued to signers, DER OCSP responses. Throws ArchiveRefused, and what obtainToken throws: then nothing is kept, and the job comes back.
 */
export async function archive(ctx: Pick<WorkerContext, 'primitives' | 'signing' | 'tsa'>, pdf: Uint8Array, now: number, answers: readonly Uint8Array[] = []): Promise<{ bytes: Uint8Array; level: Level }> {
	const lasting = await withValidationData(ctx, pdf, now, answers);
	const bytes = await withRoom(roomFor([], usualToken), async (contentsSize) => {
		const prepared = prepareTimestamp(lasting, { field: `t${hex(ctx.primitives.random(12))}`, contentsSize, id: ctx.primitives.random(16) });
		const { token } = await obtainToken(ctx, coveredDigest(ctx.primitives, prepared, 'SHA-256'));
		return embed(prepared, token);
	});
	const report = await validate(ctx.primitives, bytes, { trust: { anchors: [ctx.signing.root.certificate], timestampAnchors: ctx.tsa.anchors }, at: now + 120_000 });
	const open = [...report.checks, ...report.signatures.flatMap((s) => s.checks)].filter((c) => (c.outcome === 'failed' || c.outcome === 'indeterminate') && (ctx.tsa.quality.kind === 'internal' || c.sub !== 'TRY_LATER'));
	if (open.length) throw new ArchiveRefused(open.map((c) => `${c.name}: ${c.detail ?? ''}`).join('; '));
	const levels = report.signatures.filter((s) => s.kind === 'signature').map((s) => s.level);
	return { bytes, level: order[Math.min(...levels.map((l) => order.indexOf(l)))] ?? 'none' };
}
