// The dry run: each line held against what a single sending would ask of it, by the same shapes. It writes nothing and sends nothing.

import type { Context } from '../context.ts';
import { normaliseNumber } from '../envelopes/contact.ts';
import { line as lineOf } from '../envelopes/line.ts';
import { newEnvelope, newSigner, requirePeople } from '../envelopes/prepare.ts';
import type { TemplateUse, TemplateVersion } from '../envelopes/templates.ts';
import { DomainError } from '../errors.ts';
import type { BulkColumn } from './columns.ts';
import type { Table } from './csv.ts';

export interface Problem {
	/** Null: the line as a whole. */
	readonly column: Pick<BulkColumn, 'kind' | 'label'> | null;
	/** What stands there, at most 200 characters. */
	readonly value: string;
	/** `needed`, `shape`, `cells`, or a refusal of the domain. */
	readonly reason: string;
}

/** `line`: the earlier one it is about. `shared` and `own-contact` (SIGN-21): what whoever starts it has been warned of, and so confirms. */
export type Warning = { readonly reason: 'duplicate' | 'number-shared'; readonly line: number } | { readonly reason: 'shared' | 'own-contact' };

export interface CheckedLine {
	readonly number: number;
	/** What its sender knows it by: the first name that is not always the same. */
	readonly label: string;
	readonly reference: string;
	/** Null: it cannot be sent. */
	readonly input: TemplateUse | null;
	readonly problems: readonly Problem[];
	readonly warnings: readonly Warning[];
}

type Signer = TemplateUse['signers'][number];

/** `31/12/2001`, as French spreadsheets write a day, as ISO 8601. */
const isoDay = (text: string): string => text.replace(/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, (_, d: string, m: string, y: string) => `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`);
const locales: Readonly<Record<string, 'fr' | 'en'>> = { fr: 'fr', 'français': 'fr', french: 'fr', en: 'en', anglais: 'en', english: 'en' };
const reference = lineOf(80);

/** What a cell says, in the shape of single sending. */
const read: Readonly<Record<BulkColumn['kind'], (text: string, ctx: Pick<Context, 'settings'>) => unknown>> = {
	name: (text) => newSigner.shape.name.parse(text),
	email: (text) => newSigner.shape.email.parse(text),
	number: (text, ctx) => normaliseNumber(newSigner.shape.number.parse(text), ctx.settings.countries),
	locale: (text) => newSigner.shape.locale.parse(locales[text.toLowerCase()]),
	surname: (text) => newSigner.shape.surname.parse(text),
	givenNames: (text) => newSigner.shape.givenNames.parse(text),
	birthDate: (text) => newSigner.shape.birthDate.parse(isoDay(text)),
	title: (text) => newEnvelope.shape.title.parse(text),
	days: (text) => newEnvelope.shape.days.parse(text),
	reference: (text) => reference.parse(text)
};

/** Why a cell is refused; anything but a refusal is thrown on. */
function reasonOf(error: unknown): string {
	if (error instanceof DomainError) return error.reason;
	if ((error as Error).name === 'ZodError') return 'shape';
	throw error;
}

/** At most 200 characters, none of them halved. */
const short = (text: string): string => [...text].slice(0, 200).join('');

/** One line by itself. */
function checkLine(ctx: Pick<Context, 'settings'>, version: TemplateVersion, columns: readonly (BulkColumn | null)[], { number, cells }: Table['lines'][number], locale: 'fr' | 'en'): CheckedLine {
	const problems: Problem[] = [];
	const people: Record<string, unknown>[] = version.roles.map((role) => ({ locale, number: '', instead: false, manner: 'remote', ...role }));
	const envelope: { title?: string; days?: number; reference?: string } = {};
	if (cells.some((cell, i) => cell && !columns[i])) problems.push({ column: null, value: '', reason: 'cells' });
	for (const [i, column] of columns.entries()) {
		const value = cells[i] ?? '';
		if (!column || (!value && !column.required)) continue;
		const { kind, label, role } = column;
		const refused = (reason: string) => problems.push({ column: { kind, label }, value: short(value), reason });
		if (!value) refused('needed');
		else {
			try {
				Object.assign(role === null ? envelope : people[role]!, { [kind]: read[kind](value, ctx) });
			} catch (error) {
				refused(reasonOf(error));
			}
		}
	}
	const first = columns.findIndex((c) => c?.kind === 'name' && !c.kept);
	const label = short(cells[first] || cells.find(Boolean) || '');
	const signers = people as unknown as (Signer & Parameters<typeof requirePeople>[1][number])[];
	if (!problems.length) {
		try {
			requirePeople(ctx, signers);
		} catch (error) {
			problems.push({ column: null, value: '', reason: reasonOf(error) });
		}
	}
	const { title = version.title, days = version.days } = envelope;
	const input = { number: version.number, title, note: version.note, days, signers: signers.map(({ name, email, number: mobile, locale: own, surname, givenNames, birthDate }) => ({ name, email, number: mobile, locale: own, surname, givenNames, birthDate })) };
	return { number, label, reference: problems.length ? '' : (envelope.reference ?? ''), input: problems.length ? null : input, problems, warnings: [] };
}

/** What a sender should look at twice: it can be sent all the same. Of what recurs from line to line, people who are always the same are left out. */
function warningsOf(version: TemplateVersion, lines: readonly CheckedLine[], own: readonly string[]): CheckedLine[] {
	const seen = new Map<string, number>();
	const numbers = new Map<string, { readonly email: string; readonly line: number }>();
	return lines.map((line) => {
		if (!line.input) return line;
		const people = line.input.signers.filter((_, i) => !version.roles[i]!.email);
		const warnings: Warning[] = [];
		const same = JSON.stringify([people.map((p) => p.email), line.input.title, line.reference]);
		const earlier = seen.get(same);
		if (earlier === undefined) seen.set(same, line.number);
		else warnings.push({ reason: 'duplicate', line: earlier });
		for (const { number, email } of people) {
			const owner = number ? numbers.get(number) : undefined;
			if (owner && owner.email !== email) warnings.push({ reason: 'number-shared', line: owner.line });
			else if (number && !owner) numbers.set(number, { email, line: line.number });
		}
		const contacts = line.input.signers.filter((_, i) => version.roles[i]!.role !== 'copy').flatMap((p) => [p.email, p.number]).filter(Boolean);
		if (new Set(contacts).size < contacts.length) warnings.push({ reason: 'shared' });
		if (contacts.some((c) => own.includes(c))) warnings.push({ reason: 'own-contact' });
		return { ...line, warnings };
	});
}

/** Every line of a table. `locale`: of those whose language nobody says; `own`: the sender's addresses and number. */
export function checkLines(ctx: Pick<Context, 'settings'>, version: TemplateVersion, columns: readonly (BulkColumn | null)[], table: Table, { locale, own }: { readonly locale: 'fr' | 'en'; readonly own: readonly string[] }): CheckedLine[] {
	return warningsOf(version, table.lines.map((line) => checkLine(ctx, version, columns, line, locale)), own);
}
