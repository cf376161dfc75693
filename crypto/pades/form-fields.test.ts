import { describe, expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { answers, contract, mark, signField, stamped, withDss } from '../../test/support/signing.ts';
import { fromLatin1 } from '../bytes.ts';
import { openDocument } from '../pdf/document.ts';
import { formFields } from '../pdf/form.ts';
import { isName, isString, name, number, ref, textOf, textString, withEntries, writeObject } from '../pdf/objects.ts';
import { beginRevision } from '../pdf/revision.ts';
import { addFields, fillFields, formFieldSize, type Fill, type Signatory } from './form-fields.ts';
import { validate } from './validate.ts';

const pki = await createPki();
const seal = await pki.issue('Sceau du service');
const authority = await pki.authority();
const at = epoch + year / 2;
const ocsp = await answers(pki, [seal, authority], at + 1000);
const judge = (pdf: Uint8Array) => validate(p, pdf, { trust: { anchors: [pki.root.certificate.der] }, at: at + 86_400_000, revocation: ocsp });
const names = ['ada', 'bob', 'zoe'] as const;
const signatories: Signatory[] = names.map((who, i) => ({
	field: who,
	page: 1,
	place: { x: 30, y: 100 + i * 90, width: 200, height: 60 },
	fields: [
		{ name: `${who}-mention`, kind: 'text', page: 1, place: { x: 250, y: 100 + i * 90, width: 200, height: 40 }, label: 'Mention', required: true, multiline: true },
		{ name: `${who}-box`, kind: 'checkbox', page: 0, place: { x: 40, y: 300 + i * 30, width: 14, height: 14 }, label: 'Accepté', required: false, multiline: false }
	]
}));
const base = addFields(await contract({ pages: 2 }), signatories, p.random(16));
const fills = async (who: string, text = 'Bon pour accord – Łódź'): Promise<Fill[]> => [
	{ field: `${who}-mention`, text, appearance: await mark('Bon pour accord') },
	{ field: `${who}-box`, checked: who !== 'bob' }
];
const sign = async (pdf: Uint8Array, who: string, wishes = {}) => signField(pdf, who, seal, { at, authority, wishes: { appearance: await mark(who), fills: await fills(who), ...wishes } });
async function all(): Promise<Uint8Array> {
	let pdf: Uint8Array = base;
	for (const who of names) pdf = await sign(pdf, who);
	return pdf;
}
const three = await all();
const fieldOf = (pdf: Uint8Array, field: string) => {
	const document = openDocument(pdf);
	return { document, ...formFields(document).find((f) => f.name === field)! };
};
/** The file with one field changed, in a revision that nobody signed. */
function tampered(pdf: Uint8Array, field: string, entries: Parameters<typeof withEntries>[1]): Uint8Array {
	const { document, num, dict } = fieldOf(pdf, field);
	const writer = beginRevision(document);
	writer.set(ref(num), withEntries(dict, entries));
	return writer.finish(p.random(16)).bytes;
}

describe('SIGN-5 SIGN-7 fields are filled in by each signer in turn', () => {
	test('three signers: every signature stays valid, every value is what was typed and read-only, under timestamps and validation data too', async () => {
		const report = await judge(three);
		expect(report.signatures.flatMap((s) => s.changes.filter((c) => !c.allowed))).toEqual([]);
		expect(report.indication).toBe('TOTAL-PASSED');
		expect(report.signatures.map((s) => [s.field, s.indication, s.level])).toEqual(names.map((who) => [who, 'TOTAL-PASSED', 'B-T']));
		for (const who of names) {
			const { document, dict } = fieldOf(three, `${who}-mention`);
			const value = dict.map.get('V');
			expect(isString(value) && textOf(value)).toBe('Bon pour accord – Łódź');
			expect(document.resolve(dict.map.get('Ff'))).toMatchObject({ value: 1 + 2 + 4096 });
			expect(isName(fieldOf(three, `${who}-box`).dict.map.get('AS'), who === 'bob' ? 'Off' : 'Yes')).toBe(true);
		}
		const complete = await stamped(withDss(three, ocsp), authority, at + 5000);
		expect(await judge(complete)).toMatchObject({ indication: 'TOTAL-PASSED' });
	});

	test('qpdf, pdfsig and mutool accept the result', () => {
		expect(run('qpdf', ['--check', 'a.pdf'], { 'a.pdf': three }).text).toContain('No syntax or stream encoding errors found');
		expect(run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': three }).text.match(/Signature is Valid/g)).toHaveLength(3);
		expect(run('mutool', ['sign', '-v', 'a.pdf'], { 'a.pdf': three }).text).not.toMatch(/digest failure|repair|invalid/i);
	});

	test('a signer’s own value cannot change after they signed, nor be filled in twice', async () => {
		const one = await sign(base, 'ada');
		const forged = await judge(tampered(one, 'ada-mention', { V: textString('Refusé') }));
		expect(forged.indication).not.toBe('TOTAL-PASSED');
		expect(forged.signatures[0]!.changes.filter((c) => !c.allowed).map((c) => c.kind)).toContain('changed-field');
		const document = openDocument(one);
		expect(() => fillFields(document, beginRevision(document), [{ field: 'ada-box', checked: true }])).toThrow(expect.objectContaining({ reason: 'field-filled' }));
		expect(() => fillFields(document, beginRevision(document), [{ field: 'nobody', checked: true }])).toThrow(expect.objectContaining({ reason: 'no-such-field' }));
	});

	test('what the lock is for: without it the second signer’s filling is a change nobody permitted', async () => {
		const bare = names.reduce((pdf, who) => {
			const { document, num, dict } = fieldOf(pdf, who);
			const writer = beginRevision(document);
			writer.set(ref(num), { kind: 'dict', map: new Map([...dict.map].filter(([key]) => key !== 'Lock')) });
			return writer.finish(p.random(16)).bytes as Uint8Array;
		}, base as Uint8Array);
		const two = await sign(await sign(bare, 'ada'), 'bob');
		const report = await judge(two);
		expect(report.signatures[0]!.changes.filter((c) => !c.allowed).map((c) => c.kind)).toEqual(expect.arrayContaining(['changed-field']));
		expect(report.indication).not.toBe('TOTAL-PASSED');
	});

	test('only the named fields are locked, and moving one that may be filled is refused', async () => {
		const one = await sign(base, 'ada');
		const { document, dict } = fieldOf(one, 'ada');
		const said = fromLatin1(writeObject(document.entry(dict.map.get('V'), 'Reference')));
		for (const word of ['/FieldMDP', '/Include', 'ada-mention', 'ada-box']) expect(said).toContain(word);
		expect(said).not.toContain('bob-box');
		const moved = await judge(tampered(one, 'bob-mention', { Rect: { kind: 'array', items: [0, 0, 500, 500].map(number) } }));
		expect(moved.indication).not.toBe('TOTAL-PASSED');
		const filled = await judge(tampered(one, 'bob-box', { V: name('Yes'), AS: name('Yes') }));
		expect(filled.indication).toBe('TOTAL-PASSED');
	});
});

describe('SIGN-5 fields are made where they are seen', () => {
	test('a place outside its page, and a page that is not there, are refused', async () => {
		const [ada] = signatories;
		const original = await contract({ pages: 2 });
		for (const [wrong, reason] of [[{ page: 7 }, 'no-such-page'], [{ place: { x: 500, y: 1, width: 200, height: 5 } }, 'outside-page']] as const) {
			expect(() => addFields(original, [{ ...ada!, ...wrong }], p.random(16))).toThrow(expect.objectContaining({ reason }));
		}
	});
	test('a field measures what was asked for', () => {
		expect(formFieldSize(openDocument(base), 'ada-mention')).toEqual({ width: 200, height: 40, rotate: 0 });
		expect(() => formFieldSize(openDocument(base), 'nobody')).toThrow(expect.objectContaining({ reason: 'no-such-field' }));
	});
});
