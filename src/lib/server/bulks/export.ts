// What is handed out as CSV: the model to fill in, and what is wrong line by line. `;` between and UTF-8 with its mark: what a French spreadsheet opens by itself.

import { columnName } from '#lib/i18n/bulk-columns.ts';
import { problem, words } from '#lib/i18n/bulks.ts';
import type { Context } from '../context.ts';
import { cell } from '../envelopes/list.ts';
import { template } from '../envelopes/templates.ts';
import { find, lines, type LineState } from './bulk.ts';
import { columnsOf } from './columns.ts';
import { maximumLines } from './csv.ts';

const row = (cells: readonly string[]): string => `${cells.map(cell).join(';')}\r\n`;

/** The header of a template's newest version: columns of people who are always the same are left out. Needs `send`. */
export async function model(ctx: Context, templateId: string, locale: 'fr' | 'en'): Promise<string> {
	const { versions } = await template(ctx, templateId);
	return `\ufeff${row(columnsOf(versions[0]!).filter((c) => !c.kept || c.required).map((c) => columnName(locale, c)))}`;
}

/** What is wrong with a bulk's lines, and what became of those that were not sent: one row for each reason. Needs `send`. */
export async function errors(ctx: Context, id: string, locale: 'fr' | 'en'): Promise<string> {
	await find(ctx, id);
	const t = words(locale);
	const failed: readonly LineState[] = ['failed', 'cancelled'];
	const all = (await lines(ctx, id, 1, maximumLines)).sort((a, b) => a.number - b.number);
	const rows = all.flatMap((l) => [
		...l.problems.map((p) => [String(l.number), l.label, p.column ? columnName(locale, p.column) : '', p.value, problem(locale, p.reason, p.column?.kind)]),
		...(failed.includes(l.state) ? [[String(l.number), l.label, '', '', l.reason ? problem(locale, l.reason) : t.lineStates[l.state]]] : [])
	]);
	return `\ufeff${row([t.line, t.label, t.column, t.value, t.why])}${rows.map(row).join('')}`;
}
