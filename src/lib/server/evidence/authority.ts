// The authority asked, and what its answer says of its health and of our clock.

import { readCertificate } from '#crypto/x509/certificate.ts';
import type { HashName } from '#crypto/primitives.ts';
import type { WorkerContext } from '../context.ts';
import { isKnown, keep, type Health } from '../health.ts';
import { verifiedToken } from '../tsa/token.ts';
import { failureOf } from './failure.ts';

type Asking = Pick<WorkerContext, 'primitives' | 'tsa' | 'tx'>;

/** How wrong genTime may be when the token does not say, milliseconds. */
const usualAccuracy = 1000;

/** A verified token over a digest, by the instance's authority and its pinned roots. Whatever comes of it is kept as the authority's health, unless it is `known` already. Throws TimestampUnavailable or TimestampRefused. */
export async function askAuthority(ctx: Asking, imprint: Uint8Array, hash: HashName = 'SHA-256', known: readonly Health[] = []): ReturnType<typeof verifiedToken> {
	const before = performance.now();
	try {
		const made = await verifiedToken(ctx.primitives, ctx.tsa, imprint, ctx.tsa.anchors.map(readCertificate), hash);
		const found = { problem: null, drift: await drift(ctx, made.verdict.tstInfo, performance.now() - before) };
		if (!isKnown(found, known.find(({ part }) => part === 'authority'))) await keep(ctx, 'authority', found);
		return made;
	} catch (error) {
		if (failureOf(error)) await keep(ctx, 'authority', { problem: (error as Error).message });
		throw error;
	}
}

/** Our clock minus genTime, milliseconds; null for our own authority, and where the way there took too long to tell. */
async function drift(ctx: Asking, told: { readonly genTime: number; readonly accuracy: number | null } | null, round: number): Promise<number | null> {
	if (!told || ctx.tsa.quality.kind === 'internal' || round / 2 + (told.accuracy ?? usualAccuracy) > 3000) return null;
	const asked = performance.now();
	const [{ now }] = await ctx.tx((tx) => tx<[{ now: Date }]>`select app.now() as now`);
	return now.getTime() - (performance.now() - asked) - round / 2 - told.genTime;
}

/** The authority asked for nothing but its health. */
export async function lookAtAuthority(ctx: WorkerContext): Promise<void> {
	await askAuthority(ctx, ctx.primitives.random(32)).catch((error: unknown) => {
		if (!failureOf(error)) throw error; // a failure of the authority's is what was looked for, and is kept
	});
}
