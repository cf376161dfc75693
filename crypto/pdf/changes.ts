// What later revisions did to a signed document: object by object, everything not known to be harmless is a change (EN 319 142-1, ISO 32000-1 §12.8.2).

import type { LaterChange } from '../pades/report.ts';
import type { PdfDocument, View } from './document.ts';
import { dictOf, isArray, isDict, isName, isRef, isStream, isString, writeObject, type Dict, type PdfObject } from './objects.ts';

type Verdict = { readonly kind: string; readonly allowed: boolean; readonly detail: string };

const same = (a: PdfObject, b: PdfObject): boolean => {
	const [x, y] = [writeObject(a), writeObject(b)];
	return x.length === y.length && x.every((byte, i) => byte === y[i]);
};

/** Entries of two dictionaries that differ. */
function changedKeys(a: Dict, b: Dict): string[] {
	return [...new Set([...a.map.keys(), ...b.map.keys()])].filter((key) => !same(a.map.get(key) ?? null, b.map.get(key) ?? null));
}

const isSignature = (view: View, o: PdfObject): boolean => {
	const d = dictOf(o);
	return !!d && (isName(view.resolve(d.map.get('Type')), 'Sig') || isName(view.resolve(d.map.get('Type')), 'DocTimeStamp')) && d.map.has('ByteRange');
};
const isSignatureField = (d: Dict): boolean => isName(d.map.get('FT'), 'Sig');
const items = (o: PdfObject): readonly PdfObject[] => (isArray(o) ? o.items : []);

/** Numbers of objects reachable from `roots` that only this revision defined. */
function reach(view: View, fresh: ReadonlySet<number>, roots: readonly PdfObject[]): Set<number> {
	const out = new Set<number>();
	const queue = [...roots];
	while (queue.length) {
		const o = queue.pop()!;
		if (isRef(o)) {
			if (out.has(o.num) || !fresh.has(o.num)) continue;
			out.add(o.num);
			queue.push(view.get(o.num));
		} else if (isArray(o)) for (const item of o.items) queue.push(item);
		else for (const [key, value] of dictOf(o)?.map ?? []) if (key !== 'P' && key !== 'Parent') queue.push(value);
	}
	return out;
}

/** Changes each revision after `since` (1-based) made. */
export function classifyChanges(document: PdfDocument, since: number): LaterChange[] {
	return document.revisions.slice(since).flatMap(({ number }) => judgeRevision(document.atRevision(number - 1), document.atRevision(number)).map((v) => ({ revision: number, ...v })));
}

function judgeRevision(before: View, after: View): Verdict[] {
	const touched = [...after.revision.entries.keys()].filter((num) => num !== 0 && after.locate(num)?.type !== 'free');
	const freed = [...after.revision.entries].filter(([num, e]) => num !== 0 && e.type === 'free' && before.locate(num) && before.locate(num)!.type !== 'free');
	const fresh = new Set(touched.filter((num) => !before.locate(num) || before.locate(num)!.type === 'free'));
	const verdicts: Verdict[] = freed.map(([num]) => ({ kind: 'removed-object', allowed: false, detail: `object ${num}` }));
	const explained = new Set<number>();
	const awaited = referred(before);
	const add = (kind: string, allowed: boolean, detail: string) => verdicts.push({ kind, allowed, detail });
	const root = after.trailer.map.get('Root');
	if (!same(before.trailer.map.get('Root') ?? null, root ?? null)) add('catalog-replaced', false, 'another /Root');

	for (const num of touched) {
		const now = after.get(num);
		if (fresh.has(num)) {
			if (awaited.has(num)) add('new-object', false, `object ${num}: the signed revision already referred to it`);
			if (isXref(after, now)) explained.add(num);
			continue;
		}
		explained.add(num);
		const old = before.get(num);
		if (generation(before, num) !== generation(after, num)) {
			add('changed-object', false, `object ${num}: another generation`);
			continue;
		}
		if (same(old, now)) continue;
		const [a, b] = [dictOf(old), dictOf(now)];
		if (!a || !b || isDict(old) !== isDict(now)) add('changed-object', false, `object ${num}`);
		else if (isRef(root) && root.num === num) catalog(before, after, a, b, fresh, explained, add);
		else if (isAcroForm(before, num)) acroForm(before, after, a, b, fresh, explained, add);
		else if (isSignatureField(a) && isSignatureField(b)) filled(after, num, a, b, fresh, explained, add);
		else if (isName(a.map.get('Type'), 'Page')) page(before, after, num, a, b, fresh, explained, add);
		else if (isDss(before, num) && changedKeys(a, b).every((key) => dssKeys.has(key))) reachAll(after, fresh, explained, [b]);
		else if (isArrayHolder(before, num)) add('changed-object', false, `object ${num}`);
		else if (isMetadata(before, num) && [a, b].every(isInfo)) add('metadata', true, `object ${num}`);
		else add('changed-object', false, `object ${num}`);
	}
	for (const num of fresh) if (!explained.has(num)) add('new-object', false, `object ${num}: nothing allowed leads to it`);
	return verdicts;
}

