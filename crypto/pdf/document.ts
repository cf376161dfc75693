// A PDF file as its revisions and the objects each of them shows. Bounded; never repairs; never writes.

import { CryptoError } from '../errors.ts';
import { openStandardHandler, type CipherPrimitives, type Decryption } from './decrypt.ts';
import { decodeStream } from './filters.ts';
import { Lexer } from './lexer.ts';
import { dictOf, isArray, isDict, isName, isNumber, isRef, isStream, isString, type Dict, type PdfObject, type Ref } from './objects.ts';
import { readIndirect, readRevisions, type Entry, type Indirect, type Revision } from './xref.ts';

const maximumPages = 20_000;
const maximumChain = 32;

/** The document as one revision left it. */
export interface View {
	readonly revision: Revision;
	readonly trailer: Dict;
	/** The indirect object of a number; null when there is none. */
	get(num: number): PdfObject;
	/** Follows references to a direct value. */
	resolve(o: PdfObject | undefined): PdfObject;
	/** The resolved entry of a dictionary or stream dictionary. */
	entry(o: PdfObject | undefined, key: string): PdfObject;
	/** Where the object's bytes or its object stream are; undefined: never defined. */
	locate(num: number): Entry | undefined;
	/** The object that the revision's own entry names, as it stands in the file (encrypted, if so), and where; null when it is compressed or not there. */
	placed(num: number): Indirect | null;
	/** Every object number this view defines. */
	numbers(): number[];
	/** Numbers of the objects that an object stream holds, in its order. Throws CryptoError when it is none. */
	members(container: number): number[];
	readonly catalog: Dict;
	/** Page objects in order, with the reference of each. */
	pages(): { readonly ref: Ref; readonly page: Dict }[];
}

export interface PdfDocument extends View {
	readonly bytes: Uint8Array;
	/** Oldest first. */
	readonly revisions: readonly Revision[];
	readonly encrypted: boolean;
	/** Encrypted, and its strings and streams read as they are, encrypted: a password is needed, or another handler. */
	readonly closed: boolean;
	/** Bytes after the last revision: strict readers see nothing there, repairing ones may. */
	readonly trailing: number;
	/** The document as revision `number` (1-based) left it. */
	atRevision(number: number): View;
	/** Of a tolerant reading: objects met so far that are not what the cross-reference says, and why. A reader that repairs may see something there. */
	readonly damaged: ReadonlyMap<number, string>;
}

/**
 * Reads a file. Throws CryptoError: `malformed` (`damaged-xref`, `pdf-syntax` …), `limit`. Encrypted files open, their strings and streams unread.
 * @param tolerant a malformed object reads as null and is told in `damaged`, instead of thrown
 * @param primitives for files that the empty user password opens; without them these stay closed
 */
export function openDocument(bytes: Uint8Array, { tolerant = false, primitives }: { tolerant?: boolean; primitives?: CipherPrimitives } = {}): PdfDocument {
	const header = String.fromCharCode(...bytes.subarray(0, 8));
	if (!/^%PDF-[12]\.\d$/.test(header)) throw new CryptoError('malformed', 'not-a-pdf', 'no %PDF header at the first byte');
	const revisions = readRevisions(bytes);
	const damaged = tolerant ? new Map<number, string>() : null;
	const encrypted = revisions.some((r) => r.trailer.map.has('Encrypt'));
	const decrypt = encrypted && primitives ? decryption(bytes, revisions, primitives) : null;
	const shared: Shared = new Map();
	const views = revisions.map((_, i) => makeView(bytes, revisions.slice(0, i + 1), damaged, decrypt, shared));
	const last = views.at(-1)!;
	return {
		...last,
		get catalog() {
			return last.catalog;
		},
		bytes,
		revisions,
		damaged: damaged ?? new Map<number, string>(),
		encrypted,
		closed: encrypted && !decrypt,
		trailing: bytes.length - revisions.at(-1)!.end,
		atRevision(number) {
			const view = views[number - 1];
			if (!view) throw new CryptoError('misuse', 'no-such-revision', String(number));
			return view;
		}
	};
}

/** How the last trailer says that strings and streams are encrypted (§7.6.2): one way for the whole file. */
function decryption(bytes: Uint8Array, revisions: readonly Revision[], primitives: CipherPrimitives): Decryption | null {
	const plain = makeView(bytes, revisions, new Map(), null, new Map());
	const encrypt = plain.trailer.map.get('Encrypt');
	const d = dictOf(plain.resolve(encrypt));
	const ids = plain.resolve(plain.trailer.map.get('ID'));
	const id = isArray(ids) ? plain.resolve(ids.items[0]) : null;
	const open = d && openStandardHandler(primitives, d, isString(id) ? id.bytes : new Uint8Array(0), plain.resolve);
	if (!open) return null;
	return (num, gen, object) => (isRef(encrypt) && encrypt.num === num ? object : open(num, gen, object));
}

/** Objects by their place in the file: one reads the same in every revision that goes on after its end, unless a stream's length stands elsewhere. */
type Shared = Map<number, Indirect & { readonly num: number; readonly gen: number }>;

