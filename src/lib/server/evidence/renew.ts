// Long-term preservation (SIGN-15): before the certificate under a document's last time-stamp ends, what is said of it now goes into the file, and a new document time-stamp over everything (EN 319 142-1 §5.4.3).

import { validate } from '#crypto/pades/validate.ts';
import { append } from '../audit/append.ts';
import { standing } from '../certificates.ts';
import { withActor, type WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { addVersion } from '../documents/deposit.ts';
import { bytesOf } from '../documents/read.ts';
import { archive } from './archive.ts';
import { failureOf } from './failure.ts';
import { RevocationUnavailable } from './revocation-data.ts';
import { remoteAnchors, trustOf } from './trust.ts';

/** In the transaction that makes a version to last. */
export async function preserve(tx: Tx, kept: { readonly document: string; readonly client: string; readonly safe: string; readonly version: string; readonly until: Date }): Promise<void> {
	const { document, client, safe, version, until } = kept;
	await tx`
		insert into preservation (document, client, safe, version, good_until) values (${document}, ${client}, ${safe}, ${version}, ${until})
		on conflict (document) do update set version = excluded.version, good_until = excluded.good_until, renewed_at = app.now(), failure = null, late = false, tries = 0, next_try = app.now()`;
}

/** Documents whose proof ends within the margin, or of which nobody knows when: those first. */
export const due = (tx: Tx, days: number): Promise<{ document: string }[]> =>
	tx<{ document: string }[]>`
		select p.document from preservation p join document d on d.id = p.document
		where not p.late and d.state = 'kept' and p.next_try <= app.now() and (p.good_until is null or p.good_until < app.now() + ${days} * interval '1 day') order by p.good_until nulls first limit 100` as unknown as Promise<{ document: string }[]>;

interface Row {
	readonly client: string;
	readonly safe: string;
	readonly version: string;
	readonly until: Date | null;
	readonly now: Date;
}

/** The authority's own certificate ends as soon: the new time-stamp would hold no longer. Its key is to be rotated first. */
class NothingGained extends Error {
	override name = 'AuthorityEnding';
}

/** A renewal gains at least so much, milliseconds. */
const leastGain = 30 * 86_400_000;

/** Its last time-stamp had ended, or something else is wrong with it: a new one would prove nothing of what was before. */
class TooLate extends Error {
	override name = 'TooLate';
}

async function renewed(own: WorkerContext, document: string, { version, until, now }: Row): ReturnType<typeof archive> {
	const bytes = await bytesOf(own, version);
	const answers = await standing(own, now.getTime());
	const remote = await own.tx((tx) => remoteAnchors(tx, document));
	const report = await validate(own.primitives, bytes, { trust: trustOf(own, remote), at: now.getTime(), revocation: answers });
	const open = [...report.checks, ...report.signatures.flatMap((s) => s.checks)].filter((c) => c.outcome === 'failed' || (c.outcome === 'indeterminate' && c.sub !== 'TRY_LATER'));
	if (open.length) throw new TooLate(open.map((c) => `${c.name}: ${c.detail ?? c.sub ?? ''}`).join('; '));
	const made = await archive(own, bytes, now.getTime(), answers, remote);
	if (until && made.until < until.getTime() + leastGain) throw new NothingGained(`a new time-stamp would hold until ${new Date(made.until).toISOString()}`);
	return made;
}

/** The job. Does nothing before it is due. What the authority or the store refuses now is tried again later, each time later; a proof that has ended is left for somebody to look at, and both are events. */
export async function renew(ctx: WorkerContext, payload: { readonly document: string }): Promise<void> {
	const [row] = await ctx.tx(
		(tx) => tx<Row[]>`
			select p.client, p.safe, p.version, p.good_until as until, app.now() as now from preservation p join document d on d.id = p.document
			where p.document = ${payload.document} and d.state = 'kept' and not p.late and p.next_try <= app.now() and (p.good_until is null or p.good_until < app.now() + ${ctx.settings.renewDays} * interval '1 day')`
	);
	if (!row) return;
	const { document } = payload;
	const own = withActor(ctx, { ...ctx.actor, client: row.client });
	try {
		const { bytes, until } = await renewed(own, document, row);
		const from = { client: row.client, safe: row.safe, document };
		await addVersion(own, { ...from, parent: row.version, bytes }, async (tx, version) => {
			await preserve(tx, { ...from, version, until: new Date(until) });
			await append(tx, { op: 'document.renew', safe: row.safe, obj: document, values: { version, until: new Date(until).toISOString() } });
		});
	} catch (error) {
		const late = error instanceof TooLate;
		const reason = late || failureOf(error) || error instanceof RevocationUnavailable ? (error as Error).message.slice(0, 500) : (error as Error).name;
		await own.tx(async (tx) => {
			await tx`update preservation set failure = ${reason}, late = ${late}, tries = tries + 1, next_try = app.now() + least(power(2::float8, tries), 24) * interval '1 hour' where document = ${document} and version = ${row.version}`;
			await append(tx, { op: 'document.renew', safe: row.safe, obj: document, res: 'error', values: { reason } });
		});
		if (!late) throw error;
	}
}

export interface Preservation {
	/** Null: not looked at yet. */
	readonly goodUntil: Date | null;
	readonly renewedAt: Date | null;
	/** Its last renewal failed and is tried again, or came too late. */
	readonly state: 'kept' | 'failing' | 'late';
}

/** How long the proof of a document holds by itself; null for one that is not preserved so. Rights are the caller's business. */
export async function preservationOf(ctx: Pick<WorkerContext, 'tx'>, document: string): Promise<Preservation | null> {
	const [row] = await ctx.tx((tx) => tx<Preservation[]>`select good_until as "goodUntil", renewed_at as "renewedAt", case when late then 'late' when failure is not null then 'failing' else 'kept' end as state from preservation where document = ${document}`);
	return row ?? null;
}
