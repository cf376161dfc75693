// Objects of one file written into another's revision: each once, with all they lead to.

import type { View } from './document.ts';
import { array, dictOf, isArray, isRef, isStream, type PdfObject, type Ref } from './objects.ts';
import type { RevisionWriter } from './revision.ts';

/** A function that answers what an object is called in the other file, and has written what it leads to. Long chains are followed one by one: no file makes it call itself deeper than its objects nest. */
export function copier(from: View, writer: RevisionWriter): (o: PdfObject) => PdfObject {
	const copies = new Map<number, Ref>();
	const waiting: { readonly source: Ref; readonly target: Ref }[] = [];
	const renamed = (o: PdfObject): PdfObject => {
		if (isRef(o)) {
			let target = copies.get(o.num);
			if (!target) {
				target = writer.allocate();
				copies.set(o.num, target);
				waiting.push({ source: o, target });
			}
			return target;
		}
		if (isArray(o)) return array(...o.items.map(renamed));
		const d = dictOf(o);
		if (!d) return o;
		const map = new Map([...d.map].map(([key, value]) => [key, key === 'Length' ? from.resolve(value) : renamed(value)]));
		return isStream(o) ? { ...o, dict: { kind: 'dict', map } } : { kind: 'dict', map };
	};
	return (o) => {
		const copy = renamed(o);
		for (let next = waiting.pop(); next; next = waiting.pop()) writer.set(next.target, renamed(from.resolve(next.source)));
		return copy;
	};
}
