// Mutations of a PDF's own words: numbers, names, keywords, whole objects, revisions, offsets made right again.

import { concat, fromHex, hex, latin1 } from '#crypto/bytes.ts';
import { replaced, type Mutator } from './mutate-bytes.ts';
import { mutateDer } from './mutate-der.ts';
import type { Random } from './random.ts';

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** One match of a pattern replaced; the same bytes when there is none. */
function atMatch(pattern: RegExp, by: (r: Random, word: string, all: readonly string[]) => string): Mutator {
	return (r, bytes) => {
		const all = [...textOf(bytes).matchAll(pattern)];
		if (!all.length) return bytes;
		const one = r.pick(all);
		return replaced(bytes, one.index, one.index + one[0].length, latin1(by(r, one[0], all.map((m) => m[0]))));
	};
}

const numbers = ['0', '1', '-1', '2147483648', '9007199254740993', '99999999999999999999', '0.5', '00', '+1', '1e9', ''];
const keywords = ['obj', 'endobj', 'stream', 'endstream', 'xref', 'trailer', 'startxref', '%%EOF', 'R', 'true', 'null', '<<', '>>', '[', ']', 'f', 'n', '<', '>', '(', ')', '%'];
const pieces = ['/Type /ObjStm ', '/Type /XRef ', '/Prev 0 ', '/XRefStm 9 ', '/Encrypt 1 0 R ', '/Filter /FlateDecode ', '/Length 99999999 ', '/Kids [3 0 R] ', '/V 6 0 R ', '/ByteRange [0 1 2 3] ', '/AA << /O 3 0 R >> ', '/Parent 3 0 R ', '/W [1 2 1] '];

/** The last startxref points at the last cross reference again, which the mutations before may have moved. */
const aimed: Mutator = (_, bytes) => {
	const text = textOf(bytes);
	const table = text.lastIndexOf('\nxref\n') + 1;
	const at = text.lastIndexOf('startxref\n');
	const end = at < 0 ? -1 : text.indexOf('\n', at + 10);
	return table && end > 0 ? replaced(bytes, at + 10, end, latin1(String(table))) : bytes;
};

const object = /(?<!\d)\d{1,7} \d{1,5} obj\b[^]{0,2000}?endobj\s/g;

/** A revision of the attacker's own: an object said again, a table for it, and the way back by /Prev. */
const appended: Mutator = (r, bytes) => {
	const text = textOf(bytes);
	const all = [...text.matchAll(object)].filter((m) => !m[0].includes('/ByteRange'));
	const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1];
	const size = /\/Size (\d+)/g;
	const last = [...text.matchAll(size)].at(-1)?.[1];
	if (!all.length || !previous || !last) return bytes;
	const number = r.pick([/^\d+/.exec(r.pick(all)[0])![0], last]);
	const body = r.pick(all)[0].replace(/^\d+ \d+/, `${number} 0`).replace(/\/\w+/, (name) => r.pick([name, '/Contents', '/V', '/AP']));
	const table = bytes.length + body.length;
	return concat(bytes, latin1(`${body}xref\n${number} 1\n${String(bytes.length).padStart(10, '0')} 00000 n \ntrailer\n<< /Size ${Number(last) + 1} /Root 1 0 R /Prev ${previous} >>\nstartxref\n${table}\n%%EOF\n`));
};

/** A change of the CMS inside /Contents, in the room it has: no offset moves. */
const inContents: Mutator = (r, bytes, other) => {
	const all = [...textOf(bytes).matchAll(/<((?:[0-9a-f]{2}){50,})>/g)];
	if (!all.length) return bytes;
	const { index, 1: digits = '' } = r.pick(all);
	return replaced(bytes, index + 1, index + 1 + digits.length, latin1(hex(mutateDer(r, fromHex(digits), other)).padEnd(digits.length, '0').slice(0, digits.length)));
};

/** The same width: no offset moves. */
const fitted = (word: string, other: string) => other.slice(0, word.length).padEnd(word.length);

export const pdfMutators: readonly Mutator[] = [
	atMatch(/(?<![\w.])-?\d+/g, (r, word) => r.pick([...numbers, String(Number(word) + r.pick([-1, 1, 10])), word.padStart(10, '0')])),
	atMatch(/\/[A-Za-z]\w*/g, (r, _, all) => r.pick(all)),
	atMatch(/\/[A-Za-z]\w*/g, (r, word) => r.pick([`/#${word.charCodeAt(1).toString(16)}${word.slice(2)}`, `${word} ${word}`, '/', word.toUpperCase()])),
	atMatch(/\b(?:obj|endobj|stream|endstream|xref|trailer|startxref|R|f|n)\b|%%EOF|<<|>>|[[\]()]/g, (r) => r.pick(keywords)),
	atMatch(/<</g, (r) => `<< ${r.pick(pieces)}`),
	atMatch(/(?<!\d)\d{1,7} \d{1,5} R\b/g, (r, _, all) => r.pick(all)),
	atMatch(/\d{10} \d{5} [nf]/g, (r, word, all) => r.pick([r.pick(all), word.replace('n', 'f'), word.replace(/^\d{10}/, (n) => String(Number(n) + r.pick([-1, 1, 100])).padStart(10, '0'))])),
	atMatch(object, (r, word, all) => r.pick(['', word + word, r.pick(all), `${word}${r.pick(all)}`])),
	atMatch(/<[0-9a-f]{100,}>/g, (r, word) => {
		const at = 1 + r.below(word.length - 2);
		return r.pick([`${word.slice(0, at)}${r.pick(['0', 'f', ' ', '(', '>', 'g'])}${word.slice(at + 1)}`, word.toUpperCase(), `${word.slice(0, -1)}00>`, `<${word.slice(1, at)}>`]);
	}),
	atMatch(/[ \n]/g, (r) => r.pick(['', '  ', '\r\n', '\r', '\t', '\0', '%x\n'])),
	(r, bytes) => {
		const ends = [...textOf(bytes).matchAll(/%%EOF\r?\n?/g)].map((m) => m.index + m[0].length);
		return ends.length ? bytes.slice(0, r.pick(ends)) : bytes;
	},
	atMatch(/(?<![\w.])\d+/g, (r, word) => String(r.pick([0, 1, 5, Number(word) + 1, Number(word) - 1, r.below(10_000)])).padStart(word.length, '0').slice(-word.length)),
	atMatch(/\/[A-Za-z]\w*/g, (r, word, all) => fitted(word, r.pick(all))),
	atMatch(/\([^()]*\)/g, (r, word) => `(${fitted(word.slice(2), r.pick(['a', 'b', 'stamp', '\\051', '\\', '\xfe\xff']))})`),
	aimed,
	appended,
	appended,
	appended,
	inContents,
	inContents,
	inContents
];
