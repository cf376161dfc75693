import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { PDFDocument } from 'pdf-lib';
import { describe, expect, test } from 'vitest';
import { run } from '../../test/support/openssl.ts';
import { concat, fromLatin1, latin1, utf8 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { openDocument } from './document.ts';
import { inflate } from './inflate.ts';
import { Lexer } from './lexer.ts';
import { array, dict, hexString, isDict, name, number, textOf, textString, withEntries, writeObject, type PdfObject } from './objects.ts';
import { beginRevision } from './revision.ts';

async function sample(useObjectStreams: boolean, pages = 2): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	for (let i = 0; i < pages; i++) pdf.addPage([595, 842]).drawText(`Page ${i + 1}`);
	return pdf.save({ useObjectStreams });
}

const reason = (bytes: Uint8Array): string => {
	try {
		const document = openDocument(bytes);
		document.numbers().forEach((n) => document.get(n));
		document.pages();
		return 'read';
	} catch (error) {
		if (error instanceof CryptoError) return error.reason;
		throw error;
	}
};

test('RFC 1951: what zlib deflates, we inflate; bombs and cut streams are refused', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 5000 }), fc.integer({ min: 0, max: 9 }), (data, level) => {
			expect(inflate(new Uint8Array(deflateSync(data, { level })))).toEqual(new Uint8Array(data));
		}),
		{ numRuns: 60 }
	);
	expect(() => inflate(new Uint8Array(deflateSync(new Uint8Array(50_000_000))))).toThrow(/more than/);
	const whole = new Uint8Array(deflateSync(utf8('some text that compresses, some text that compresses')));
	for (let i = 0; i < whole.length - 5; i++) expect(() => inflate(whole.subarray(0, i))).toThrow(CryptoError);
});

test('ISO 32000-1 §7.3: objects are read as written', () => {
	const leaf = fc.oneof(
		fc.constantFrom<PdfObject>(null, true, false),
		fc.string({ unit: 'binary-ascii', maxLength: 8 }).map((s) => name(s.replaceAll('\0', ''))),
		fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((n) => number(Math.round(n * 100) / 100)),
		fc.uint8Array({ maxLength: 20 }).map(hexString)
	);
	const object = fc.letrec<{ o: PdfObject }>((tie) => ({
		o: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('o'), { maxLength: 4 }).map((items) => array(...items)), fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,6}$/), tie('o'), { maxKeys: 4 }).map(dict))
	})).o;
	fc.assert(
		fc.property(object, (o) => {
			const written = writeObject(o);
			expect(writeObject(new Lexer(written).object())).toEqual(written);
		})
	);
	expect(fromLatin1((new Lexer(latin1('(a\\)\\(b\\\n\\101\\r(c))')).object() as { bytes: Uint8Array }).bytes)).toBe('a)(bA\r(c)');
	expect(textOf(textString('Zoë € 𝄞'))).toBe('Zoë € 𝄞');
	for (const bad of ['<< /A 1 /A 2 >>', '<< 1 2 >>', '(', '<4', '[1', '<zz>', '/a#1', 'abc', '']) expect(() => new Lexer(latin1(bad)).object(), bad).toThrow(CryptoError);
	expect(() => new Lexer(latin1('['.repeat(200))).object()).toThrow(/too deep/);
});

