import { expect, test } from 'vitest';
import { concat, fromLatin1, latin1 } from '../bytes.ts';
import { pageBodies } from './stray.ts';

const found = (text: string) => [...pageBodies(latin1(text))];
const filler = (length: number) => '/A 1 '.repeat(Math.ceil(length / 5)).slice(0, length);

test('a catalog, a page or a tree of pages is found by its first digit, wherever it is', () => {
	for (const kind of ['Catalog', 'Pages', 'Page']) {
		expect(found(`12 0 obj<</Type/${kind}>>endobj`)).toEqual([0]);
		expect(found(`%PDF\n12 0 obj\n<< /A 1 /Type\r\n /${kind} >>\nendobj`)).toEqual([5]);
	}
	expect(found('1 0 obj<</Type/Page>>endobj 2 0 obj <</Type/Pages>> endobj')).toEqual([0, 28]);
	expect(found('1 0 obj<</Type/Font/Parent<</Type/Page>>>>')).toEqual([0]); // early says little: the cross-reference is asked next
});

test('white space of any length and kind is no hiding place, NUL included', () => {
	const wide = ' \0\t\r\n\f'.repeat(300);
	expect(found(`\0${1}${wide}0${wide}obj${wide}<<${'/A 1 '.repeat(3)}/Type${wide}/Page>>`)).toEqual([1]);
	expect(found(`1 0 obj<<${filler(400)}/Type/Page>>`)).toEqual([0]);
	expect(found(`1 0 obj<<${filler(401)}/Type/Page>>`)).toEqual([]);
	expect(found('\n1 0obj<</Type/Page>>')).toEqual([1]);
	expect(found('1234567890 12345 obj<</Type/Page>>')).toEqual([0]);
});

test('what is no such body is not found', () => {
	for (const text of [
		'', 'obj', ' obj', '0 obj<</Type/Page>>', '1 0 object<</Type/Page>>', '1 obj<</Type/Page>>', '10 obj<</Type/Page>>', 'x1 0 obj<</Type/Page>>', '1 0 obj[/Type/Page]', '1 0 obj[  /Type/Page]', '1 0 obj<</Typo/Page>>', '1 0 obx<</Type/Page>>', '1 0 obj<</Type/PageLabel>>', '1 0 obj<</Type/Catalogue>>', '1 0 obj<</Type/Font>>',
		'1 0 obj<</A 1>>endobj <</Type/Page>>', '12345678901 0 obj<</Type/Page>>', '1 123456 obj<</Type/Page>>', '1 0 obj', '1 0 obj<<', '1 0 obj<</Type', '1 x obj<</Type/Page>>', '1 0 end<</Type/Page>>'
	]) expect(found(text), text).toEqual([]);
	for (const letter of 'AMZamz059_') expect(found(`1 0 obj<</Type/Page${letter}>>`), letter).toEqual([]);
	for (const sign of '-@[`{/:') expect(found(`1 0 obj<</Type/Page${sign}>>`), sign).toEqual([0]);
	expect(found('1 0 obj<</A(endobx)/Type/Page>>')).toEqual([0]);
});

test('what the expression it stands for finds, it finds too', () => {
	const old = /(?:^|[\r\n\s])(\d{1,10} \d{1,5} obj)\b(?=\s*<<(?:(?!endobj)[\s\S]){0,400}?\/Type\s*\/(?:Catalog|Pages?)\b)/g;
	const parts = ['1 0 obj', ' 22 0 obj ', '\n', ' ', '<<', '>>', '/Type', '/Page', '/Pages', '/Catalog', 'endobj', 'x', '9', '_', 'obj', '\r', filler(390)].map(latin1);
	let state = 1;
	const next = (n: number) => (state = (state * 48_271) % 2_147_483_647) % n;
	let bodies = 0;
	for (let run = 0; run < 3000; run++) {
		const some = (most: number) => Array.from({ length: next(most) }, () => parts[next(parts.length)]!);
		const likely = [parts[next(2)]!, ...some(2), parts[4]!, ...some(4), parts[6]!, ...some(2), parts[7 + next(3)]!];
		const bytes = concat(...some(5), ...likely, ...some(5));
		const text = fromLatin1(bytes);
		const wanted = [...text.matchAll(old)].map((m) => m.index + m[0].length - m[1]!.length);
		bodies += wanted.length;
		expect([...pageBodies(bytes)], JSON.stringify(text)).toEqual(expect.arrayContaining(wanted));
	}
	expect(bodies).toBeGreaterThan(50);
});
