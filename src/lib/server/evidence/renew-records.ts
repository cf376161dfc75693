// Evidence records renewed (SIGN-15, RFC 4998 §5.2) before the certificate under their last archive time-stamp ends, or when their hash is given up: one archive time-stamp for many versions of a client.
// Of a client, and not of all: what is handed out with one document then holds hash values of that client's alone, and one transaction under its row-level security writes all of it.

import { readEvidenceRecord } from '#crypto/ers/record.ts';
import { renewal } from '#crypto/ers/renew.ts';
import { withTokenData } from '#crypto/ers/token-data.ts';
import { verifyRecord } from '#crypto/ers/verify.ts';
import type { HashName } from '#crypto/primitives.ts';
import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { failureOf } from './failure.ts';
import { anchorsOf, looked, RecordEnded, type Looked, type Row } from './look-record.ts';
import { RevocationUnavailable } from './revocation-data.ts';
import { weakerThan } from './record-hash.ts';
import { obtainToken } from './timestamp.ts';
import { tokenDataAt } from './token-data.ts';

/** Versions under one archive time-stamp: a path of nine hash values each. */
const batch = 500;
/** A renewal gains at least so much, milliseconds. */
const leastGain = 30 * 86_400_000;

type Wanting = Pick<WorkerContext['settings'], 'renewDays' | 'recordHash'>;

/** Versions with a token, whose bytes are kept. */
const kept = (tx: Tx) => tx`timestamp_token t join version v on v.id = t.version and v.wrapped_key is not null`;

/** Of a record's row: that it is to be looked at now. */
const ending = (tx: Tx, { renewDays, recordHash }: Wanting) => {
	const weaker = weakerThan(recordHash);
	return tx`not r.late and r.next_try <= app.now() and (r.good_until is null or r.good_until < app.now() + ${renewDays} * interval '1 day' ${weaker.length ? tx`or r.hash = any(${weaker})` : tx``})`;
};

/** Clients of whom a version has a token and no record yet, or one that is to be renewed. */
export const recordsDue = (tx: Tx, settings: Wanting): Promise<{ client: string }[]> =>
	tx<{ client: string }[]>`
		select t.client from ${kept(tx)} where not exists (select from evidence_record r where r.version = t.version)
		union select t.client from ${kept(tx)} join evidence_record r on r.version = t.version where ${ending(tx, settings)}` as unknown as Promise<{ client: string }[]>;

const rowsOf = (tx: Tx, client: string, settings: Wanting) => tx<Row[]>`
	select t.version, t.safe, v.sha256, t.token, r.record, r.good_until as until, app.now() as now from ${kept(tx)} left join evidence_record r on r.version = t.version
	where t.client = ${client} and (r.version is null or (${ending(tx, settings)})) order by r.good_until nulls first, t.version limit ${batch}`;

/** The authority's own certificate ends as soon: the new time-stamp would hold no longer. Its key is to be rotated first. */
class NothingGained extends Error {
	override name = 'AuthorityEnding';
}

/** Our own verification refused what we made: nothing is kept, somebody must look. */
class RecordRefused extends Error {
	override name = 'RecordRefused';
}

interface Made extends Looked {
	readonly renewed: boolean;
}

/** The job of a client. A version whose proof cannot be renewed keeps no other one back; what fails now is tried again, each time later, and is an event. */
export async function renewRecords(ctx: WorkerContext, payload: { readonly client: string }): Promise<void> {
	const own = withActor(ctx, { ...ctx.actor, client: payload.client });
	const rows = await ctx.tx((tx) => rowsOf(tx, payload.client, ctx.settings));
	if (!rows.length) return;
	const at = rows[0]!.now.getTime();
	const dataOf = tokenDataAt(own, at);
	const groups = new Map<HashName, Looked[]>();
	const whole: Made[] = [];
	const faults: { readonly row: Row; readonly error: Error }[] = [];
	for (const row of rows) {
		try {
			const one = await looked(own, row, dataOf);
			if (one.target === null) whole.push({ ...one, renewed: false });
			else groups.set(one.target, [...(groups.get(one.target) ?? []), one]);
		} catch (error) {
			if (error instanceof RecordEnded || error instanceof RevocationUnavailable) await failed(own, [row], error);
			else faults.push({ row, error: error as Error });
		}
	}
	for (const alike of Map.groupBy(faults, ({ error }) => error.name).values()) await failed(own, alike.map(({ row }) => row), alike[0]!.error);
	await keep(own, whole);
	let fault = faults[0]?.error;
	for (const [hash, group] of groups) {
		try {
			await keep(own, await renewed(own, hash, group, at, dataOf));
		} catch (error) {
			await failed(own, group.map(({ row }) => row), error as Error);
			fault ??= error as Error;
		}
	}
	if (fault) throw fault; // named in the worker's log
}

