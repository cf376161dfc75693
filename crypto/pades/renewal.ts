// "Valid when made, needs renewal": what was in order at its last time-stamp and is not now, by nothing but the time between (EN 319 102-1 §5.6, EN 319 142-1 §5.4.3).

import { fold, type Report, type SignatureReport, type SubIndication } from './report.ts';

type Judged = Pick<Report, 'checks' | 'signatures' | 'renewal'>;
/** By index; undefined: not asked for. */
type Reports = readonly (SignatureReport | undefined)[];

/** The same file with the same data was in order before: only ends that came since can have changed that, or these, which are news and no matter of time. */
const news: readonly (SubIndication | undefined)[] = ['REVOKED', 'REVOKED_NO_POE'];

/** Each time costs a validation: a file that asks for more is left as it is. */
const maximumTimes = 16;

/** The latest time before `until`, milliseconds, stated by the signature's own time-stamp or by a document time-stamp over it; null: none. */
function lastStamped(one: SignatureReport, all: readonly SignatureReport[], until: number): number | null {
	const over = all.filter((s) => s === one || (s.kind === 'document-timestamp' && s.revision > one.revision));
	const times = over.flatMap((s) => (s.timestamp ? [Date.parse(s.timestamp.time)] : []));
	const before = times.filter((t) => t < until);
	return before.length ? Math.max(...before) : null;
}

const mayBeTime = ({ checks, indication }: SignatureReport): boolean => indication === 'INDETERMINATE' && checks.every((c) => c.outcome === 'passed' || !news.includes(c.sub));

/**
 * The report with `renewal` said of each signature that passed at its last time-stamp, and of the file.
 * @param until the time `now` was judged for, milliseconds since 1970
 * @param asOf those signatures (indexes) of the same file with the same data, judged as of another time
 */
export async function withRenewal<T extends Judged>(now: T, until: number, asOf: (at: number, which: readonly number[]) => Promise<Reports>): Promise<T> {
	const times = new Map<number, number[]>();
	for (const [i, one] of now.signatures.entries()) {
		const at = mayBeTime(one) ? lastStamped(one, now.signatures, until) : null;
		if (at !== null) times.set(at, [...(times.get(at) ?? []), i]);
	}
	const before: SignatureReport['indication'][] = [];
	for (const [at, which] of [...times].slice(0, maximumTimes)) {
		const then = await asOf(at, which);
		for (const i of which) before[i] = then[i]!.indication;
	}
	const signatures = now.signatures.map((one, i) => ({ ...one, renewal: before[i] === 'TOTAL-PASSED' }));
	const sound = fold(now.checks).indication === 'TOTAL-PASSED' && signatures.every((s) => s.renewal || s.indication === 'TOTAL-PASSED');
	return { ...now, signatures, renewal: sound && signatures.some((s) => s.renewal) };
}
