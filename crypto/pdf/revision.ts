// Writing an incremental update (ISO 32000-1 §7.5.6): the original bytes stay, the update follows, with the same kind of cross-reference.

import { concat, concatAll, latin1, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { PdfDocument } from './document.ts';
import { array, dict, isArray, isNumber, number, hexString, isString, ref, stream, writeObject, type PdfObject, type Ref } from './objects.ts';

export interface RevisionWriter {
	/** A number no object has yet. */
	allocate(): Ref;
	/** The object's new value. */
	set(target: Ref, object: PdfObject): void;
	/** Original ‖ update. `id`: the new second half of /ID, 16 bytes, when the file has one. */
	finish(id: Uint8Array): Written;
}

export interface Written {
	readonly original: Uint8Array;
	/** What follows it. */
	readonly update: Bytes;
	/** Original ‖ update: a copy, made when asked for. */
	readonly bytes: Bytes;
	/** Where `N G obj` of each written object begins in the file. */
	readonly offsets: ReadonlyMap<number, number>;
}

/** Starts an update. Throws CryptoError `refused` on a file an update would not sit on cleanly: encrypted, hybrid, or with bytes after its end. */
export function beginRevision(document: PdfDocument): RevisionWriter {
	if (document.encrypted) throw new CryptoError('refused', 'encrypted', 'the file is encrypted');
	if (document.trailing) throw new CryptoError('refused', 'trailing-bytes', `${document.trailing} bytes after the end of the file`);
	const last = document.revisions.at(-1)!;
	if (last.hybrid) throw new CryptoError('refused', 'hybrid-xref', 'hybrid cross-reference');
	const size = last.trailer.map.get('Size');
	let next = isNumber(size) ? size.value : 0;
	for (const { entries } of document.revisions) for (const num of entries.keys()) next = Math.max(next, num + 1);
	const objects = new Map<number, { gen: number; object: PdfObject }>();
	return {
		allocate: () => ref(next++),
		set(target, object) {
			objects.set(target.num, { gen: target.gen, object });
		},
		finish(id) {
			const prefix = document.bytes.at(-1) === 10 || document.bytes.at(-1) === 13 ? '' : '\n';
			const parts: Uint8Array[] = [latin1(prefix)];
			let at = document.bytes.length + prefix.length;
			const push = (bytes: Uint8Array) => {
				parts.push(bytes);
				at += bytes.length;
			};
			const offsets = new Map<number, number>();
			for (const [num, { gen, object }] of [...objects].sort(([a], [b]) => a - b)) {
				offsets.set(num, at);
				push(concat(latin1(`${num} ${gen} obj\n`), writeObject(object), latin1('\nendobj\n')));
			}
			const xref = at;
			const gens = new Map([...objects].map(([num, { gen }]) => [num, gen]));
			const trailer = trailerEntries(document, id);
			push(last.kind === 'table' ? table(offsets, gens, { ...trailer, Size: number(next) }) : xrefStream(offsets, gens, trailer, next, xref));
			push(latin1(`startxref\n${xref}\n%%EOF\n`));
			const [original, update] = [document.bytes, concatAll(parts)];
			return {
				original,
				update,
				offsets,
				get bytes() {
					return concat(original, update);
				}
			};
		}
	};
}

/** /Root, /Info and /ID as they were, the second half of /ID new; /Prev. */
function trailerEntries(document: PdfDocument, id: Uint8Array): Record<string, PdfObject> {
	const last = document.revisions.at(-1)!;
	const out: Record<string, PdfObject> = { Prev: number(last.xref) };
	for (const key of ['Root', 'Info']) {
		const value = last.trailer.map.get(key);
		if (value !== undefined) out[key] = value;
	}
	const old = document.resolve(last.trailer.map.get('ID'));
	const first = isArray(old) ? old.items[0] : null;
	if (isString(first)) out.ID = array(hexString(first.bytes), hexString(id));
	return out;
}

/** Runs of consecutive numbers: [first, length]. */
function runs(numbers: readonly number[]): [number, number][] {
	const out: [number, number][] = [];
	for (const n of numbers) {
		const last = out.at(-1);
		if (last && last[0] + last[1] === n) last[1]++;
		else out.push([n, 1]);
	}
	return out;
}

function table(offsets: ReadonlyMap<number, number>, gens: ReadonlyMap<number, number>, trailer: Record<string, PdfObject>): Bytes {
	const line = (num: number) => `${String(offsets.get(num)).padStart(10, '0')} ${String(gens.get(num)).padStart(5, '0')} n\r\n`;
	const sections = runs([...offsets.keys()]).map(([first, count]) => `${first} ${count}\n${Array.from({ length: count }, (_, i) => line(first + i)).join('')}`);
	return concat(latin1(`xref\n${sections.join('')}trailer\n`), writeObject(dict(trailer)), latin1('\n'));
}

function xrefStream(offsets: ReadonlyMap<number, number>, gens: ReadonlyMap<number, number>, trailer: Record<string, PdfObject>, own: number, at: number): Bytes {
	const all = new Map([...offsets, [own, at]]);
	const rows = new Uint8Array(all.size * 8);
	const view = new DataView(rows.buffer);
	[...all.keys()].forEach((num, i) => {
		view.setUint8(i * 8, 1);
		view.setUint8(i * 8 + 1, Math.floor(all.get(num)! / 2 ** 32));
		view.setUint32(i * 8 + 2, all.get(num)! % 2 ** 32);
		view.setUint16(i * 8 + 6, gens.get(num) ?? 0);
	});
	const index = array(...runs([...all.keys()]).flat().map(number));
	const object = stream({ Type: { kind: 'name', name: 'XRef' }, W: array(number(1), number(5), number(2)), Index: index, ...trailer, Size: number(own + 1) }, rows);
	return concat(latin1(`${own} 0 obj\n`), writeObject(object), latin1('\nendobj\n'));
}
