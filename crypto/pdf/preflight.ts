// What of a PDF speaks against signing it (ARCHITECTURE §4.1): every object that can be reached is looked at, bounded.

import { CryptoError } from '../errors.ts';
import { openDocument, type PdfDocument, type View } from './document.ts';
import { hiddenObjects } from './gaps.ts';
import { dictOf, isArray, isDict, isName, isNumber, isRef, isString, type Dict, type PdfObject } from './objects.ts';
import { pageBodies } from './stray.ts';

export type Refusal =
	| 'not-a-pdf'
	| 'damaged'
	| 'encrypted'
	| 'hybrid-xref'
	| 'trailing-bytes'
	| 'javascript'
	| 'launch'
	| 'submit-form'
	| 'import-data'
	| 'xfa'
	| 'external-reference'
	| 'rich-media'
	| 'dormant-content'
	| 'no-pages'
	| 'too-complex';

/** What does not speak against signing, but could show another document later without a visible change of its pages. */
export type Warning =
	| 'open-field' // a field that can still be filled in: it may lie over what is read
	| 'renamed-font'; // a font under another name than its own: what it shows may not be what it says

export interface Preflight {
	/** Empty: may be signed. */
	readonly refusals: readonly { readonly reason: Refusal; readonly detail: string }[];
	readonly warnings: readonly { readonly reason: Warning; readonly detail: string }[];
	readonly pages: number;
	/** Signature fields that already hold a signature or document time-stamp. */
	readonly signatures: number;
	/** A certification signature's permissions (DocMDP /P), null without one. */
	readonly docMdp: number | null;
	readonly fieldMdp: boolean;
}

const actions: Readonly<Record<string, Refusal>> = {
	JavaScript: 'javascript',
	Launch: 'launch',
	SubmitForm: 'submit-form',
	ImportData: 'import-data',
	GoToR: 'external-reference',
	GoToE: 'external-reference',
	Rendition: 'rich-media',
	Movie: 'rich-media',
	Sound: 'rich-media',
	RichMediaExecute: 'rich-media'
};
const annotations: Readonly<Record<string, Refusal>> = { RichMedia: 'rich-media', Screen: 'rich-media', Movie: 'rich-media', Sound: 'rich-media', '3D': 'rich-media' };

const maximumObjects = 200_000;

/** Looks at a file before it is prepared. Never throws on bad input: what cannot be read is refused. */
export function preflight(bytes: Uint8Array): Preflight {
	const refused = (reason: Refusal, detail: string): Preflight => ({ refusals: [{ reason, detail }], warnings: [], pages: 0, signatures: 0, docMdp: null, fieldMdp: false });
	try {
		return inspect(openDocument(bytes));
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		return refused(error.code === 'limit' ? 'too-complex' : error.reason === 'not-a-pdf' ? 'not-a-pdf' : 'damaged', error.message);
	}
}

function inspect(document: PdfDocument): Preflight {
	const found = new Map<Refusal, string>();
	const add = (reason: Refusal, detail: string) => void (found.has(reason) || found.set(reason, detail));
	if (document.encrypted) return { refusals: [{ reason: 'encrypted', detail: '/Encrypt' }], warnings: [], pages: 0, signatures: 0, docMdp: null, fieldMdp: false };
	if (document.revisions.some((r) => r.hybrid)) add('hybrid-xref', '/XRefStm');
	if (document.trailing) add('trailing-bytes', `${document.trailing} bytes`);
	const doubts = new Map<Warning, string>();
	const warn = (reason: Warning, detail: string) => void (doubts.has(reason) || doubts.set(reason, detail));
	const reached = walk(document, (o, where) => {
		judge(o, where, document, add);
		if (renamed(document, o)) warn('renamed-font', `object ${where}`);
		if (isOpen(document, o)) warn('open-field', `object ${where}`);
	});
	for (const num of reached) if ((document.locate(num)?.type ?? 'free') === 'free') add('dormant-content', `object ${num}: referred to, and not there: a later revision could bring it`);
	const pages = document.pages().length;
	if (!pages) add('no-pages', 'the page tree is empty');
	dormant(document, reached, add);
	for (const { detail } of hiddenObjects(document)) add('dormant-content', detail);
	return { refusals: [...found].map(([reason, detail]) => ({ reason, detail })), warnings: [...doubts].map(([reason, detail]) => ({ reason, detail })), pages, ...permissions(document) };
}

/** A widget of a text, choice or button field that is not read-only (ISO 32000-1 table 221), whether or not the form leads to it. */
function isOpen(view: View, widget: Dict): boolean {
	if (!isName(view.resolve(widget.map.get('Subtype')), 'Widget')) return false;
	const inherited = (key: string): PdfObject => {
		let d: Dict | null = widget;
		for (let i = 0; d && i < 32; i++) {
			const own = view.resolve(d.map.get(key));
			if (own !== null) return own;
			d = dictOf(view.resolve(d.map.get('Parent')));
		}
		return null;
	};
	const [type, flags] = [inherited('FT'), inherited('Ff')];
	return isName(type) && ['Tx', 'Ch', 'Btn'].includes(type.name) && !(isNumber(flags) && flags.value & 1);
}

