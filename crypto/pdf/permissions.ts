// What the signatures of a revision permit to change after them: DocMDP and FieldMDP (ISO 32000-2 §12.8.2.2, §12.8.2.4) and the lock of a signed field (§12.7.5.5).

import { isArray, isDict, isName, isNumber, isString, textOf, dictOf, type Dict, type PdfObject } from './objects.ts';
import type { View } from './document.ts';
import type { FormField } from './form.ts';

export interface Permissions {
	/** Empty signature fields may be signed: unless a certification says that nothing may change. */
	readonly sign: boolean;
	/** Other fields may be filled in: only where a certification says so. What nobody permitted is a change. */
	readonly fill: boolean;
	/** Annotations may come, change and go: only where a certification says so. */
	readonly annotate: boolean;
	/** A field of this fully qualified name may not change any more. */
	locked(field: string): boolean;
}

type Lock = (field: string) => boolean;

const strings = (view: View, o: PdfObject): string[] => (isArray(o) ? o.items.map((i) => view.resolve(i)).filter(isString).map(textOf) : []);

/** A /Lock or FieldMDP /TransformParams: named fields, all but those, or all. What is not understood locks all. */
function lockOf(view: View, d: Dict): Lock {
	const action = view.entry(d, 'Action');
	const names = strings(view, view.entry(d, 'Fields'));
	const named = (field: string) => names.some((n) => field === n || field.startsWith(`${n}.`));
	if (isName(action, 'Include')) return named;
	if (isName(action, 'Exclude')) return (field) => !named(field);
	return () => true;
}

/** /P of table 257: 1, validation data alone; 2, filling in and signing besides; 3, annotations besides. */
const levelOf = (o: PdfObject, otherwise: 1 | 2 | 3): 1 | 2 | 3 => (o === null ? otherwise : isNumber(o) && (o.value === 2 || o.value === 3) ? o.value : 1);

/** Of all signatures in the form as this view has it. */
export function permissionsOf(view: View, fields: readonly FormField[]): Permissions {
	let level: 1 | 2 | 3 | null = null;
	const locks: Lock[] = [];
	const restrict = (to: 1 | 2 | 3) => (level = Math.min(level ?? 3, to) as 1 | 2 | 3);
	for (const { dict, type } of fields) {
		const signature = dictOf(view.entry(dict, 'V'));
		if (type !== 'Sig' || !signature?.map.has('ByteRange')) continue;
		const references = view.entry(signature, 'Reference');
		for (const reference of isArray(references) ? references.items : []) {
			const method = view.entry(reference, 'TransformMethod');
			const params = view.entry(reference, 'TransformParams');
			if (isName(method, 'DocMDP')) restrict(levelOf(view.entry(params, 'P'), 2));
			else if (isName(method, 'FieldMDP') && isDict(params)) locks.push(lockOf(view, params));
		}
		const lock = view.entry(dict, 'Lock');
		if (!isDict(lock)) continue;
		locks.push(lockOf(view, lock));
		if (lock.map.has('P')) restrict(levelOf(view.entry(lock, 'P'), 1));
	}
	return { sign: level !== 1, fill: (level ?? 1) >= 2, annotate: level === 3, locked: (field) => locks.some((lock) => lock(field)) };
}
