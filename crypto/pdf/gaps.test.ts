// What only a reader that repairs would see: bodies, words in comments and members of object streams that no cross-reference names.

import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { made } from '../../test/support/openssl.ts';
import { contract } from '../../test/support/signing.ts';
import { concat, fromLatin1, latin1 } from '../bytes.ts';
import { openDocument } from './document.ts';
import { hiddenObjects } from './gaps.ts';
import { array, dict, name, number, stream, writeObject, type PdfObject } from './objects.ts';
import { beginRevision } from './revision.ts';

const plain = await contract();
const base = openDocument(plain);
const size = (base.trailer.map.get('Size') as { value: number }).value;
const told = (pdf: Uint8Array) => hiddenObjects(openDocument(pdf, { tolerant: true })).map((h) => `${h.revision} ${h.detail.replace(/(byte|stream) \d+/, '$1 n')}`);

/** A revision on top of the contract: the text before its objects, those, and a table that names them. */
function later(objects: Readonly<Record<number, string>>, { before = '', after = '' } = {}): Uint8Array {
	let text = `${fromLatin1(plain)}${before}`;
	let table = 'xref\n';
	for (const [num, body] of Object.entries(objects)) {
		table += `${num} 1\n${String(text.length).padStart(10, '0')} 00000 n\r\n`;
		text += `${num} 0 obj\n${body}\nendobj\n`;
	}
	text += after;
	const trailer = fromLatin1(writeObject(dict({ Size: number(size + 20), Root: base.trailer.map.get('Root')!, Prev: number(base.revisions[0]!.xref) })));
	return latin1(`${text}${table === 'xref\n' ? 'xref\n0 0\n' : table}trailer\n${trailer}\nstartxref\n${text.length}\n%%EOF\n`);
}

const nothingNames = '2 byte n: nothing names this';
const header = '2 byte n: nothing names this object';
const comment = '2 byte n: a misleading comment';
const body = `${size} 0 obj\n<</Type/Catalog>>\nendobj\n`;

describe('ISO 32000-1 §7.5.4: every byte of a revision is accounted for', () => {
	test.each<[string, readonly string[], Parameters<typeof later>]>([
		['an object, white space and comments', [], [{ [size]: '<<>>' }, { before: '\0\t\f\r\n% a note of 3 lines\r%%EOF\n', after: ' % and\n%\n' }]],
		['no object at all', [], [{}]],
		['a body that nothing names, and it alone', [nothingNames, header], [{}, { before: body }]],
		['a body before an object', [nothingNames, header], [{ [size + 1]: '<<>>' }, { before: body }]],
		['a body after an object', [nothingNames, header], [{ [size + 1]: '<<>>' }, { after: body }]],
		['a body without its end', [nothingNames, header], [{}, { before: `${size} 0 obj` }]],
		['bytes that are nothing', [nothingNames], [{}, { before: 'x\n' }]],
		['a trailer that no section has', [nothingNames], [{}, { before: 'trailer <</Root 1 0 R>>\n' }]],
		['a body in a comment', [comment, header], [{}, { before: `% ${size} 0 obj <<>> endobj\n` }]],
		['the word obj in a comment', [comment], [{}, { before: '% obj\n' }]],
		['a trailer in a comment', [comment], [{}, { before: '% trailer <</Root 1 0 R>>\n' }]],
		['a section in a comment', [comment], [{}, { before: '%\n%startxref\n' }]],
		['a body in a comment inside an object', [header], [{ [size]: `<<%\n${body}%\n>>`.replace(/\n(?=\d|<|e)/g, '\n%') }]],
		['a body in a string', [header], [{ [size]: `<</A(\n${body})>>` }]],
		['a body in a stream', [header], [{ [size]: `<</Length ${body.length}>>stream\n${body}\nendstream` }]],
		['two bodies, each told', [nothingNames, header, header], [{}, { before: body + body }]],
		['what looks like a header, and is none', [], [{ [size]: '<</A(0 obj)/B(1 obj)/C( 0 obj)/D(1 0obj)/E(x 0 obj)/F(1 x obj)/G(1 0 oxj)/H(1 0 obx)>>' }]]
	])('%s', (_, expected, [objects, around]) => {
		expect(told(later(objects, around)).sort()).toEqual([...expected].sort());
	});

	test('an object that is not where its entry says is none; the other that stands there may be named', () => {
		const pdf = fromLatin1(later({ [size]: '<<>>' }));
		expect(told(latin1(pdf.replace(`${size} 0 obj`, `${size} 1 obj`)))).toEqual([nothingNames, header]);
		expect(told(latin1(pdf.replace(`${size} 0 obj`, `${size + 1} 0 obj`)))).toEqual([nothingNames, header]);
	});

	test('an object named by the white space before it is named', () => {
		const pdf = fromLatin1(later({ [size]: '<<>>' }, { before: '\n \n' }));
		const at = pdf.indexOf(`${size} 0 obj`, plain.length);
		const before = pdf.replace(`${String(at).padStart(10, '0')} 00000 n`, `${String(at - 2).padStart(10, '0')} 00000 n`);
		expect(before).not.toBe(pdf);
		expect(told(latin1(before))).toEqual([]);
	});

	test('a long comment is looked at to its end', () => {
		for (const length of [0, 65_535, 65_536, 65_537, 131_070]) expect(told(later({}, { before: `%${'-'.repeat(length)}obj\n` }))).toEqual([comment]);
		expect(told(later({}, { before: `%${'-'.repeat(200_000)}\n` }))).toEqual([]);
	});

	test('the revision that brought it is told, at its first and its last byte', () => {
		const writer = beginRevision(openDocument(later({}, { before: body })));
		expect(told(writer.finish(new Uint8Array(16)).bytes)).toEqual([nothingNames, header]);
		expect(hiddenObjects(openDocument(later({}, { before: body })))).toEqual([
			{ revision: 2, detail: `byte ${plain.length}: nothing names this` },
			{ revision: 2, detail: `byte ${plain.length}: nothing names this object` }
		]);
	});

	test.each([['disable', []], ['generate', []], ['disable', ['--linearize']], ['generate', ['--linearize']]])('qpdf writes nothing hidden: object streams %s %s', (streams, more) => {
		expect(told(made('b.pdf', 'qpdf', [`--object-streams=${streams}`, ...more, 'a.pdf', 'b.pdf'], { 'a.pdf': plain }))).toEqual([]);
	});

	test('a section of a hybrid file is accounted for wherever it stands, and so is what it alone names', () => {
		const hidden = later({}, { before: `${size} 0 obj\n<<>>\nendobj\n` });
		expect(told(hidden)).toEqual([nothingNames, header]);
		const at = String(plain.length).padStart(8, '0');
		const rows = latin1(`\x01\0\0${String.fromCharCode(plain.length >> 8, plain.length & 255)}\0`);
		const own = hidden.length;
		const xref = concat(latin1(`${size + 1} 0 obj\n`), writeObject(stream({ Type: name('XRef'), Size: number(size + 2), W: array(...[1, 4, 1].map(number)), Index: array(number(size), number(1)) }, rows)), latin1('\nendobj\n'));
		const prev = openDocument(hidden).revisions[1]!.xref;
		const root = (base.trailer.map.get('Root') as { num: number }).num;
		const tail = (at: number) => `xref\n0 0\ntrailer\n<</Size ${size + 2}/Root ${root} 0 R/Prev ${prev}/XRefStm ${own}>>\nstartxref\n${at}\n%%EOF\n`;
		const hybrid = (after: string) => concat(hidden, xref, latin1(`${after}${tail(own + xref.length + after.length)}`));
		expect(at.length).toBe(8);
		expect(told(hybrid(''))).toEqual([]);
		expect(told(hybrid('x\n'))).toEqual(['3 byte n: nothing names this']);
	});
});

