// What later revisions did to a signed document: object by object, everything not known to be permitted is a change (EN 319 142-1, ISO 32000-2 §12.8.2).

import type { LaterChange } from '../pades/report.ts';
import type { PdfDocument, View } from './document.ts';
import { appearanceChange, appearances, fieldChange, fieldsChange, formChange } from './form-changes.ts';
import { dictOf, isArray, isDict, isName, isRef, isStream, isString, type Dict, type PdfObject } from './objects.ts';
import { permissionsOf } from './permissions.ts';
import { add, changedKeys, explain, fieldsByNumber, isContainer, items, references, same, type Step, type Verdict } from './step.ts';
import { formFields } from './form.ts';

/** Changes each revision after `since` (1-based) made, held against what the signatures before it permit. Throws CryptoError on structures past our limits. */
export function classifyChanges(document: PdfDocument, since: number): LaterChange[] {
	return document.revisions.slice(since).flatMap(({ number }) => judgeRevision(document.atRevision(number - 1), document.atRevision(number)).map((v) => ({ revision: number, ...v })));
}

function judgeRevision(before: View, after: View): readonly Verdict[] {
	const defined = [...after.revision.entries.keys()].filter((num) => num !== 0 && after.locate(num)?.type !== 'free');
	const there = (num: number) => before.locate(num) && before.locate(num)!.type !== 'free';
	const fresh = new Set(defined.filter((num) => !there(num)));
	const form = formFields(before);
	const step: Step = {
		before,
		after,
		fresh,
		permissions: permissionsOf(before, form),
		fields: fieldsByNumber(form),
		references: references(before),
		explained: new Set(),
		verdicts: []
	};
	for (const [num, { type }] of after.revision.entries) if (num !== 0 && type === 'free' && there(num)) add(step, 'removed-object', false, `object ${num}`);
	if (!same(before.trailer.map.get('Root') ?? null, after.trailer.map.get('Root') ?? null)) add(step, 'catalog-replaced', false, 'another /Root');
	if (after.revision.hybrid) add(step, 'hybrid-xref', false, 'a hybrid cross-reference: readers disagree on what it says');
	const held = holders(step);
	for (const num of defined) {
		if (fresh.has(num)) {
			if (step.references.has(num)) add(step, 'new-object', false, `object ${num}: the signed revision already referred to it`);
			if (isContainer(after, after.get(num)) || isVri(after.get(num))) step.explained.add(num);
		} else if (generation(before, num) !== generation(after, num)) add(step, 'changed-object', false, `object ${num}: another generation`);
		else if (!same(before.get(num), after.get(num))) changed(step, held, num);
	}
	for (const num of fresh) if (!step.explained.has(num)) add(step, 'new-object', false, `object ${num}: nothing allowed leads to it`);
	return step.verdicts;
}

/** Validation data that nothing refers to any more: a later array took its place in the same revision. */
const isVri = (o: PdfObject) => isDict(o) && [...o.map.keys()].every((key) => ['Type', 'Cert', 'CRL', 'OCSP', 'TU', 'TS'].includes(key)) && isName(o.map.get('Type'), 'VRI');

const generation = (view: View, num: number): number => {
	const entry = view.locate(num);
	return entry?.type === 'offset' ? entry.gen : 0;
};

/** How an object that differs is judged. */
type Rule = (old: PdfObject, now: PdfObject) => void;

/** Objects whose place in the document says how they may change, when nothing else refers to them. */
function holders(step: Step): ReadonlyMap<number, Rule> {
	const { before, after } = step;
	const out = new Map<number, Rule>();
	const hold = (o: PdfObject | undefined, rule: Rule) => {
		if (isRef(o) && step.references.get(o.num) === 1) out.set(o.num, rule);
	};
	const { map } = before.catalog;
	const form = dictOf(before.resolve(map.get('AcroForm')));
	hold(map.get('AcroForm'), (a, b) => both(step, a, b, formChange));
	hold(form?.map.get('Fields'), (a, b) => fieldsChange(step, items(a), items(b)));
	hold(map.get('Extensions'), () => add(step, 'extensions', true, '/Extensions'));
	hold(map.get('Metadata'), (_, b) => (isMetadata(after, b) ? add(step, 'metadata', true, '/Metadata') : add(step, 'changed-object', false, '/Metadata')));
	hold(before.trailer.map.get('Info'), (a, b) => ([a, b].every((o) => isDict(o) && isInfo(o)) ? add(step, 'metadata', true, '/Info') : add(step, 'changed-object', false, '/Info')));
	const dss = dictOf(before.resolve(map.get('DSS')));
	hold(map.get('DSS'), (a, b) => both(step, a, b, dssChange));
	for (const key of dssKeys) hold(dss?.map.get(key), (_, b) => validationData(step, b));
	for (const { page, ref } of before.pages()) hold(page.map.get('Annots'), (a, b) => annotations(step, ref.num, items(a), items(b)));
	for (const [num, appearance] of appearances(step)) out.set(num, (_, b) => (dictOf(b) ? appearanceChange(step, appearance, num, dictOf(b)!) : add(step, 'changed-object', false, `object ${num}`)));
	return out;
}

function both(step: Step, a: PdfObject, b: PdfObject, rule: (step: Step, a: Dict, b: Dict) => void): void {
	if (isDict(a) && isDict(b)) rule(step, a, b);
	else add(step, 'changed-object', false, 'no dictionary any more');
}

