// Changes of an interactive form: filling in, signing, new fields (ISO 32000-2 §12.8.2.2 table 257, §12.7).

import type { View } from './document.ts';
import { dictOf, isDict, isName, isNumber, isRef, type Dict, type PdfObject } from './objects.ts';
import { add, changedKeys, explain, items, same, type Step } from './step.ts';
import { formFields, type FormField } from './form.ts';

/** The values and appearances that filling in writes; signing may set the flags of its field besides, and anything filled in may become read-only. */
const filledKeys: Readonly<Record<string, readonly string[]>> = {
	Tx: ['V', 'AP', 'M', 'RV'],
	Btn: ['V', 'AP', 'AS', 'M'],
	Ch: ['V', 'AP', 'M', 'I'],
	Sig: ['V', 'AP', 'AS', 'M', 'F', 'Ff']
};

/** A signature dictionary: /Type is optional (table 252). */
const isSignature = (view: View, o: PdfObject): boolean => {
	const d = dictOf(o);
	const type = view.resolve(d?.map.get('Type'));
	return !!d?.map.has('ByteRange') && d.map.has('Contents') && (type === null || isName(type, 'Sig') || isName(type, 'DocTimeStamp'));
};

const flags = (o: PdfObject | undefined): number => (isNumber(o) ? o.value : 0);
/** Bit 1 of /Ff (table 227). */
const madeReadOnly = (a: PdfObject | undefined, b: PdfObject | undefined): boolean => flags(b) === (flags(a) | 1);

/** What is referred to is of this revision alone. */
function ownObjects({ fresh }: Step, o: PdfObject): boolean {
	if (isRef(o)) return fresh.has(o.num);
	const d = dictOf(o);
	return !d || [...d.map.values()].every((v) => (isRef(v) ? fresh.has(v.num) : !isDict(v) || [...v.map.values()].every((w) => !isRef(w) || fresh.has(w.num))));
}

/** A field that had no value has a signature now; one may be spread over several objects of one name. */
function signedNow({ before, after, fields }: Step, name: string): boolean {
	const valued = (view: View, all: Iterable<FormField>) => [...all].filter((f) => f.name === name).map((f) => view.resolve(f.dict.map.get('V'))).filter((v) => v !== null);
	const now = valued(after, formFields(after));
	return valued(before, fields.values()).length === 0 && now.length === 1 && isSignature(after, now[0]!);
}

/** A field or widget that was there and differs now. */
export function fieldChange(step: Step, { num, name, type }: FormField, a: Dict, b: Dict): void {
	const { permissions } = step;
	const keys = changedKeys(a, b);
	const told = `field ${num}: ${keys.map((k) => `/${k}`).join(' ')}`;
	const own = keys.map((key) => b.map.get(key) ?? null);
	const allowed =
		(type === 'Sig' ? permissions.sign : permissions.fill) &&
		!permissions.locked(name) &&
		keys.every((key) => filledKeys[type]?.includes(key) || (key === 'Ff' && madeReadOnly(a.map.get(key), b.map.get(key)))) &&
		own.every((o) => ownObjects(step, o)) &&
		(type !== 'Sig' || signedNow(step, name));
	if (allowed) explain(step, ...own);
	if (allowed) add(step, type === 'Sig' ? 'signature-fill' : 'form-fill', true, told);
	else add(step, 'changed-field', false, told);
}

export interface Appearance {
	readonly field: FormField;
	/** Nothing else leads to it. */
	readonly alone: boolean;
}

/** The dictionaries and streams of widgets' appearances, by object number: what filling in may write anew. */
export function appearances({ before, fields, references }: Step): Map<number, Appearance> {
	const out = new Map<number, Appearance>();
	for (const field of fields.values()) {
		const take = (o: PdfObject | undefined, depth: number, above: boolean): void => {
			const alone = above && (!isRef(o) || references.get(o.num) === 1);
			if (isRef(o)) out.set(o.num, { field, alone });
			const d = before.resolve(o);
			if (depth < 2 && isDict(d)) for (const value of d.map.values()) take(value, depth + 1, alone);
		};
		take(field.dict.map.get('AP'), 0, true);
	}
	return out;
}

