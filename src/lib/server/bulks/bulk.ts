// A bulk: a template's version and a checked file, line by line. Until it is started nothing of it is sent or held, and it is forgotten after a day.

import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import * as credits from '../credits.ts';
import type { Tx } from '../db/pool.ts';
import { template, unitsOf, type Role } from '../envelopes/templates.ts';
import { line } from '../envelopes/line.ts';
import { DomainError } from '../errors.ts';
import * as safes from '../safes.ts';
import { checkLines, type Problem, type Warning } from './check.ts';
import { columnsOf, matchHeader } from './columns.ts';
import { maximumFile, readTable } from './csv.ts';

export type BulkState = 'checked' | 'running' | 'paused' | 'cancelled';
export type LineState = 'waiting' | 'sent' | 'failed' | 'cancelled';

/** How many lines are where. `wrong`: those that cannot be sent as they are; `warned`: those to be looked at twice. */
export interface Counts extends Readonly<Record<LineState, number>> {
	readonly lines: number;
	readonly wrong: number;
	readonly warned: number;
}

export interface Bulk {
	readonly id: string;
	readonly client: string;
	readonly safe: string;
	readonly template: { readonly id: string; readonly name: string; readonly number: number };
	readonly fileName: string;
	readonly state: BulkState;
	readonly createdAt: Date;
	readonly startedAt: Date | null;
	/** In whose name it is sent. */
	readonly sender: string | null;
	readonly counts: Counts;
}

export interface BulkLine {
	readonly number: number;
	readonly label: string;
	readonly reference: string;
	readonly state: LineState;
	/** Why it failed, or is tried again. */
	readonly reason: string | null;
	readonly problems: readonly Problem[];
	readonly warnings: readonly Warning[];
	/** Sent, or a draft that a failed try left; null: not made. */
	readonly envelope: { readonly id: string; readonly reference: string; readonly title: string } | null;
}

export const pageSize = 100;

const counts = (tx: Tx) => tx`(select jsonb_build_object('lines', count(*), 'waiting', count(*) filter (where l.state = 'waiting'), 'sent', count(*) filter (where l.state = 'sent'), 'failed', count(*) filter (where l.state = 'failed'),
	'cancelled', count(*) filter (where l.state = 'cancelled'), 'wrong', count(*) filter (where l.problems <> '[]'), 'warned', count(*) filter (where l.warnings <> '[]')) from bulk_line l where l.bulk = bulk.id) as counts`;
const columns = (tx: Tx) => tx`id, client, safe, (select jsonb_build_object('id', t.id, 'name', t.name, 'number', template_number) from template t where t.id = bulk.template) as template,
	file_name as "fileName", state, created_at as "createdAt", started_at as "startedAt", (select p.name from person p where p.id = bulk.sender) as sender, ${counts(tx)}`;

/** The bulk with its counts. Needs `send` in its safe. `not-found` / `bulk`. */
export async function find(ctx: Context, id: string): Promise<Bulk> {
	const [row] = safes.isId(id) ? await ctx.tx((tx) => tx<Bulk[]>`select ${columns(tx)} from bulk where id = ${id} and client = ${ctx.actor.client}`) : [];
	if (!row) throw await safes.missing(ctx, 'bulk', id, 'send');
	await safes.require(ctx, row.safe, 'send');
	return row;
}

/** Those of the safes the asker may send from, newest first, at most a hundred. */
export async function list(ctx: Context): Promise<Bulk[]> {
	return ctx.tx(
		(tx) => tx<Bulk[]>`
			select ${columns(tx)} from bulk where client = ${ctx.actor.client} and safe in (select r.safe from safe_right r where r.person = ${ctx.actor.person} and 'send' = any (r.rights)) order by created_at desc, id limit 100`
	);
}

/** Lines of one page (from 1): those that cannot be sent first, then those that failed, then to be looked at twice, then by number. Rights are the caller's business. */
export async function lines(ctx: Context, bulk: string, page: number, size = pageSize): Promise<BulkLine[]> {
	return ctx.tx(
		(tx) => tx<BulkLine[]>`
			select l.number, l.label, l.reference, l.state, l.reason, l.problems, l.warnings, case when e.id is not null then jsonb_build_object('id', e.id, 'reference', e.reference, 'title', e.title) end as envelope
			from bulk_line l left join envelope e on e.id = l.envelope where l.bulk = ${bulk}
			order by l.problems = '[]', l.state <> 'failed', l.state = 'sent' or l.warnings = '[]', l.number limit ${size} offset ${(page - 1) * size}`
	);
}

/** What a version's lines hold when they are sent, against what there is, by level; null: this instance asks for no credits. */
export async function cost(ctx: Context, bulk: Pick<Bulk, 'template' | 'counts'>): Promise<{ readonly level: credits.Level; readonly units: number; readonly available: number }[] | null> {
	if (ctx.settings.privateInstance) return null;
	const [row] = await ctx.tx((tx) => tx<{ roles: Role[] }[]>`select roles from template_version where template = ${bulk.template.id} and number = ${bulk.template.number}`);
	const balances = await credits.balances(ctx);
	const open = bulk.counts.waiting + bulk.counts.failed - bulk.counts.wrong;
	return credits.levels
		.map((level) => ({ level, units: open * unitsOf(row?.roles ?? [], level), available: balances.find((b) => b.level === level)?.available ?? 0 }))
		.filter(({ units }) => units > 0);
}

const fileName = line(200);

/**
 * The dry run of a file with the newest version of a template: every line checked and kept for a day, nothing sent or held. Answers its id. Needs `send`.
 * `invalid` / `no-file`, and what `readTable` and `matchHeader` say of the file as a whole; what is wrong with a line is in that line.
 */
export async function check(ctx: Context, templateId: string, file: { readonly name: string; readonly bytes: Uint8Array; readonly locale: 'fr' | 'en' }): Promise<string> {
	const { safe, versions } = await template(ctx, templateId);
	const version = versions[0]!;
	if (!file.bytes.length) throw new DomainError('invalid', 'no-file');
	const table = readTable(file.bytes);
	const header = matchHeader(columnsOf(version), table.header, file.locale);
	const [id, { client, person }] = [crypto.randomUUID(), ctx.actor];
	const own = await ctx.tx((tx) => tx<{ value: string }[]>`
		select c.value from person p cross join lateral (values (p.email), (p.number)) c (value) where p.id = ${person} and c.value is not null union select reply_to from letterhead where client = ${client} and reply_to is not null`);
	const checked = checkLines(ctx, version, header, table, { locale: file.locale, own: own.map((c) => c.value) });
	const name = fileName.safeParse([...file.name].slice(-200).join(''));
	await ctx.tx(async (tx) => {
		await tx`
			insert into bulk (id, client, safe, template, template_number, file_name, sha256, created_by)
			values (${id}, ${client}, ${safe}, ${templateId}, ${version.number}, ${name.success ? name.data : 'bulk.csv'}, ${createHash('sha256').update(file.bytes).digest()}, ${person})`;
		await tx`
			insert into bulk_line (bulk, client, number, label, reference, input, problems, warnings)
			select ${id}, ${client}, l.number, l.label, l.reference, l.input, l.problems, l.warnings
			from jsonb_to_recordset(${tx.json(checked as never)}) l (number int, label text, reference text, input jsonb, problems jsonb, warnings jsonb)`;
	});
	return id;
}

/** The largest body of the form that hands a file in. */
export const maximumForm = maximumFile + (64 << 10);