/** A composite font bears its descendant's name, followed by its CMap's (ISO 32000-1 table 121). */
function renamed(view: View, d: Dict): boolean {
	if (!isName(view.resolve(d.map.get('Subtype')), 'Type0')) return false;
	const own = view.resolve(d.map.get('BaseFont'));
	const descendants = view.resolve(d.map.get('DescendantFonts'));
	const base = isArray(descendants) ? view.entry(descendants.items[0], 'BaseFont') : null;
	return isName(own) && isName(base) && own.name !== base.name && !own.name.startsWith(`${base.name}-`);
}

/** Visits every object reachable from the trailer once; the numbers reached. */
function walk(view: View, visit: (o: Dict, where: number) => void): Set<number> {
	const reached = new Set<number>();
	const queue: { o: PdfObject; where: number }[] = [{ o: { kind: 'dict', map: new Map([...view.trailer.map].filter(([key]) => key !== 'Prev')) }, where: 0 }];
	for (let steps = 0; queue.length; steps++) {
		if (steps > maximumObjects * 20) throw new CryptoError('limit', 'pdf-object-limit', 'too many objects');
		const { o, where } = queue.pop()!;
		if (isRef(o)) {
			if (reached.has(o.num)) continue;
			reached.add(o.num);
			if (reached.size > maximumObjects) throw new CryptoError('limit', 'pdf-object-limit', 'too many objects');
			queue.push({ o: view.resolve(o), where: o.num });
		} else if (isArray(o)) o.items.forEach((item) => queue.push({ o: item, where }));
		else {
			const d = dictOf(o);
			if (!d) continue;
			visit(d, where);
			d.map.forEach((value) => queue.push({ o: value, where }));
		}
	}
	return reached;
}

function judge(d: Dict, where: number, view: View, add: (reason: Refusal, detail: string) => void): void {
	const at = `object ${where}`;
	const action = view.resolve(d.map.get('S'));
	if (isName(action) && actions[action.name]) add(actions[action.name]!, `${at}: /${action.name}`);
	if (d.map.has('JS')) add('javascript', `${at}: /JS`);
	const subtype = view.resolve(d.map.get('Subtype'));
	if (isName(subtype) && annotations[subtype.name]) add(annotations[subtype.name]!, `${at}: /${subtype.name}`);
	if (d.map.has('XFA')) add('xfa', at);
	// §7.11: a stream or file specification whose bytes are elsewhere
	if (d.map.has('FFilter') || (d.map.has('Length') && d.map.has('F'))) add('external-reference', `${at}: a stream outside the file`);
	if (isName(d.map.get('FS'), 'URL')) add('external-reference', `${at}: a file at an address`);
	if (isDict(view.resolve(d.map.get('Ref'))) && isName(subtype, 'Form')) add('external-reference', `${at}: a reference XObject`);
}

/** Objects that nothing leads to, but that a repairing reader, or a later revision, could bring up as content. */
function dormant(document: PdfDocument, reached: ReadonlySet<number>, add: (reason: Refusal, detail: string) => void): void {
	for (const num of document.numbers()) {
		if (reached.has(num)) continue;
		const d = dictOf(document.get(num));
		if (!d) continue;
		const type = document.resolve(d.map.get('Type'));
		if (isName(type) && ['Page', 'Pages', 'Catalog'].includes(type.name)) add('dormant-content', `object ${num}: a /${type.name} nothing leads to`);
	}
	// Bodies no cross-reference entry leads to: more `N G obj` of catalogs and pages than the tables know.
	const known = new Set(document.revisions.flatMap((r) => [...r.entries.values()].flatMap((e) => (e.type === 'offset' ? [e.offset] : []))));
	for (const offset of pageBodies(document.bytes)) if (!known.has(offset)) add('dormant-content', `byte ${offset}: an object no cross-reference leads to`);
}

function permissions(document: PdfDocument): Pick<Preflight, 'signatures' | 'docMdp' | 'fieldMdp'> {
	let signatures = 0;
	let docMdp: number | null = null;
	let fieldMdp = false;
	for (const num of document.numbers()) {
		const d = document.get(num);
		if (!isDict(d)) continue;
		if (isArray(d.map.get('ByteRange')) && isString(d.map.get('Contents'))) signatures++;
		const method = document.resolve(d.map.get('TransformMethod'));
		if (isName(method, 'FieldMDP')) fieldMdp = true;
		if (isName(method, 'DocMDP')) {
			const p = document.entry(d.map.get('TransformParams'), 'P');
			docMdp = isNumber(p) ? p.value : 2;
		}
	}
	return { signatures, docMdp, fieldMdp };
}
