// Envelopes as lists: by state, by words, page by page; whole, as a table for elsewhere.

import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { columns, type EnvelopeView } from './send.ts';
import { envelopeStates, type EnvelopeState } from './turnstile.ts';
import { wrongIn } from './wrong.ts';

/** A state, or `undelivered`: open, and something sent did not arrive. */
export type Shelf = EnvelopeState | 'undelivered';
export const shelves: readonly Shelf[] = [...envelopeStates, 'undelivered'];

export interface Filter {
	readonly state: Shelf | null;
	/** In a title, a reference, a participant's name or address; empty: any. */
	readonly words: string;
	/** From 1. */
	readonly page: number;
}

export type Listed = EnvelopeView & { readonly signed: number; readonly total: number };
export const pageSize = 50;

/** A filter as it stands in an address; what makes no sense there is left out. */
export function filterOf(query: URLSearchParams): Filter {
	const page = Number(query.get('page') ?? 1);
	return { state: shelves.find((s) => s === query.get('state')) ?? null, words: (query.get('q') ?? '').trim().slice(0, 100), page: Number.isInteger(page) && page >= 1 && page <= 100_000 ? page : 1 };
}

const counted = (tx: Tx) => tx`
	(select count(*)::int from signer s where s.envelope = envelope.id and s.state in ('signed', 'approved')) as signed, (select count(distinct coalesce(s.group_of, s.id))::int from signer s where s.envelope = envelope.id and s.role <> 'copy') as total`;

/** Those of the safes the asker may send from. */
function matching(tx: Tx, ctx: Context, { state, words }: Pick<Filter, 'state' | 'words'>) {
	const like = `%${words.replace(/[\\%_]/g, '\\$&')}%`;
	return tx`
		client = ${ctx.actor.client} and safe in (select r.safe from safe_right r where r.person = ${ctx.actor.person} and 'send' = any (r.rights))
		${state === 'undelivered' ? tx`and state = 'waiting' and ${wrongIn(tx)}` : state ? tx`and state = ${state}` : tx``}
		${words ? tx`and (title ilike ${like} or reference ilike ${like} or exists (select from signer s where s.envelope = envelope.id and (s.name ilike ${like} or s.email ilike ${like})))` : tx``}`;
}

/** One page, newest first, and how many there are in all. */
export async function list(ctx: Context, filter: Filter): Promise<{ readonly envelopes: readonly Listed[]; readonly count: number }> {
	return ctx.tx(async (tx) => {
		const [{ count }] = await tx<[{ count: number }]>`select count(*)::int as count from envelope where ${matching(tx, ctx, filter)}`;
		const envelopes = (await tx`select ${columns(tx)}, ${counted(tx)} from envelope where ${matching(tx, ctx, filter)} order by created_at desc, id limit ${pageSize} offset ${(filter.page - 1) * pageSize}`) as unknown as Listed[];
		return { envelopes, count };
	});
}

/** The first few of a shelf: what a dashboard shows; those that wait by their term, the others newest first. */
export async function top(ctx: Context, state: Shelf, most: number, days: number | null = null): Promise<{ readonly envelopes: readonly Listed[]; readonly count: number }> {
	return ctx.tx(async (tx) => {
		const where = tx`${matching(tx, ctx, { state, words: '' })} ${days === null ? tx`` : tx`and closed_at > app.now() - ${days} * interval '1 day'`}`;
		const [{ count }] = await tx<[{ count: number }]>`select count(*)::int as count from envelope where ${where}`;
		const envelopes = (await tx`select ${columns(tx)}, ${counted(tx)} from envelope where ${where} order by ${state === 'waiting' || state === 'undelivered' ? tx`expires_at` : tx`coalesce(closed_at, created_at) desc`}, id limit ${most}`) as unknown as Listed[];
		return { envelopes, count };
	});
}

/** A cell that no spreadsheet takes for a formula (OWASP, CSV injection), quoted where RFC 4180 wants it. */
export function cell(value: string): string {
	const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
	return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Everything that matches as CSV (RFC 4180, UTF-8 with its mark), newest first, page after page. Times in UTC. */
export async function* table(ctx: Context, filter: Omit<Filter, 'page'>): AsyncGenerator<string> {
	const line = (cells: readonly string[]) => `${cells.map(cell).join(',')}\r\n`;
	const time = (at: Date | null) => at?.toISOString() ?? '';
	yield `\ufeff${line(['reference', 'title', 'state', 'created', 'sent', 'expires', 'closed', 'signed', 'participants', 'id'])}`;
	for (let page = 1; ; page++) {
		const { envelopes } = await list(ctx, { ...filter, page });
		if (envelopes.length) yield envelopes.map((e) => line([e.reference, e.title, e.state, time(e.createdAt), time(e.sentAt), time(e.expiresAt), time(e.closedAt), String(e.signed), String(e.total), e.id])).join('');
		if (envelopes.length < pageSize) return;
	}
}