/** All of them under one new archive time-stamp, each judged by our own verification. */
async function renewed(own: WorkerContext, hash: HashName, group: readonly Looked[], at: number, dataOf: ReturnType<typeof tokenDataAt>): Promise<Made[]> {
	const made = renewal(own.primitives, hash, group);
	const { token, verdict } = await obtainToken(own, made.imprint, hash);
	const until = Math.min(...verdict.path.map((c) => c.notAfter));
	const ending = group.find((one) => !one.dataHash && one.until !== null && until < one.until + leastGain);
	if (ending) throw new NothingGained(`a new time-stamp would hold until ${new Date(until).toISOString()}`);
	const records = made.complete(withTokenData(token, await dataOf(verdict.path)));
	for (const [i, record] of records.entries()) {
		const report = await verifyRecord(own.primitives, record, { data: [group[i]!.data], anchors: anchorsOf(own), at: at + 120_000 });
		if (report.indication !== 'TOTAL-PASSED') throw new RecordRefused(`${group[i]!.row.version}: ${report.reasons.join(', ')}`);
	}
	return group.map((one, i) => ({ ...one, record: readEvidenceRecord(records[i]!), der: records[i]!, hash, until, renewed: true }));
}

/** Rows and events, where nobody was faster and the version was not disposed of meanwhile. */
async function keep(own: WorkerContext, all: readonly Made[]): Promise<void> {
	if (!all.length) return;
	await own.tx(async (tx) => {
		for (const { row, der, hash, until, renewed: again } of all) {
			const { count } = await tx`
				insert into evidence_record (version, client, safe, record, hash, good_until, renewed_at)
				select v.id, v.client, v.safe, ${der}::bytea, ${hash}::text, ${until === null ? null : new Date(until)}::timestamptz, case when ${again}::boolean then app.now() end from version v where v.id = ${row.version} and v.wrapped_key is not null
				on conflict (version) do update set record = excluded.record, hash = excluded.hash, good_until = excluded.good_until, renewed_at = coalesce(excluded.renewed_at, evidence_record.renewed_at), failure = null, late = false, tries = 0, next_try = app.now()
				where evidence_record.record is not distinct from ${row.record}`;
			if (count && again) await append(tx, { op: 'evidence.renew', safe: row.safe, obj: row.version, values: { hash, until: new Date(until!).toISOString() } });
		}
	});
}

/** One event for each safe concerned; each row says why, and when it is tried again. */
async function failed(own: WorkerContext, rows: readonly Row[], error: Error): Promise<void> {
	const late = error instanceof RecordEnded;
	const told = late || failureOf(error) || error instanceof RevocationUnavailable || error instanceof NothingGained;
	const reason = told ? error.message.slice(0, 500) : error.name;
	await own.tx(async (tx) => {
		for (const row of rows) {
			await tx`
				insert into evidence_record (version, client, safe, failure, late, tries, next_try) select v.id, v.client, v.safe, ${reason}::text, ${late}::boolean, 1, app.now() + interval '1 hour' from version v where v.id = ${row.version}
				on conflict (version) do update set failure = excluded.failure, late = excluded.late, tries = evidence_record.tries + 1, next_try = app.now() + least(power(2::float8, evidence_record.tries), 24) * interval '1 hour'
				where evidence_record.record is not distinct from ${row.record}`;
		}
		for (const safe of new Set(rows.map((row) => row.safe))) {
			const of = rows.filter((row) => row.safe === safe);
			await append(tx, { op: 'evidence.renew', safe, obj: of.length === 1 ? of[0]!.version : safe, res: 'error', values: { reason, versions: String(of.length) } });
		}
	});
}
