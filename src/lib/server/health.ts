// What the worker last found of the parts outside, for whoever is about to ask a person for something that could not be finished (ARCHITECTURE §4.5).

import { append } from './audit/append.ts';
import type { WorkerContext } from './context.ts';
import type { Tx } from './db/pool.ts';
import { DomainError } from './errors.ts';

export type Part = 'authority' | 'clock' | 'signing-service';

export interface Found {
	/** Why nothing can be signed or stamped; null: nothing is in the way. */
	readonly problem: string | null;
	/** What an operator should look at all the same. */
	readonly remark?: string | null;
	/** Our clock minus theirs, milliseconds. */
	readonly drift?: number | null;
}

export interface Health extends Required<Found> {
	readonly part: Part;
	readonly lookedAt: Date;
	/** Since then, seconds. */
	readonly age: number;
	/** Null: never. */
	readonly goodAt: Date | null;
}

/** What is known; a part that nobody looked at is not among it. */
export const healthOf = (tx: Tx): Promise<Health[]> => tx<Health[]>`select part, looked_at as "lookedAt", extract(epoch from app.now() - looked_at)::float8 as age, good_at as "goodAt", problem, remark, drift from health order by part` as unknown as Promise<Health[]>;

/** Good news of a part that was good is not written more often than this, seconds. */
const often = 30;

/** Good news that adds nothing to what is known: it need not be kept. */
export const isKnown = ({ problem, remark = null, drift = null }: Found, known: Pick<Health, 'problem' | 'remark' | 'age'> | undefined): boolean =>
	problem === null && drift === null && known !== undefined && known.problem === null && known.remark === remark && known.age >= 0 && known.age <= often;

/** Keeps what was found. That a part begins or ceases to be in the way is an event of the instance. */
export async function keep(ctx: Pick<WorkerContext, 'tx'>, part: Part, found: Found): Promise<void> {
	const { problem, remark = null, drift = null } = found;
	const why = problem?.slice(0, 500) ?? null;
	await ctx.tx(async (tx) => {
		const known = (await healthOf(tx)).find((h) => h.part === part);
		if (isKnown(found, known)) return;
		await tx`
			insert into health (part, good_at, problem, remark, drift) values (${part}, ${why === null ? tx`app.now()` : null}, ${why}, ${remark}, ${drift})
			on conflict (part) do update set looked_at = app.now(), good_at = coalesce(excluded.good_at, health.good_at), problem = excluded.problem, remark = excluded.remark, drift = excluded.drift`;
		if (((known?.problem ?? null) !== null) === (why !== null)) return;
		await tx`select set_config('app.client', '', true)`;
		await append(tx, { op: `instance.${part}`, safe: null, obj: 'instance', res: why === null ? 'ok' : 'error', values: why === null ? {} : { reason: why } });
	});
}

/** What is said when a part is in the way: to a signer, and by fsck. */
export const problems = { authority: 'authority-down', clock: 'clock-off', 'signing-service': 'signing-service-down' } as const satisfies Record<Part, string>;

/** Throws `unavailable` while a signature could not be made now: `clock-off`, `authority-down`, and for one that the remote signing service makes `signing-service-down`. */
export async function requireSigning(tx: Tx, by: { readonly remote: boolean }): Promise<void> {
	const [worst] = await tx<{ part: Part }[]>`select part from health where problem is not null and (${by.remote} or part <> 'signing-service') order by part = 'clock' desc, part limit 1`;
	if (worst) throw new DomainError('unavailable', problems[worst.part], { retryAfter: 30 });
}

/** How old the last look may be, seconds: while a part is in the way, and otherwise. */
const ages: Readonly<Record<Part, readonly [bad: number, good: number]>> = { authority: [15, 300], clock: [30, 600], 'signing-service': [15, 300] };

/** Parts to look at now. Providers are asked for nothing but their health only while signers are there. */
export async function lookDue(ctx: Pick<WorkerContext, 'tx' | 'settings'>): Promise<Part[]> {
	return ctx.tx(async (tx) => {
		const known = await healthOf(tx);
		const { count: signers } = await tx`select from signing_session where ended_at is null and seen_at > app.now() - interval '15 minutes' limit 1`;
		return (['authority', 'clock', ...(ctx.settings.remote ? (['signing-service'] as const) : [])] as const).filter((part) => {
			const last = known.find((k) => k.part === part);
			const [bad, good] = ages[part];
			if (part !== 'clock' && !signers && (last?.problem ?? null) === null) return false;
			return !last || last.age < 0 || last.age > (last.problem === null ? good : bad);
		});
	});
}
