// One revision on top of the one before it, and what the rules of changes.ts need to judge it.

import type { View } from './document.ts';
import type { FormField } from './form.ts';
import { dictOf, isArray, isName, isRef, isStream, writeObject, type Dict, type PdfObject } from './objects.ts';
import type { Permissions } from './permissions.ts';

export type Verdict = { readonly kind: string; readonly allowed: boolean; readonly detail: string };

export interface Step {
	readonly before: View;
	readonly after: View;
	/** Object numbers that this revision defined and none before it. */
	readonly fresh: ReadonlySet<number>;
	readonly permissions: Permissions;
	/** Fields and widgets of the form as it was, by object number. */
	readonly fields: ReadonlyMap<number, FormField>;
	/** How often the objects of the view before refer to each number. */
	readonly references: ReadonlyMap<number, number>;
	/** Fresh objects that something judged leads to. */
	readonly explained: Set<number>;
	readonly verdicts: Verdict[];
}

export const add = (step: Step, kind: string, allowed: boolean, detail: string): void => void step.verdicts.push({ kind, allowed, detail });

/** Written alike. */
export const same = (a: PdfObject, b: PdfObject): boolean => {
	const [x, y] = [writeObject(a), writeObject(b)];
	return x.length === y.length && x.every((byte, i) => byte === y[i]);
};

/** Entries of two dictionaries that differ. */
export const changedKeys = (a: Dict, b: Dict): string[] => [...new Set([...a.map.keys(), ...b.map.keys()])].filter((key) => !same(a.map.get(key) ?? null, b.map.get(key) ?? null));

export const items = (o: PdfObject): readonly PdfObject[] => (isArray(o) ? o.items : []);

/** Takes the fresh objects that these lead to as explained. Parents and pages are not followed: they are judged themselves. */
export function explain({ after, fresh, explained }: Step, ...roots: readonly PdfObject[]): void {
	const queue = [...roots];
	while (queue.length) {
		const o = queue.pop()!;
		if (isRef(o)) {
			if (explained.has(o.num) || !fresh.has(o.num)) continue;
			explained.add(o.num);
			queue.push(after.get(o.num));
		} else if (isArray(o)) for (const item of o.items) queue.push(item);
		else for (const [key, value] of dictOf(o)?.map ?? []) if (key !== 'P' && key !== 'Parent') queue.push(value);
	}
}

/** A cross-reference or object stream: how the file is written, not what it says. */
export const isContainer = (view: View, o: PdfObject): boolean => {
	const type = isStream(o) ? view.resolve(o.dict.map.get('Type')) : null;
	return isName(type, 'XRef') || isName(type, 'ObjStm');
};

/** How often each number is referred to, defined or not, by the trailer and by what is no container. */
export function references(view: View): Map<number, number> {
	const out = new Map<number, number>();
	const queue: PdfObject[] = [view.trailer, ...view.numbers().map((n) => view.get(n)).filter((o) => !isContainer(view, o))];
	while (queue.length) {
		const o = queue.pop()!;
		if (isRef(o)) out.set(o.num, (out.get(o.num) ?? 0) + 1);
		else if (isArray(o)) for (const item of o.items) queue.push(item);
		else for (const value of dictOf(o)?.map.values() ?? []) queue.push(value);
	}
	return out;
}

export const fieldsByNumber = (form: readonly FormField[]): Map<number, FormField> => new Map(form.filter((f) => f.num).map((f) => [f.num, f]));