type Add = (kind: string, allowed: boolean, detail: string) => void;

const isXref = (view: View, o: PdfObject): boolean => {
	const type = isStream(o) ? view.resolve(o.dict.map.get('Type')) : null;
	return isName(type, 'XRef') || isName(type, 'ObjStm');
};
const holds = (view: View, key: string, num: number) => {
	const value = view.catalog.map.get(key);
	return isRef(value) && value.num === num;
};
const isAcroForm = (view: View, num: number) => holds(view, 'AcroForm', num);
const isDss = (view: View, num: number) => holds(view, 'DSS', num);
const isMetadata = (view: View, num: number) => {
	const info = view.trailer.map.get('Info');
	return isRef(info) && info.num === num;
};
const dssKeys = new Set(['Type', 'VRI', 'Certs', 'CRLs', 'OCSPs']);
/** Strings, names and dates alone: a resource dictionary that the trailer also calls /Info is none. */
const isInfo = (d: Dict) => [...d.map.values()].every((o) => isString(o) || isName(o));
const generation = (view: View, num: number): number => {
	const entry = view.locate(num);
	return entry?.type === 'offset' ? entry.gen : 0;
};

/** Numbers that the objects of a view refer to, defined or not: one defined later must not fill such a hole. */
function referred(view: View): Set<number> {
	const out = new Set<number>();
	const queue: PdfObject[] = [view.trailer, ...view.numbers().map((n) => view.get(n))];
	while (queue.length) {
		const o = queue.pop()!;
		if (isRef(o)) out.add(o.num);
		else if (isArray(o)) for (const item of o.items) queue.push(item);
		else for (const value of dictOf(o)?.map.values() ?? []) queue.push(value);
	}
	return out;
}

const isArrayHolder = (view: View, num: number) => isArray(view.get(num));

function reachAll(after: View, fresh: ReadonlySet<number>, explained: Set<number>, roots: readonly PdfObject[]): void {
	reach(after, fresh, roots).forEach((n) => explained.add(n));
}

function catalog(before: View, after: View, a: Dict, b: Dict, fresh: ReadonlySet<number>, explained: Set<number>, add: Add): void {
	for (const key of changedKeys(a, b)) {
		const value = b.map.get(key) ?? null;
		if (key === 'DSS' && value !== null) {
			reachAll(after, fresh, explained, [value]);
			add('dss', true, 'validation data');
		} else if (key === 'AcroForm' && value !== null) {
			if (isRef(value)) explained.add(value.num);
			const [x, y] = [dictOf(before.resolve(a.map.get(key))), dictOf(after.resolve(value))];
			if (y) acroForm(before, after, x ?? { kind: 'dict', map: new Map() }, y, fresh, explained, add);
			else add('changed-form', false, '/AcroForm');
		} else if (key === 'Extensions' || key === 'Version') add('extensions', true, `/${key}`);
		else add('changed-catalog', false, `/${key}`);
	}
}