function changed(step: Step, held: ReadonlyMap<number, Rule>, num: number): void {
	const { before, after } = step;
	const [old, now] = [before.get(num), after.get(num)];
	const [a, b] = [dictOf(old), dictOf(now)];
	const root = before.trailer.map.get('Root');
	const field = step.fields.get(num);
	const rule = held.get(num);
	if (rule) rule(old, now);
	else if (!a || !b || isDict(old) !== isDict(now)) add(step, 'changed-object', false, `object ${num}`);
	else if (isRef(root) && root.num === num) catalog(step, a, b);
	else if (field) fieldChange(step, field, a, b);
	else if (isName(a.map.get('Type'), 'Page')) page(step, num, a, b);
	else if (isAnnotation(before, a) && isAnnotation(after, b) && step.permissions.annotate) annotated(step, now, `object ${num}`);
	else if (isStructure(before, a) && step.permissions.sign && grows(step, a, b)) add(step, 'structure-tree', true, `object ${num}`);
	else add(step, 'changed-object', false, `object ${num}`);
}

const dssKeys = ['VRI', 'Certs', 'CRLs', 'OCSPs'];
/** Strings, names and dates alone: a resource dictionary that the trailer also calls /Info is none. */
const isInfo = (d: Dict) => [...d.map.values()].every((o) => isString(o) || isName(o));
const isMetadata = (view: View, o: PdfObject) => isStream(o) && isName(view.resolve(o.dict.map.get('Type')), 'Metadata');
const isAnnotation = (view: View, d: Dict) => isName(view.resolve(d.map.get('Type')), 'Annot') && !isName(view.resolve(d.map.get('Subtype')), 'Widget');
const isStructure = (view: View, d: Dict) => ['StructTreeRoot', 'StructElem'].some((type) => isName(view.resolve(d.map.get('Type')), type));

function validationData(step: Step, ...data: readonly PdfObject[]): void {
	explain(step, ...data);
	add(step, 'dss', true, 'validation data');
}

function dssChange(step: Step, a: Dict, b: Dict): void {
	if (changedKeys(a, b).every((key) => key === 'Type' || dssKeys.includes(key))) validationData(step, b);
	else add(step, 'changed-object', false, '/DSS');
}

function catalog(step: Step, a: Dict, b: Dict): void {
	for (const key of changedKeys(a, b)) {
		const [old, now] = [a.map.get(key) ?? null, b.map.get(key) ?? null];
		const [x, y] = [dictOf(step.before.resolve(old)), dictOf(step.after.resolve(now))];
		if (key === 'DSS' && y) validationData(step, now);
		else if (key === 'AcroForm' && y) {
			if (isRef(now)) step.explained.add(now.num);
			formChange(step, x ?? { kind: 'dict', map: new Map() }, y);
		} else if (key === 'Metadata' && isMetadata(step.after, step.after.resolve(now))) {
			explain(step, now);
			add(step, 'metadata', true, '/Metadata');
		} else if (key === 'Extensions' || key === 'Version') {
			explain(step, now);
			add(step, 'extensions', true, `/${key}`);
		} else add(step, 'changed-catalog', false, `/${key}`);
	}
}

/** A page may only gain the widgets of fields judged by the form's rules, and annotations where they are permitted. */
function page(step: Step, num: number, a: Dict, b: Dict): void {
	const keys = changedKeys(a, b);
	if (keys.some((key) => key !== 'Annots')) {
		add(step, 'changed-page', false, `object ${num}: ${keys.map((k) => `/${k}`).join(' ')}`);
		return;
	}
	const holder = b.map.get('Annots');
	if (isRef(holder)) step.explained.add(holder.num);
	annotations(step, num, items(step.before.resolve(a.map.get('Annots'))), items(step.after.resolve(holder)));
}

function annotations(step: Step, num: number, old: readonly PdfObject[], now: readonly PdfObject[]): void {
	const { before, after, fresh, permissions } = step;
	const widgets = new Set(formFields(after).map((f) => f.num));
	const free = permissions.annotate;
	const gone = old.filter((o) => !now.some((n) => same(o, n)));
	if (gone.some((o) => !free || !isAnnotation(before, dictOf(before.resolve(o)) ?? { kind: 'dict', map: new Map() }))) add(step, 'removed-annotation', false, `page object ${num}`);
	else if (gone.length) add(step, 'annotation', true, `page object ${num}: removed`);
	for (const annotation of now.filter((n) => !old.some((o) => same(o, n)))) {
		if (isRef(annotation) && fresh.has(annotation.num) && widgets.has(annotation.num)) continue;
		const d = dictOf(after.resolve(annotation));
		if (free && d && isAnnotation(after, d) && (!isRef(annotation) || fresh.has(annotation.num))) annotated(step, annotation, `page object ${num}`);
		else add(step, 'new-annotation', false, `page object ${num}`);
	}
}

function annotated(step: Step, annotation: PdfObject, where: string): void {
	explain(step, annotation);
	add(step, 'annotation', true, where);
}

/** Of the structure tree: what was there stays, and fresh nodes come (ISO 32000-1 §14.7.2). */
function grows(step: Step, a: Dict, b: Dict): boolean {
	const more = (old: PdfObject, now: PdfObject): boolean => {
		const [x, y] = [isArray(old) ? old.items : [old], isArray(now) ? now.items : [now]];
		return x.every((o) => o === null || y.some((n) => same(o, n))) && y.every((n) => x.some((o) => same(o, n)) || (isRef(n) && step.fresh.has(n.num)));
	};
	const ok = changedKeys(a, b).every((key) => key === 'ParentTreeNextKey' || (key === 'K' && more(a.map.get(key) ?? null, b.map.get(key) ?? null)));
	if (ok) explain(step, b.map.get('K') ?? null);
	return ok;
}