describe('documents', () => {
	test('tables and streams are read, pages in order', async () => {
		for (const useObjectStreams of [false, true]) {
			const document = openDocument(await sample(useObjectStreams, 3));
			expect(document.revisions).toHaveLength(1);
			expect(document.revisions[0]!.kind).toBe(useObjectStreams ? 'stream' : 'table');
			expect(document.pages()).toHaveLength(3);
			expect(document.trailing).toBe(0);
			expect(reason(document.bytes)).toBe('read');
		}
	});

	test('files made by other tools are read: linearized, object streams, old tables', async () => {
		const original = await sample(true);
		for (const args of [['--linearize'], ['--object-streams=generate'], ['--object-streams=disable', '--qdf']]) {
			const made = run('sh', ['-c', `qpdf ${args.join(' ')} a.pdf b.pdf && base64 -w0 b.pdf`], { 'a.pdf': original });
			const bytes = new Uint8Array(Buffer.from(/^[A-Za-z0-9+/=]{200,}/m.exec(made.text)![0], 'base64'));
			expect(openDocument(bytes).pages(), args.join(' ')).toHaveLength(2);
			expect(reason(bytes)).toBe('read');
		}
	});

	test('an update keeps the original bytes, the kind of cross-reference, and is clean to qpdf and mutool', async () => {
		for (const useObjectStreams of [false, true]) {
			let bytes: Uint8Array = await sample(useObjectStreams);
			for (let i = 1; i <= 3; i++) {
				const before = openDocument(bytes);
				const writer = beginRevision(before);
				const { ref, page } = before.pages()[0]!;
				const added = writer.allocate();
				writer.set(added, dict({ Note: textString(`revision ${i}`) }));
				writer.set(ref, withEntries(page, { ProbantNote: added }));
				const { bytes: after } = writer.finish(new Uint8Array(16).fill(i));
				expect(after.subarray(0, bytes.length)).toEqual(new Uint8Array(bytes));
				bytes = after;
			}
			const document = openDocument(bytes);
			expect(document.revisions.map((r) => r.kind)).toEqual(Array(4).fill(useObjectStreams ? 'stream' : 'table'));
			const noteAt = (n: number) => {
				const view = document.atRevision(n);
				const note = view.entry(view.pages()[0]!.page, 'ProbantNote');
				return isDict(note) ? textOf(note.map.get('Note') as never) : null;
			};
			expect([1, 2, 3, 4].map(noteAt)).toEqual([null, 'revision 1', 'revision 2', 'revision 3']);
			const checked = run('qpdf', ['--check', 'a.pdf'], { 'a.pdf': bytes });
			expect(checked.text).toContain('No syntax or stream encoding errors found');
			expect(run('mutool', ['info', 'a.pdf'], { 'a.pdf': bytes }).text).not.toMatch(/repair|error|warning/i);
		}
	});

	test('nothing is repaired: damage is named', async () => {
		const table = await sample(false);
		const text = fromLatin1(table);
		const edit = (from: string | RegExp, to: string) => reason(latin1(text.replace(from, to)));
		expect(edit(/startxref\n\d+/, 'startxref\n17')).toBe('damaged-xref');
		expect(edit('%PDF-', '%PDX-')).toBe('not-a-pdf');
		expect(edit('%%EOF', '%%EOE')).toBe('damaged-xref');
		expect(edit(/(\d{10}) 00000 n/, '0000000099 00000 n')).toMatch(/damaged-xref|pdf-syntax/);
		expect(edit('/Root', '/Toor')).toBe('no-catalog');
		expect(reason(concat(latin1('junk'), table))).toBe('not-a-pdf');
		expect(openDocument(concat(table, latin1('\nafter')).slice()).trailing).toBe(5);
	});

	test('ISO 32000-1 §7.5.8 an offset past 4 GiB is whole in a cross-reference stream', async () => {
		const past = 3 * 2 ** 32 + 7;
		const writer = beginRevision({ ...openDocument(await sample(true)), bytes: { length: past, at: () => 10 } as unknown as Uint8Array });
		const added = writer.allocate();
		writer.set(added, dict({}));
		const { update, offsets } = writer.finish(new Uint8Array(16));
		expect(offsets.get(added.num)).toBe(past);
		expect(fromLatin1(update)).toContain('stream\n\x01\x03\0\0\0\x07\0\0');
	});

	test('updates do not sit on what is encrypted or has bytes after its end', async () => {
		const original = await sample(false);
		expect(() => beginRevision(openDocument(concat(original, latin1('\nafter'))))).toThrow(/after the end/);
		const made = run('sh', ['-c', 'qpdf --encrypt "" owner 256 -- a.pdf b.pdf && base64 -w0 b.pdf'], { 'a.pdf': original });
		const encrypted = openDocument(new Uint8Array(Buffer.from(/^[A-Za-z0-9+/=]{200,}/m.exec(made.text)![0], 'base64')));
		expect(encrypted.encrypted).toBe(true);
		expect(() => beginRevision(encrypted)).toThrow(/encrypted/);
	});

	test('altered bytes make nothing but a document or a CryptoError', async () => {
		const originals = [await sample(false), await sample(true)];
		fc.assert(
			fc.property(fc.constantFrom(...originals), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }), (original, changes) => {
				const bytes = original.slice();
				for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
				reason(bytes);
			}),
			{ numRuns: 400 }
		);
	});
});
