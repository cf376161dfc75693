// The log as its safe's people read it (NF Z42-020, "lire le journal"): newest first, with names and values as long as nobody erased them.

import { readBody } from '#crypto/tlog/entry.ts';
import { append } from '../audit/append.ts';
import { operations, type Operation } from '../audit/operations.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import * as safes from '../safes.ts';

export interface LogFilter {
	/** Events of this document and its versions alone. */
	readonly document?: string;
	readonly op?: Operation;
	/** Claimed time, from this one on. */
	readonly from?: Date;
	/** Claimed time, before this one. */
	readonly until?: Date;
	/** `id` of the last event of the page before. */
	readonly before?: string;
}

export interface LoggedEvent {
	readonly id: string;
	readonly at: Date;
	readonly op: string;
	readonly res: 'ok' | 'denied' | 'error';
	readonly via: string;
	/** Pseudonym. */
	readonly actor: string;
	/** Of the person behind the pseudonym; null: erased, no member of the client any more, or no person. */
	readonly name: string | null;
	readonly obj: string;
	/** What was committed to, as far as it was not erased. */
	readonly values: Readonly<Record<string, string>>;
	/** Place in the log and in the safe's chain; null until the sequencer gave it one. */
	readonly leaf: { readonly index: number; readonly seq: number } | null;
}

interface Row {
	readonly id: string;
	readonly body: Uint8Array;
	readonly name: string | null;
	readonly values: Record<string, string> | null;
	readonly index: string | null;
	readonly seq: string | null;
}

export const logPageSize = 100;

/** One page of a safe's log. Needs `audit`. Reading it is an event of it, written before the page is read. */
export async function readLog(ctx: Context, safe: string, filter: LogFilter = {}): Promise<LoggedEvent[]> {
	await safes.require(ctx, safe, 'audit');
	const { document = null, op = null, from = null, until = null, before = null } = filter;
	const known = op === null || operations.includes(op);
	const dated = [from, until].every((d) => d === null || !Number.isNaN(d.getTime()));
	if (!known || !dated || (document !== null && !safes.isId(document)) || (before !== null && !/^\d{1,18}$/.test(before))) throw new DomainError('invalid', 'log-filter');
	const rows = await ctx.tx(async (tx) => {
		if (before === null) await append(tx, { op: 'log.read', safe, obj: document ?? safe });
		return tx<Row[]>`
			select e.id, e.body, p.name, l.index, l.seq, (select json_object_agg(o.name, o.value) from event_opening o where o.event = e.id) as values
			from event e
			cross join lateral (select convert_from(e.body, 'UTF8')::json as j) b
			left join log_leaf l on l.event = e.id
			left join pseudonym s on s.actor::text = b.j ->> 'actor'
			left join person p on p.id = s.person
			where e.safe = ${safe}
			and (${before}::bigint is null or e.id < ${before}::bigint)
			and (${op}::text is null or b.j ->> 'op' = ${op})
			and (${from}::timestamptz is null or (b.j ->> 't')::timestamptz >= ${from})
			and (${until}::timestamptz is null or (b.j ->> 't')::timestamptz < ${until})
			and (${document}::uuid is null or b.j ->> 'obj' = ${document} or b.j ->> 'obj' in (select v.id::text from version v where v.document = ${document}::uuid))
			order by e.id desc limit ${logPageSize}`;
	});
	return rows.map(shown);
}

function shown({ id, body, name, values, index, seq }: Row): LoggedEvent {
	const { t, op, res, via, actor, obj } = readBody(body);
	return { id, at: new Date(t), op, res, via, actor, name, obj, values: values ?? {}, leaf: index === null ? null : { index: Number(index), seq: Number(seq) } };
}