/** New fields may only be document time-stamps or empty, invisible signature fields that this same revision signs. */
function acroForm(before: View, after: View, a: Dict, b: Dict, fresh: ReadonlySet<number>, explained: Set<number>, add: Add): void {
	for (const key of changedKeys(a, b)) {
		if (key === 'SigFlags') continue;
		if (key !== 'Fields') {
			add('changed-form', false, `/AcroForm /${key}`);
			continue;
		}
		const [old, now] = [items(before.resolve(a.map.get(key))), items(after.resolve(b.map.get(key)))];
		const holder = b.map.get(key);
		if (isRef(holder)) explained.add(holder.num);
		if (!old.every((o) => now.some((n) => same(o, n)))) add('removed-field', false, '/AcroForm /Fields');
		for (const field of now.filter((n) => !old.some((o) => same(o, n)))) newField(after, field, fresh, explained, add);
	}
}

function newField(after: View, field: PdfObject, fresh: ReadonlySet<number>, explained: Set<number>, add: Add): void {
	const d = dictOf(after.resolve(field));
	const num = isRef(field) ? field.num : 0;
	if (!d || !fresh.has(num)) {
		add('new-field', false, `object ${num}`);
		return;
	}
	const value = after.resolve(d.map.get('V'));
	const stamp = isSignatureField(d) && isSignature(after, value) && isName(after.entry(value, 'Type'), 'DocTimeStamp');
	const invisible = items(after.resolve(d.map.get('Rect'))).every((n) => typeof n === 'object' && n?.kind === 'number' && n.value === 0);
	if (stamp && invisible) {
		reachAll(after, fresh, explained, [field]);
		add('document-timestamp', true, `field ${num}`);
	} else if (isSignatureField(d) && isSignature(after, value)) {
		reachAll(after, fresh, explained, [field]);
		add('new-signature-field', false, `field ${num}: added after the signature`);
	} else add('new-field', false, `object ${num}`);
}

/** An empty signature field that was there is signed: /V, and its own appearance. */
function filled(after: View, num: number, a: Dict, b: Dict, fresh: ReadonlySet<number>, explained: Set<number>, add: Add): void {
	const keys = changedKeys(a, b);
	const value = b.map.get('V') ?? null;
	const ok = !a.map.has('V') && isSignature(after, after.resolve(value)) && keys.every((key) => ['V', 'AP', 'F', 'M'].includes(key));
	const own = [value, b.map.get('AP') ?? null];
	const onlyFresh = own.every((o) => ownObjects(after, o, fresh));
	if (ok && onlyFresh) {
		reachAll(after, fresh, explained, own);
		add('signature-fill', true, `field ${num}`);
	} else add('changed-field', false, `field ${num}: ${keys.map((k) => `/${k}`).join(' ')}`);
}

/** The value and the appearance are objects of this revision, or direct. */
function ownObjects(after: View, o: PdfObject, fresh: ReadonlySet<number>): boolean {
	if (isRef(o)) return fresh.has(o.num);
	const d = dictOf(o);
	return !d || [...d.map.values()].every((v) => !isRef(v) || fresh.has(v.num));
}

/** A page may only gain the invisible widgets of fields judged above. */
function page(before: View, after: View, num: number, a: Dict, b: Dict, fresh: ReadonlySet<number>, explained: Set<number>, add: Add): void {
	const keys = changedKeys(a, b);
	if (keys.some((key) => key !== 'Annots')) {
		add('changed-page', false, `object ${num}: ${keys.map((k) => `/${k}`).join(' ')}`);
		return;
	}
	const [old, now] = [items(before.resolve(a.map.get('Annots'))), items(after.resolve(b.map.get('Annots')))];
	const holder = b.map.get('Annots');
	if (isRef(holder)) explained.add(holder.num);
	const fields = items(after.entry(after.catalog.map.get('AcroForm'), 'Fields'));
	const added = now.filter((n) => !old.some((o) => same(o, n)));
	if (!old.every((o) => now.some((n) => same(o, n)))) add('removed-annotation', false, `page object ${num}`);
	for (const annotation of added) if (!isRef(annotation) || !fresh.has(annotation.num) || !fields.some((f) => same(f, annotation))) add('new-annotation', false, `page object ${num}`);
}