function makeView(bytes: Uint8Array, revisions: readonly Revision[], damaged: Map<number, string> | null, decrypt: Decryption | null, shared: Shared): View {
	const revision = revisions.at(-1)!;
	const cache = new Map<number, PdfObject>();
	const reading = new Set<number>();
	const objectStreams = new Map<number, Map<number, PdfObject>>();

	const locate = (num: number): Entry | undefined => {
		for (let i = revisions.length - 1; i >= 0; i--) {
			const entry = revisions[i]!.entries.get(num);
			if (entry) return entry;
		}
		return undefined;
	};

	function get(num: number): PdfObject {
		const known = cache.get(num);
		if (known !== undefined) return known;
		const entry = locate(num);
		if (!entry || entry.type === 'free') return null;
		if (reading.has(num)) throw new CryptoError('malformed', 'pdf-loop', `object ${num} needs itself`);
		reading.add(num);
		try {
			const object = entry.type === 'offset' ? atOffset(num, entry.offset, entry.gen) : compressed(num, entry.stream);
			cache.set(num, object);
			return object;
		} catch (error) {
			if (!damaged || !(error instanceof CryptoError && error.code === 'malformed')) throw error;
			damaged.set(num, error.message);
			cache.set(num, null);
			return null;
		} finally {
			reading.delete(num);
		}
	}

	function readAt(num: number, offset: number, gen: number): Indirect {
		const known = shared.get(offset);
		if (known && known.num === num && known.gen === gen && known.after < revision.end) return known;
		const read = readIndirect(bytes, offset, revision.end, resolve, { num, gen });
		if (!isStream(read.object) || isNumber(read.object.dict.map.get('Length'))) shared.set(offset, { num, gen, ...read });
		return read;
	}

	function atOffset(num: number, offset: number, gen: number): PdfObject {
		const { object } = readAt(num, offset, gen);
		return decrypt ? decrypt(num, gen, object) : object;
	}

	function placed(num: number): Indirect | null {
		const entry = revision.entries.get(num);
		if (entry?.type !== 'offset') return null;
		try {
			return readAt(num, entry.offset, entry.gen);
		} catch (error) {
			if (error instanceof CryptoError) return null;
			throw error;
		}
	}

	function objectsIn(container: number): Map<number, PdfObject> {
		const known = objectStreams.get(container);
		if (known) return known;
		const stream = locate(container)?.type === 'offset' ? get(container) : null;
		if (!isStream(stream) || !isName(stream.dict.map.get('Type'), 'ObjStm')) throw new CryptoError('malformed', 'damaged-xref', `object stream ${container}`);
		const objects = readObjectStream(decodeStream(stream, resolve), resolve(stream.dict.map.get('N')), resolve(stream.dict.map.get('First')));
		objectStreams.set(container, objects);
		return objects;
	}

	function compressed(num: number, container: number): PdfObject {
		const object = objectsIn(container).get(num);
		if (object === undefined) throw new CryptoError('malformed', 'damaged-xref', `object ${num} is not in stream ${container}`);
		return object;
	}

	function resolve(o: PdfObject | undefined): PdfObject {
		let value = o ?? null;
		for (let i = 0; isRef(value); i++) {
			if (i > maximumChain) throw new CryptoError('limit', 'pdf-reference-chain', 'references to references');
			const entry = locate(value.num);
			if (entry?.type === 'offset' && entry.gen !== value.gen) return null;
			value = get(value.num);
		}
		return value;
	}

	const view: View = {
		revision,
		trailer: revision.trailer,
		get,
		resolve,
		entry: (o, key) => resolve(dictOf(resolve(o))?.map.get(key)),
		locate,
		placed,
		numbers: () => [...new Set(revisions.flatMap((r) => [...r.entries.keys()]))].filter((n) => locate(n)!.type !== 'free').sort((a, b) => a - b),
		members: (container) => [...objectsIn(container).keys()],
		get catalog() {
			const root = resolve(revision.trailer.map.get('Root'));
			if (!isDict(root) || !isName(root.map.get('Type'), 'Catalog')) throw new CryptoError('malformed', 'no-catalog', 'the trailer leads to no catalog');
			return root;
		},
		pages: () => readPages(view)
	};
	return view;
}

function readObjectStream(data: Uint8Array, n: PdfObject, first: PdfObject): Map<number, PdfObject> {
	if (!isNumber(n) || !isNumber(first) || n.value > 100_000) throw new CryptoError('malformed', 'pdf-object-stream', '/N or /First');
	const header = new Lexer(data, 0, first.value);
	const places = Array.from({ length: n.value }, () => [header.integer(), header.integer()] as const);
	const objects = new Map<number, PdfObject>();
	for (const [num, offset] of places) {
		if (objects.has(num)) throw new CryptoError('malformed', 'pdf-object-stream', `object ${num} twice`);
		objects.set(num, new Lexer(data, first.value + offset).object());
	}
	return objects;
}

/** §7.7.3: the page tree, each node once, bounded. */
function readPages(view: View): { ref: Ref; page: Dict }[] {
	const pages: { ref: Ref; page: Dict }[] = [];
	const seen = new Set<number>();
	const walk = (node: PdfObject | undefined, depth = 0): void => {
		if (depth > maximumChain) throw new CryptoError('limit', 'pdf-page-limit', 'page tree too deep');
		if (!isRef(node) || seen.has(node.num)) throw new CryptoError('malformed', 'pdf-page-tree', 'a node that is no reference, or met twice');
		seen.add(node.num);
		const value = view.resolve(node);
		if (!isDict(value)) throw new CryptoError('malformed', 'pdf-page-tree', `node ${node.num}`);
		if (pages.length >= maximumPages || seen.size > 2 * maximumPages) throw new CryptoError('limit', 'pdf-page-limit', 'too many pages');
		const kids = view.entry(value, 'Kids');
		if (isName(value.map.get('Type'), 'Page')) pages.push({ ref: node, page: value });
		else if (isArray(kids)) kids.items.forEach((kid) => walk(kid, depth + 1));
		else throw new CryptoError('malformed', 'pdf-page-tree', `node ${node.num} is neither page nor tree`);
	};
	walk(view.catalog.map.get('Pages'));
	return pages;
}
