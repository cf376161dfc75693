// How far our clock is from others' (SECURITY "Clock", OPS-5): the median of at least two outside sources. Over the limit nothing is signed or stamped until it is right again.

import type { WorkerContext } from './context.ts';
import { askAuthority } from './evidence/authority.ts';
import { failureOf } from './evidence/failure.ts';
import { healthOf, keep, type Health } from './health.ts';
import { TimeUnavailable, type TimeSource } from './time/source.ts';
import { TimestampUnavailable } from './tsa/authority.ts';

/** Milliseconds. */
const limit = 6_000;
/** What is less sure than this says nothing, milliseconds. */
const mostUnsure = 3_000;

/** Nothing is signed or stamped by a clock that is wrong: like an authority that is down, it is waited for. */
export class ClockOff extends TimestampUnavailable {
	override name = 'ClockOff';
}

/** Throws ClockOff while the last look found the clock wrong. */
export function requireRightClock(known: readonly Health[]): void {
	const problem = known.find(({ part }) => part === 'clock')?.problem ?? null;
	if (problem !== null) throw new ClockOff(problem);
}

type Reading = { readonly drift: number } | { readonly silent: string };

async function read(ctx: WorkerContext, source: TimeSource): Promise<Reading> {
	try {
		const before = performance.now();
		const { at, accuracy } = await source.ask();
		const round = performance.now() - before;
		const asked = performance.now();
		const [{ now }] = await ctx.tx((tx) => tx<[{ now: Date }]>`select app.now() as now`);
		const since = round / 2 + (performance.now() - asked); // from the middle of its answer to ours, at most
		return accuracy + round / 2 > mostUnsure ? { silent: `${source.name}: too slow to tell` } : { drift: now.getTime() - since - at };
	} catch (error) {
		if (!(error instanceof TimeUnavailable)) throw error;
		return { silent: error.message };
	}
}

/** The authority's genTime as a clock; null for our own, which is no outside source. Without others to compare with, its last token tells as much and costs nothing. */
async function authorityReading(ctx: WorkerContext, compared: boolean): Promise<Reading | null> {
	if (ctx.tsa.quality.kind === 'internal') return null;
	try {
		if (compared) await askAuthority(ctx, ctx.primitives.random(32));
	} catch (error) {
		if (!failureOf(error)) throw error;
		return { silent: `${ctx.tsa.name}: ${(error as Error).message}` };
	}
	const known = (await ctx.tx(healthOf)).find(({ part }) => part === 'authority');
	return known && known.drift !== null && known.problem === null ? { drift: known.drift } : { silent: `${ctx.tsa.name}: has told no time` };
}

/** Of at least one number. */
function median(numbers: readonly number[]): number {
	const sorted = [...numbers].sort((a, b) => a - b);
	const middle = (sorted.length - 1) / 2;
	return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

const seconds = (ms: number) => `${(Math.abs(ms) / 1000).toFixed(1)} s ${ms < 0 ? 'behind' : 'ahead'}`;

/** Looks at the other clocks and keeps what was found. Once found wrong, only two sources that say otherwise make it right. */
export async function lookAtClock(ctx: WorkerContext): Promise<void> {
	const readings = await Promise.all([...ctx.timeSources.map((source) => read(ctx, source)), authorityReading(ctx, ctx.timeSources.length > 0)]);
	const drifts = readings.flatMap((r) => (r && 'drift' in r ? [r.drift] : []));
	const silent = readings.flatMap((r) => (r && 'silent' in r ? [r.silent] : []));
	const drift = drifts.length ? median(drifts) : null;
	if (drift !== null && drifts.length > 1) {
		const problem = Math.abs(drift) > limit ? `our clock is ${seconds(drift)} of the median of ${drifts.length} outside sources; the limit is ${limit / 1000} s` : null;
		return keep(ctx, 'clock', { problem, drift, remark: silent.join('; ').slice(0, 500) || null });
	}
	const before = (await ctx.tx(healthOf)).find(({ part }) => part === 'clock')?.problem ?? null;
	const few = drift === null ? 'no outside source tells the time: drift would not be seen' : `one outside source alone tells the time: our clock is ${seconds(drift)} of it, and nothing decides which is right`;
	await keep(ctx, 'clock', { problem: before, drift, remark: [few, ...silent].join('; ').slice(0, 500) });
}
