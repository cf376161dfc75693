// The columns of a bulk file: what a template's version leaves to say of each person, and what a line may say of its envelope.

import { columnName, type ColumnKind } from '#lib/i18n/bulk-columns.ts';
import { DomainError } from '../errors.ts';
import type { Role, TemplateVersion } from '../envelopes/templates.ts';

export interface BulkColumn {
	readonly kind: ColumnKind;
	/** Of which role, 0-based; null: of the envelope. */
	readonly role: number | null;
	/** That role's name, with its place before it where two have the same. */
	readonly label: string | null;
	/** Each line must fill it in. */
	readonly required: boolean;
	/** The template says it already: left out of the model, taken when it is there. */
	readonly kept: boolean;
}

const known = (value: unknown): boolean => value !== undefined && value !== '';

function ofRole(role: Role, at: number, label: string): BulkColumn[] {
	const checked = role.role === 'signer' && role.level === 2;
	const column = (kind: BulkColumn['kind'], required: boolean): BulkColumn => ({ kind, role: at, label, required: required && !known(role[kind as keyof Role]), kept: known(role.email) });
	return [
		column('name', true),
		column('email', true),
		column('number', checked),
		column('locale', false),
		...(checked ? [column('surname', true), column('givenNames', true), column('birthDate', false)] : [])
	];
}

/** In the order of the model. */
export function columnsOf({ roles }: Pick<TemplateVersion, 'roles'>): BulkColumn[] {
	const labels = roles.map(({ label }, i) => (roles.filter((r) => spelling(r.label) === spelling(label)).length > 1 ? `${i + 1}. ${label}` : label));
	const envelope = (kind: BulkColumn['kind']): BulkColumn => ({ kind, role: null, label: null, required: false, kept: false });
	return [...roles.flatMap((role, i) => ofRole(role, i, labels[i]!)), envelope('title'), envelope('days'), envelope('reference')];
}

/** However people and their spreadsheets spell it: case, accents, spaces and the apostrophe's form do not count. */
const spelling = (name: string): string => name.normalize('NFKD').replace(/\p{M}/gu, '').replace(/’/g, "'").replace(/\s+/g, ' ').trim().toLowerCase();

/**
 * For each cell of the header its column; null: a column without a name, which must be empty.
 * `invalid` with the name: `bulk-column-unknown`, `bulk-column-twice`, `bulk-column-missing`.
 */
export function matchHeader(columns: readonly BulkColumn[], header: readonly string[], locale: 'fr' | 'en'): (BulkColumn | null)[] {
	const matched = header.map((cell) => {
		if (!cell) return null;
		const found = columns.find((c) => (['fr', 'en'] as const).some((l) => spelling(columnName(l, c)) === spelling(cell)));
		if (!found) throw new DomainError('invalid', 'bulk-column-unknown', { column: [...cell].slice(0, 120).join('') });
		return found;
	});
	for (const column of columns) {
		const times = matched.filter((m) => m === column).length;
		if (times > 1) throw new DomainError('invalid', 'bulk-column-twice', { column: columnName(locale, column) });
		if (!times && column.required) throw new DomainError('invalid', 'bulk-column-missing', { column: columnName(locale, column) });
	}
	return matched;
}