/** A revision with an object stream under a cross-reference stream whose rows for its members are given: [number, stream, index]. */
function compressed(members: readonly (readonly [number, PdfObject])[], rows: readonly (readonly [number, number, number])[], type = 'ObjStm'): Uint8Array {
	const [container, own] = [size + 10, size + 11];
	const texts = members.map(([, o]) => fromLatin1(writeObject(o)));
	const places = members.map(([num], i) => `${num} ${texts.slice(0, i).join(' ').length + (i ? 1 : 0)}`).join(' ');
	const data = latin1(`${places} ${texts.join(' ')}`);
	const object = stream({ Type: name(type), N: number(members.length), First: number(places.length + 1), Filter: name('FlateDecode') }, new Uint8Array(deflateSync(data)));
	const first = concat(plain, latin1(`${container} 0 obj\n`), writeObject(object), latin1('\nendobj\n'));
	const all = [...rows.map(([num, place, index]) => [num, 2, place, index] as const), [container, 1, plain.length, 0] as const, [own, 1, first.length, 0] as const];
	const bytes = Uint8Array.from(all.flatMap(([, kind, a, b]) => [kind, a >> 16, (a >> 8) & 255, a & 255, b]));
	const entries = { Type: name('XRef'), Size: number(size + 20), W: array(...[1, 3, 1].map(number)), Index: array(...all.flatMap(([num]) => [number(num), number(1)])), Root: base.trailer.map.get('Root')!, Prev: number(base.revisions[0]!.xref) };
	return concat(first, latin1(`${own} 0 obj\n`), writeObject(stream(entries, bytes)), latin1(`\nendobj\nstartxref\n${first.length}\n%%EOF\n`));
}

describe('ISO 32000-1 §7.5.7: every member of an object stream is what the cross-reference says', () => {
	const container = size + 10;
	const [a, b] = [[size, dict({ A: name('a') })], [size + 1, dict({ B: name('b') })]] as const;
	const stray = (num: number) => `2 nothing names object ${num} in stream n`;
	test.each<[string, readonly string[], Uint8Array]>([
		['each at its index', [], compressed([a, b], [[size, container, 0], [size + 1, container, 1]])],
		['one that nothing points to', [stray(size + 1)], compressed([a, b], [[size, container, 0]])],
		['none that anything points to', [stray(size), stray(size + 1)], compressed([a, b], [])],
		['one under another index', [stray(size + 1)], compressed([a, b], [[size, container, 0], [size + 1, container, 0]])],
		['one that is in another stream', [stray(size + 1)], compressed([a, b], [[size, container, 0], [size + 1, container + 5, 1]])],
		['one that an earlier revision has in the file', [stray(1)], compressed([[1, dict({})]], [])],
		['another kind of stream', [], compressed([a, b], [], 'Else')]
	])('%s', (_, expected, pdf) => expect(told(pdf)).toEqual(expected));

	test('a stream that cannot be read as what it says hides what is in it', () => {
		const pdf = later({ [size]: '<</Type/ObjStm/N 1/First 4/Length 3>>stream\nx y\nendstream' });
		expect(told(pdf)).toEqual(['2 stream n: integer expected at byte 1']);
	});
});
