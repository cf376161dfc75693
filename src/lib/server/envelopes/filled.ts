// What a signer filled in: held against the fields before a code is asked for, and written exactly as it was typed.

import type { Fill } from '#crypto/pades/form-fields.ts';
import { formFieldSize } from '#crypto/pades/form-fields.ts';
import type { PdfDocument } from '#crypto/pdf/document.ts';
import { sameMention } from '#lib/i18n/mention.ts';
import type { WorkerContext } from '../context.ts';
import { DomainError } from '../errors.ts';
import { authorText } from '../evidence/author-text.ts';
import type { PlacedField } from './fields.ts';
import { formName, severalLines } from './freeze.ts';

type Values = Readonly<Record<string, string>>;

const longest: Readonly<Record<PlacedField['kind'], number>> = { signature: 0, initials: 12, date: 40, text: 500, checkbox: 3, mention: 500 };

/** Throws DomainError `invalid` with the field's id and label: `value-unknown` (no field of theirs), `value-required`, `value-mention` (not the words asked for), `value-long`, `value-lines`, `value-box`. */
export function requireFilled(fields: readonly PlacedField[], values: Values): void {
	const fillable = fields.filter((f) => f.kind !== 'signature');
	const stray = Object.keys(values).find((id) => !fillable.some((f) => f.id === id));
	if (stray) throw new DomainError('invalid', 'value-unknown', { field: stray });
	for (const field of fillable) {
		const wrong = wrongWith(field, values[field.id] ?? '');
		if (wrong) throw new DomainError('invalid', wrong, { field: field.id, label: field.label || field.expected });
	}
}

function wrongWith(field: PlacedField, value: string): string | null {
	if (!value.trim()) return field.required ? 'value-required' : null;
	if (value.length > longest[field.kind]) return 'value-long';
	if (value.includes('\n') && !severalLines(field)) return 'value-lines';
	if (field.kind === 'checkbox' && value !== 'Yes') return 'value-box';
	return field.kind === 'mention' && !sameMention(value, field.expected) ? 'value-mention' : null;
}

/** What the signer's revision writes: every field of theirs, those left empty too, so that nobody fills them in later. */
export async function fillsOf(ctx: Pick<WorkerContext, 'settings'>, placed: readonly PlacedField[], document: PdfDocument, values: Values): Promise<Fill[]> {
	requireFilled(placed, values);
	return Promise.all(
		placed.filter((f) => f.kind !== 'signature').map(async (f): Promise<Fill> => {
			const [field, text] = [formName(f.id), values[f.id] ?? ''];
			if (f.kind === 'checkbox') return { field, checked: text === 'Yes' };
			return { field, text, appearance: text ? await authorText({ ...formFieldSize(document, field), text }, ctx.settings.fonts) : null };
		})
	);
}
