// Files written by hand, byte by byte: what the cross-reference and the objects must be, and the word for each thing they are not.

import { describe, expect, test } from 'vitest';
import { concat, fromLatin1, latin1 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { openDocument, type PdfDocument } from './document.ts';
import { beginRevision } from './revision.ts';
import { dict, isDict, isStream, number, type PdfObject } from './objects.ts';

const catalog = '<</Type/Catalog/Pages 2 0 R>>';
const pages = '<</Type/Pages/Kids[3 0 R]/Count 1>>';
const page = '<</Type/Page/Parent 2 0 R>>';
const base: Readonly<Record<number, string>> = { 1: catalog, 2: pages, 3: page };
const row = (offset: number, kind = 'n', gen = 0) => `${String(offset).padStart(10, '0')} ${String(gen).padStart(5, '0')} ${kind} \n`;
const end = (xref: number) => `startxref\n${xref}\n%%EOF\n`;

/** Objects after `before`, each where the answer says. */
function body(before: string, objects: Readonly<Record<number, string>>): { text: string; offsets: Readonly<Record<number, number>> } {
	const offsets: Record<number, number> = {};
	let text = before;
	for (const [num, o] of Object.entries(objects)) {
		offsets[Number(num)] = text.length;
		text += `${num} 0 obj\n${o}\nendobj\n`;
	}
	return { text, offsets };
}
/** A file, or an update of one, under a table; `rows` instead of those of its objects, `trailer` beside /Size and /Root. */
function file(objects: Readonly<Record<number, string>> = base, { before = '%PDF-1.7\n', rows, trailer = '' }: { before?: string; rows?: (offsets: Readonly<Record<number, number>>) => string; trailer?: string } = {}): string {
	const { text, offsets } = body(before, objects);
	const table = rows?.(offsets) ?? Object.keys(objects).map((num) => `${num} 1\n${row(offsets[Number(num)]!)}`).join('');
	const previous = before.startsWith('%PDF-1.7\n') && before.length > 9 ? `/Prev ${before.slice(0, -1).split('\n').at(-2)}` : '';
	return `${text}xref\n${table}trailer\n<</Size 99/Root 1 0 R${previous}${trailer}>>\n${end(text.length)}`;
}
const update = (objects: Readonly<Record<number, string>>, more: Omit<Parameters<typeof file>[1] & object, 'before'> = {}, before = file()) => file(objects, { ...more, before });
const open = (text: string) => openDocument(latin1(text));
const refusal = (act: () => unknown): string => {
	try {
		act();
		return 'read';
	} catch (error) {
		if (error instanceof CryptoError) return `${error.reason}: ${error.message}`;
		throw error;
	}
};
const opening = (text: string) => refusal(() => open(text));
const getting = (num: number, text: string) => refusal(() => open(text).get(num));

test('the file that the others change is read', () => {
	const document = open(file());
	expect(document.pages()).toHaveLength(1);
	expect(document.revisions).toMatchObject([{ number: 1, start: 0, end: document.bytes.length, eof: document.bytes.length - 1, hybrid: false }]);
	expect(open(update({ 3: page })).revisions).toHaveLength(2);
	expect(open(file().slice(0, -1)).revisions[0]).toMatchObject({ eof: file().length - 1, end: file().length - 1 });
	expect([document.get(1) === document.get(1), isDict(document.get(1))]).toEqual([true, true]);
	expect(refusal(() => document.atRevision(0))).toBe('no-such-revision: 0');
	expect(open(file({ 3: page, 1: catalog, 2: pages }, { rows: (o) => `3 1\n${row(o[3]!)}1 2\n${row(o[1]!)}${row(o[2]!)}` })).numbers()).toEqual([1, 2, 3]);
});

describe('ISO 32000-1 §7.5.5: where it ends', () => {
	test('the last startxref that an %%EOF follows, among the last hundred', () => {
		expect(open(`${file()}${'startxref '.repeat(99)}`).trailing).toBe(990);
		expect(opening(`${file()}${'startxref '.repeat(100)}`)).toBe('damaged-xref: no startxref with %%EOF');
		expect(open(`${file()}${'s'.repeat(101)}`).trailing).toBe(101);
	});
	test('a cross-reference that is there, is one, and is not met twice', () => {
		const text = file();
		const pointing = (to: number) => text.replace(/startxref\n\d+/, `startxref\n${to}`);
		for (const to of [5000, pointing(100).length]) expect(opening(pointing(to))).toBe(`damaged-xref: startxref ${to}`);
		expect(opening(pointing(text.indexOf('1 0 obj')))).toBe('damaged-xref: neither a table nor a stream');
		const at = text.indexOf('xref\n');
		expect(opening(text.replace('/Root', `/Prev ${at}/Root`))).toBe('damaged-xref: /Prev goes round in a circle');
		for (const wrong of ['/Name', '-1', '1.5']) expect(opening(text.replace('/Root', `/Prev ${wrong}/Root`)), wrong).toBe('damaged-xref: /Prev');
	});
	test('a section before the one it follows is that of a linearized file, and the last', () => {
		const { text, offsets } = body('%PDF-1.7\n', base);
		const rows = [1, 2, 3].map((n) => `${n} 1\n${row(offsets[n]!)}`).join('');
		const forward = (previous: string) => {
			const head = (to: number) => `xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev ${String(to).padStart(6, '0')}>>\n`;
			const later = text.length + head(0).length;
			return `${text}${head(later)}xref\n${rows}trailer\n<</Size 9/Root 1 0 R${previous}>>\n${end(text.length)}`;
		};
		expect(open(forward('')).revisions).toHaveLength(1);
		expect(opening(forward('/Prev 3'))).toMatch(/damaged-xref|pdf-syntax/);
		expect(opening(forward(`/Prev ${forward('').length}`))).toMatch(/damaged-xref/);
		const [first] = [file()];
		const inner = first.lastIndexOf('xref\n', first.lastIndexOf('startxref') - 1);
		const head = (to: number) => `xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev ${String(to).padStart(6, '0')}>>\n`;
		const later = first.length + head(0).length;
		expect(opening(`${first}${head(later)}xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev ${inner}>>\n${end(first.length)}`)).toBe('damaged-xref: /Prev points forward');
	});
	test('a revision does not end before the one it follows does', () => {
		const { text, offsets } = body('%PDF-1.7\n', base);
		const head = (to: number) => `xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev ${String(to).padStart(6, '0')}>>\n`;
		const rows = `xref\n${[1, 2, 3].map((n) => `${n} 1\n${row(offsets[n]!)}`).join('')}trailer\n<</Size 9/Root 1 0 R>>\n`;
		const [first, last] = [text.length, text.length + head(0).length];
		const between = `${head(first)}${end(last)}`;
		expect(opening(`${text}${head(last + between.length)}${between}${rows}${end(last)}`)).toBe('damaged-xref: revisions out of order');
	});
	test('nor where it does: a section in a comment after the one it follows', () => {
		const { text, offsets } = body('%PDF-1.7\n', base);
		const first = `xref\n${[1, 2, 3].map((n) => `${n} 1\n${row(offsets[n]!)}`).join('')}trailer\n<</Size 9/Root 1 0 R>>\n%`;
		const last = text.length + first.length;
		expect(opening(`${text}${first}xref 0 0 trailer <</Size 9/Root 1 0 R/Prev ${text.length}>>\n${end(text.length)}`)).toBe('read');
		expect(opening(`${text}${first}xref 0 0 trailer <</Size 9/Root 1 0 R/Prev ${text.length}>>\n${end(last)}`)).toBe('damaged-xref: revisions out of order');
	});
	test('1000 sections, not more', () => {
		const many = (n: number) => {
			const parts = [file()];
			let [at, previous] = [parts[0]!.length, parts[0]!.lastIndexOf('xref\n', parts[0]!.lastIndexOf('startxref') - 1)];
			for (let i = 1; i < n; i++) {
				const next = `xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev ${previous}>>\n${end(at)}`;
				parts.push(next);
				[previous, at] = [at, at + next.length];
			}
			return parts.join('');
		};
		expect(open(many(1000)).revisions).toHaveLength(1000);
		expect(opening(many(1001))).toBe('pdf-revision-limit: too many revisions');
	});
});

describe('ISO 32000-1 §7.5.4: tables', () => {
	const rowed = (rows: (o: Readonly<Record<number, number>>) => string) => opening(file(base, { rows }));
	test('each entry once, in use or free, and a dictionary after them', () => {
		expect(rowed((o) => `1 1\n${row(o[1]!)}5 1\n${row(9)}4 2\n${row(9)}${row(9)}`)).toBe('damaged-xref: object 5 twice in one section');
		expect(rowed((o) => `1 2\n${row(o[1]!)}${row(o[2]!, 'x')}`)).toBe('damaged-xref: entry of object 2');
		expect(opening(file().replace(/trailer\n<<.*>>/, 'trailer\n[1]'))).toBe('damaged-xref: trailer');
		const freed = open(update({}, { rows: () => `2 2\n${row(0, 'f', 1)}${row(0, 'f', 1)}` }));
		expect([1, 2, 3].map((n) => freed.locate(n)!.type)).toEqual(['offset', 'free', 'free']);
		expect([freed.get(2), freed.get(3), freed.numbers()]).toEqual([null, null, [1]]);
	});
	test('at most 2,000,000 entries in a section', () => {
		expect(rowed(() => '0 2000001\n')).toBe('pdf-xref-limit: too many entries');
		expect(rowed(() => `0 1\n${row(0, 'f', 65535)}1 2000000\n`)).toBe('pdf-xref-limit: too many entries');
		expect(rowed(() => '0 2000000\n')).toMatch(/damaged-xref/);
	});
});

describe('ISO 32000-1 §7.3.8, §7.3.10: objects where the cross-reference says', () => {
	test('within the file, with their number and their end', () => {
		const text = file({ ...base, 4: '5' });
		const at = text.indexOf('4 0 obj');
		for (const offset of [text.length, text.length + 5]) expect(getting(4, text.replace(row(at), row(offset)))).toBe(`damaged-xref: offset ${offset}`);
		expect(getting(4, text.replace(row(at), row(text.indexOf('3 0 obj'))))).toMatch(/damaged-xref: object 4 0 is not at byte/);
		expect(getting(4, text.replace(row(at), row(at, 'n', 1)))).toMatch(/damaged-xref: object 4 1 is not at byte/);
		expect(getting(4, text.replace('5\nendobj', '5\nendxbj'))).toMatch(/pdf-syntax/);
	});
	test('a stream begins after one line end and has the length it says', () => {
		const streamed = (s: string) => file({ ...base, 4: s });
		const raw = (s: string) => {
			const o = open(streamed(s)).get(4);
			return isStream(o) ? fromLatin1(o.raw) : o;
		};
		expect(raw('<</Length 3>>stream\nabc\nendstream')).toBe('abc');
		expect(raw('<</Length 3>>stream\r\nabc\nendstream')).toBe('abc');
		expect(raw('<</Length 3>>stream\n\nab\nendstream')).toBe('\nab');
		expect(getting(4, streamed('<</Length 3>>stream\rabc\nendstream'))).toBe('pdf-stream: line end after stream, object 4');
		expect(getting(4, streamed('<</Length 3>>stream abc\nendstream'))).toBe('pdf-stream: line end after stream, object 4');
		for (const length of ['9999999', '-3', '/Three', '3.5']) expect(getting(4, streamed(`<</Length ${length}>>stream\nabc\nendstream`)), length).toBe('pdf-stream: /Length of object 4');
		expect(getting(4, streamed('<</Length 4 0 R>>stream\nabc\nendstream'))).toBe('pdf-loop: object 4 needs itself');
	});
	test('what stands at a byte is read once, and is for each revision what it would be by itself', () => {
		const views = (text: string) => {
			const document = open(text);
			return document.revisions.map(({ number }) => document.atRevision(number));
		};
		// Untouched by the update: the same to both.
		const [one, two] = views(update({ 3: page }, {}, file({ ...base, 4: '<</A 1>>' })));
		expect([two!.get(4) === one!.get(4), isDict(one!.get(4))]).toEqual([true, true]);
		// A length that stands elsewhere is another in the update.
		const long = views(update({ 5: '5' }, {}, file({ ...base, 4: '<</Length 5 0 R>>stream\nabc\nendstream', 5: '3' })));
		expect(refusal(() => long[0]!.get(4))).toBe('read');
		expect(long[0]!.get(4) === long[0]!.get(4)).toBe(true);
		expect(refusal(() => long[1]!.get(4))).toMatch(/pdf-syntax/);
		// Another number, or generation, for what was read.
		const text = file({ ...base, 4: '5' });
		const renamed = (num: number, gen: number) => update({ 3: page }, { rows: (o) => `3 1\n${row(o[3]!)}${num} 1\n${row(text.indexOf('4 0 obj'), 'n', gen)}` }, text);
		const [first, second] = views(renamed(7, 0));
		expect(first!.get(4)).toEqual(number(5));
		expect(refusal(() => second!.get(7))).toMatch(/object 7 0 is not at byte/);
		const [third, fourth] = views(renamed(4, 1));
		expect(third!.get(4)).toEqual(number(5));
		expect(refusal(() => fourth!.get(4))).toMatch(/object 4 1 is not at byte/);
		// An entry that points past the end of its revision: there once the update is, not before.
		const ahead = file({ ...base, 4: '5' }).replace(row(file({ ...base, 4: '5' }).indexOf('4 0 obj')), row(file({ ...base, 4: '5' }).length));
		const [before, after] = views(update({ 4: '6' }, {}, ahead));
		expect(after!.get(4)).toEqual(number(6));
		expect(refusal(() => before!.get(4))).toMatch(/damaged-xref: offset/);
	});
	test('where the object of an entry of that revision stands; none for one that is not there, compressed, or of another revision', () => {
		const text = update({ 4: '6' }, {}, file({ ...base, 5: '7' }));
		const view = open(text).atRevision(2);
		const at = text.indexOf('4 0 obj');
		expect(view.placed(4)).toMatchObject({ object: number(6), start: at, after: text.indexOf('endobj', at) + 6 });
		expect([view.placed(5), view.placed(9), open(text.replace(row(at), row(at + 1))).placed(4)]).toEqual([null, null, null]);
		expect(open(text.replace(row(at), row(at - 1))).placed(4)?.start).toBe(at);
	});
	test('references are followed to the generation they name, 33 times', () => {
		const chain = (n: number) => open(file({ ...base, ...Object.fromEntries(Array.from({ length: n }, (_, i) => [10 + i, i === n - 1 ? '7' : `${11 + i} 0 R`])) }));
		const first = { kind: 'ref', num: 10, gen: 0 } as const;
		expect(chain(33).resolve(first)).toEqual(number(7));
		expect(refusal(() => chain(34).resolve(first))).toBe('pdf-reference-chain: references to references');
		expect([chain(1).resolve({ ...first, gen: 1 }), chain(1).resolve({ ...first, num: 50 })]).toEqual([null, null]);
	});
	test('tolerantly read, what is malformed is null and told; what passes a limit is refused all the same', () => {
		const text = file({ ...base, 4: '5', 6: '['.repeat(200) });
		const document = openDocument(latin1(text.replace('4 0 obj', '9 0 obj')), { tolerant: true });
		expect([document.get(4), document.get(4), [...document.damaged.keys()]]).toEqual([null, null, [4]]);
		expect(refusal(() => document.get(6))).toMatch(/too deep/);
		const strict = open(text.replace('4 0 obj', '9 0 obj'));
		expect([refusal(() => strict.get(4)), refusal(() => strict.get(4))]).toEqual(Array(2).fill(refusal(() => strict.get(4))));
		expect(refusal(() => strict.get(4))).toMatch(/is not at byte/);
	});
});

describe('ISO 32000-1 §7.5.7, §7.5.8: cross-reference and object streams', () => {
	const bytesOf = (rows: readonly (readonly [number, number, number])[]) => rows.map(([t, a, b]) => String.fromCharCode(t, a >> 8, a & 255, b)).join('');
	const xref = (num: number, data: string, more = '') => `${num} 0 obj\n<</Type/XRef/Size 99/Root 1 0 R/W[1 2 1]${more}/Length ${data.length}>>\nstream\n${data}\nendstream\nendobj\n`;
	/** A file whose cross-reference is a stream; `edit` what it holds, its dictionary, its text. */
	function streamed(objects: Readonly<Record<number, string>>, edit: { rows?: (rows: [number, number, number][]) => [number, number, number][]; index?: (numbers: number[]) => number[]; compressed?: readonly [num: number, stream: number][]; more?: string; text?: (t: string) => string } = {}): string {
		const { text, offsets } = body('%PDF-1.7\n', objects);
		const numbers = [...Object.keys(objects).map(Number), ...(edit.compressed ?? []).map(([num]) => num)];
		const rows = [...Object.keys(objects).map((n): [number, number, number] => [1, offsets[Number(n)]!, 0]), ...(edit.compressed ?? []).map(([, stream], i): [number, number, number] => [2, stream, i])];
		const index = edit.index?.(numbers) ?? numbers.flatMap((n) => [n, 1]);
		const made = xref(90, bytesOf(edit.rows?.(rows) ?? rows), `/Index[${index.join(' ')}]${edit.more ?? ''}`);
		return `${text}${edit.text?.(made) ?? made}${end(text.length)}`;
	}
	const objStm = (content: string, n: string, first: string) => `<</Type/ObjStm/N ${n}/First ${first}/Length ${content.length}>>stream\n${content}\nendstream`;

	test('a stream of the type, with three widths of at most eight, as many rows as it says, each number once', () => {
		expect(open(streamed(base)).pages()).toHaveLength(1);
		expect(open(streamed(base, { more: '' }).replace('/Size 99', '/Size 0')).pages()).toHaveLength(1);
		const edited = (from: string | RegExp, to: string) => opening(streamed(base, { text: (t) => t.replace(from, to) }));
		expect(edited('/Type/XRef', '/Type/ZRef')).toBe('damaged-xref: neither a table nor a stream');
		for (const w of ['[1 2]', '[1 9 1]', '[1 2 1 0]', '[9 9 9]']) expect(edited('[1 2 1]', w), w).toBe('damaged-xref: /W');
		for (const w of ['[1 2 /A]', '[1 2 -1]', '[1 2 0.5]', '/A']) expect(edited('[1 2 1]', w), w).toBe('damaged-xref: array of integers expected');
		expect(opening(streamed(base, { rows: (rows) => rows.slice(0, -1) }))).toBe('damaged-xref: cross-reference stream too short');
		expect(opening(streamed(base, { text: (t) => t.replace(/\/Length (\d+)>>\nstream\n([\s\S]*)[\s\S]\nendstream/, (_, n: string, d: string) => `/Length ${Number(n) - 1}>>\nstream\n${d}\nendstream`) }))).toBe('damaged-xref: cross-reference stream too short');
		expect(opening(streamed(base, { index: (n) => [...n.slice(0, 2).flatMap((x) => [x, 1]), 1, 1] }))).toBe('damaged-xref: object 1 twice in one section');
		expect(opening(streamed(base, { index: () => [0, 2_000_001] }))).toBe('pdf-xref-limit: too many entries');
		expect(opening(streamed(base, { index: () => [1, 1, 10, 2_000_000] }))).toBe('pdf-xref-limit: too many entries');
		expect(opening(streamed(base, { index: () => [0, 2_000_000] }))).toBe('damaged-xref: cross-reference stream too short');
	});

	test('a row may free an object', () => {
		const before = file();
		const at = before.length;
		const text = `${before}${xref(90, bytesOf([[0, 0, 0]]), `/Index[3 1]/Prev ${before.slice(0, -1).split('\n').at(-2)}`)}${end(at)}`;
		expect([open(text).locate(3), open(text).get(3)]).toEqual([{ type: 'free' }, null]);
	});

	test('objects of an object stream: by the number they are listed under, once, as many as it says', () => {
		const holding = (stream: string, num = 7) => getting(num, streamed({ ...base, 5: stream }, { compressed: [[num, 5]] }));
		expect(holding(objStm('7 0 (x)', '1', '4'))).toBe('read');
		expect(holding(objStm('8 0 (x)', '1', '4'))).toBe('damaged-xref: object 7 is not in stream 5');
		expect(holding(objStm('7 0 7 0 (x)', '2', '8'))).toBe('pdf-object-stream: object 7 twice');
		for (const [n, first] of [['/A', '4'], ['1', '/A'], ['100001', '4']] as const) expect(holding(objStm('7 0 (x)', n, first)), n).toBe('pdf-object-stream: /N or /First');
		expect(holding(objStm('7 0 (x)', '100000', '4'))).toMatch(/pdf-syntax/);
		expect(holding(objStm('7 0 (x)', '1', '4').replace('ObjStm', 'ObjXtm'))).toBe('damaged-xref: object stream 5');
	});

	test('§7.5.8.4 hybrid: the stream has what the table calls free or does not name, and nothing else', () => {
		const { text, offsets } = body('%PDF-1.7\n', { ...base, 4: '(table)', 5: '(stream)', 6: '(stream)' });
		const hidden = xref(90, bytesOf([[1, offsets[5]!, 0], [1, offsets[5]!, 0], [1, offsets[6]!, 0], [0, 0, 0]]), '/Index[4 1 5 1 6 1 8 1]');
		const rows = `1 4\n${[1, 2, 3, 4].map((n) => row(offsets[n]!)).join('')}5 1\n${row(0, 'f', 1)}`;
		const at = text.length + hidden.length;
		const hybrid = (where: number) => `${text}${hidden}xref\n${rows}trailer\n<</Size 99/Root 1 0 R/XRefStm ${where}>>\n${end(at)}`;
		const document = open(hybrid(text.length));
		expect([4, 5, 6, 8].map((n) => document.locate(n))).toEqual([{ type: 'offset', offset: offsets[4], gen: 0 }, { type: 'offset', offset: offsets[5], gen: 0 }, { type: 'offset', offset: offsets[6], gen: 0 }, undefined]);
		expect(document.revisions[0]!.hybrid).toBe(true);
		for (const where of [100_000, hybrid(100).length]) expect(opening(hybrid(where))).toBe(`damaged-xref: /XRefStm ${where}`);
		expect(refusal(() => beginRevision(document))).toBe('hybrid-xref: hybrid cross-reference');
	});

	test('§7.5.8.4 a linearized file is hybrid when one of its two sections is', () => {
		const { text, offsets } = body('%PDF-1.7\n', base);
		const hidden = xref(90, bytesOf([[0, 0, 0]]), '/Index[8 1]');
		const section = (rows: string, more: string) => `xref\n${rows}trailer\n<</Size 99/Root 1 0 R${more}>>\n`;
		const rows = `1 3\n${[1, 2, 3].map((n) => row(offsets[n]!)).join('')}`;
		const at = text.length + hidden.length;
		const linearized = (ofFirst: string, ofRest: string) => {
			const head = (to: number) => section('0 0\n', `/Prev ${String(to).padStart(6, '0')}${ofFirst}`);
			return open(`${text}${hidden}${head(at + head(0).length)}${section(rows, ofRest)}${end(at)}`).revisions.map((r) => r.hybrid);
		};
		const stream = `/XRefStm ${text.length}`;
		expect([linearized('', ''), linearized(stream, ''), linearized('', stream)]).toEqual([[false], [true], [true]]);
	});
});

describe('ISO 32000-1 §7.7.3: pages', () => {
	const paging = (objects: Readonly<Record<number, string>>) => refusal(() => open(file({ ...base, ...objects })).pages());
	test('a tree of references, each node once, a page or a tree', () => {
		expect(paging({})).toBe('read');
		for (const kids of ['[3 0 R 3 0 R]', '[<</Type/Page>>]', '[2 0 R]']) expect(paging({ 2: `<</Type/Pages/Kids${kids}>>` }), kids).toBe('pdf-page-tree: a node that is no reference, or met twice');
		expect(paging({ 2: '<</Type/Pages/Kids[3 0 R 4 0 R]>>', 4: '[1]' })).toBe('pdf-page-tree: node 4');
		expect(paging({ 3: '<</Type/Other>>' })).toBe('pdf-page-tree: node 3 is neither page nor tree');
	});
	const wide = (n: number, node = page) => ({ 2: `<</Type/Pages/Kids[${Array.from({ length: n }, (_, i) => `${10 + i} 0 R`).join(' ')}]>>`, ...Object.fromEntries(Array.from({ length: n }, (_, i) => [10 + i, node])) });
	test('33 levels, 20,000 pages', () => {
		const levels = (n: number) => ({ 2: '<</Type/Pages/Kids[10 0 R]>>', ...Object.fromEntries(Array.from({ length: n }, (_, i) => [10 + i, i === n - 1 ? page : `<</Type/Pages/Kids[${11 + i} 0 R]>>`])) });
		expect([paging(levels(32)), paging(levels(33))]).toEqual(['read', 'pdf-page-limit: page tree too deep']);
		expect([paging(wide(20_000)), paging(wide(20_001))]).toEqual(['read', 'pdf-page-limit: too many pages']);
	});
	test('40,000 nodes of the tree, pages or not', () => {
		const empty = '<</Type/Pages/Kids[]>>'; // with the node above them one more
		expect([paging(wide(39_999, empty)), paging(wide(40_000, empty))]).toEqual(['read', 'pdf-page-limit: too many pages']);
	});
});

test('an update does not end encryption', () => {
	const encrypted = file(base, { trailer: '/Encrypt<</Filter/Other>>' });
	expect(open(update({ 3: page }, {}, encrypted))).toMatchObject({ encrypted: true, closed: true });
	expect(open(file())).toMatchObject({ encrypted: false, closed: false });
});

describe('ISO 32000-1 §7.5.6: an update of ours', () => {
	const writing = (text: string, act: (d: PdfDocument, set: (num: number, o: PdfObject, gen?: number) => void) => void) => {
		const writer = beginRevision(open(text));
		act(open(text), (num, o, gen = 0) => writer.set({ kind: 'ref', num, gen }, o));
		return fromLatin1(writer.finish(new Uint8Array(16).fill(0x41)).bytes).slice(text.length);
	};
	test('numbers beyond /Size and beyond every number used; objects in order, after a line end', () => {
		const text = file();
		expect(beginRevision(open(text)).allocate().num).toBe(99);
		expect(beginRevision(open(text.replace('/Size 99', '/Size 2'))).allocate().num).toBe(4);
		expect(beginRevision(open(text.replace('/Size 99', '/Size /A'))).allocate().num).toBe(4);
		const added = writing(text, (_, set) => [7, 5, 6, 9].forEach((n) => set(n, number(n), n === 9 ? 3 : 0)));
		expect(added.startsWith('5 0 obj\n5\nendobj\n6 0 obj')).toBe(true);
		expect(added).toMatch(/xref\n5 3\n(\d{10} 00000 n\r\n){3}9 1\n\d{10} 00003 n\r\ntrailer/);
		expect(writing(text.slice(0, -1), (_, set) => set(5, number(5))).startsWith('\n5 0 obj')).toBe(true);
		expect(writing(`${text.slice(0, -1)}\r`, (_, set) => set(5, number(5))).startsWith('5 0 obj')).toBe(true);
	});
	test('its trailer keeps /Root and /Info, and the first half of /ID', () => {
		const added = writing(file({ ...base, 4: '<</Title(x)>>' }, { trailer: '/Info 4 0 R/ID[<aa><bb>]' }), (_, set) => set(5, dict({})));
		expect(added).toMatch(/\/Root 1 0 R/);
		expect(added).toMatch(/\/Info 4 0 R/);
		expect(added).toMatch(/\/ID ?\[<aa> ?<(41){16}>\]/);
	});
	test('in a cross-reference stream, generations too', async () => {
		const { text, offsets } = body('%PDF-1.7\n', base);
		const data = [1, 2, 3].map((n) => String.fromCharCode(1, offsets[n]! >> 8, offsets[n]! & 255, 0)).join('');
		const streamed = `${text}90 0 obj\n<</Type/XRef/Size 99/Root 1 0 R/W[1 2 1]/Index[1 3]/Length ${data.length}>>\nstream\n${data}\nendstream\nendobj\n${end(text.length)}`;
		const writer = beginRevision(open(streamed));
		writer.set({ kind: 'ref', num: 5, gen: 3 }, number(5));
		const after = openDocument(concat(writer.finish(new Uint8Array(16)).bytes));
		expect([after.locate(5), after.get(5)]).toMatchObject([{ type: 'offset', gen: 3 }, number(5)]);
	});
});
