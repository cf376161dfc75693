// The fields and widgets of an interactive form (ISO 32000-1 §12.7.3), by object number.

import { CryptoError } from '../errors.ts';
import type { View } from './document.ts';
import { dictOf, isArray, isName, isRef, isString, textOf, type Dict, type PdfObject } from './objects.ts';

export interface FormField {
	/** Object number; 0 when it is no object of its own. */
	readonly num: number;
	readonly dict: Dict;
	/** Fully qualified: a widget has its field's. */
	readonly name: string;
	/** /FT, inherited; empty when none is. */
	readonly type: string;
}

const maximumDepth = 32;
const maximumFields = 50_000;

/** Every node of the form's tree, widgets included, each once. Throws CryptoError on a form that is no tree, or too large. */
export function formFields(view: View): FormField[] {
	const out: FormField[] = [];
	const seen = new Set<number>();
	const walk = (o: PdfObject, prefix: string, inherited: string, depth: number): void => {
		if (depth > maximumDepth || out.length >= maximumFields) throw new CryptoError('limit', 'pdf-form-limit', 'form too deep or too large');
		if (isRef(o)) {
			if (seen.has(o.num)) throw new CryptoError('malformed', 'pdf-form', `field ${o.num} met twice`);
			seen.add(o.num);
		}
		const dict = dictOf(view.resolve(o));
		if (!dict) return;
		const own = view.resolve(dict.map.get('T'));
		const name = isString(own) ? `${prefix}${prefix ? '.' : ''}${textOf(own)}` : prefix;
		const ft = view.resolve(dict.map.get('FT'));
		const type = isName(ft) ? ft.name : inherited;
		out.push({ num: isRef(o) ? o.num : 0, dict, name, type });
		const kids = view.resolve(dict.map.get('Kids'));
		if (isArray(kids)) for (const kid of kids.items) walk(kid, name, type, depth + 1);
	};
	const fields = view.entry(view.catalog.map.get('AcroForm'), 'Fields');
	if (isArray(fields)) for (const field of fields.items) walk(field, '', '', 0);
	return out;
}