/** An appearance written anew in its place: the field's alone, and the field may be filled in. */
export function appearanceChange(step: Step, { field, alone }: Appearance, num: number, b: Dict): void {
	const { permissions } = step;
	const fillable = field.type !== 'Sig' || signedNow(step, field.name);
	const allowed = alone && fillable && (field.type === 'Sig' ? permissions.sign : permissions.fill) && !permissions.locked(field.name);
	if (allowed) explain(step, b);
	if (allowed) add(step, 'form-fill', true, `appearance of field ${field.num}`);
	else add(step, 'changed-object', false, alone ? `object ${num}: the appearance of field ${field.num}` : `object ${num}: an appearance used in several places`);
}

/** The form's dictionary: fields may be added that this same revision signs, and resources that were not there. */
export function formChange(step: Step, a: Dict, b: Dict): void {
	for (const key of changedKeys(a, b)) {
		const [old, now] = [a.map.get(key) ?? null, b.map.get(key) ?? null];
		if (key === 'SigFlags') continue;
		if (key === 'Fields') {
			if (isRef(now)) step.explained.add(now.num);
			fieldsChange(step, items(step.before.resolve(old)), items(step.after.resolve(now)));
		} else if (key === 'DR' && step.permissions.sign && onlyAdds(step, old, now)) explain(step, now);
		else add(step, 'changed-form', false, `/AcroForm /${key}`);
	}
}

/** Every entry that was there is the same, or a dictionary that only adds. */
function onlyAdds(step: Step, old: PdfObject, now: PdfObject): boolean {
	const [a, b] = [dictOf(step.before.resolve(old)), dictOf(step.after.resolve(now))];
	if (!a) return old === null && b !== null;
	return !!b && [...a.map].every(([key, value]) => same(value, b.map.get(key) ?? null) || (isDict(value) && onlyAdds(step, value, b.map.get(key) ?? null)));
}

/** The list of fields: none goes, and what comes is judged. */
export function fieldsChange(step: Step, old: readonly PdfObject[], now: readonly PdfObject[]): void {
	if (!old.every((o) => now.some((n) => same(o, n)))) add(step, 'removed-field', false, '/AcroForm /Fields');
	for (const field of now.filter((n) => !old.some((o) => same(o, n)))) newField(step, field);
}

/** The widgets of a field: its kids, or itself. */
const widgets = (view: View, d: Dict): Dict[] => {
	const kids = items(view.resolve(d.map.get('Kids')));
	return kids.length ? kids.flatMap((k) => dictOf(view.resolve(k)) ?? []) : [d];
};

/** Nothing is seen of it: what is added after a signature must not cover what was signed. */
const invisible = (view: View, d: Dict): boolean =>
	widgets(view, d).every((w) => {
		const rect = items(view.resolve(w.map.get('Rect'))).map((n) => view.resolve(n));
		const [x0, y0, x1, y1] = rect.map((n) => (isNumber(n) ? n.value : NaN));
		return rect.length === 0 ? !w.map.has('AP') : x0 === x1 && y0 === y1;
	});

function newField(step: Step, field: PdfObject): void {
	const { after, fresh, permissions } = step;
	const d = dictOf(after.resolve(field));
	const num = isRef(field) ? field.num : 0;
	const value = after.resolve(d?.map.get('V'));
	if (!d || !fresh.has(num) || !isName(after.resolve(d.map.get('FT')), 'Sig') || !isSignature(after, value)) {
		add(step, 'new-field', false, `object ${num}`);
		return;
	}
	explain(step, field);
	const stamp = isName(after.entry(value, 'Type'), 'DocTimeStamp');
	if (!invisible(after, d)) add(step, 'new-visible-field', false, `field ${num}: added after the signature, where it may cover what was signed`);
	else if (stamp) add(step, 'document-timestamp', true, `field ${num}`);
	else add(step, 'new-signature-field', permissions.sign, `field ${num}: invisible`);
}
