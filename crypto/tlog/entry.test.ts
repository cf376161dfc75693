import { describe, expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { fromHex, fromUtf8, hex, utf8 } from '../bytes.ts';
import { canonical, commitment, opens, readBody, readEntry, writeBody, writeEntry, type Body } from './entry.ts';

const body: Body = {
	v: 1,
	t: '2026-11-23T12:00:00.000Z',
	op: 'document.deposit',
	safe: 'b7d0',
	actor: 'a1',
	via: 'web',
	obj: 'o1',
	res: 'ok',
	c: { sha256: 'ab'.repeat(32) }
};
const prev = new Uint8Array(32).fill(7);
const text = (value: object) => utf8(canonical(value));

describe('LOG-2 entries', () => {
	test('canonical form is that of RFC 8785: §3.2.3 order by UTF-16 code units, §3.2.2.2 escapes', () => {
		expect(canonical({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 })).toBe(
			'{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}'
		);
		expect(canonical('\u20ac$\u000f\nA\'B"\\\\"/\u2028')).toBe('"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u2028"');
		expect(canonical({ b: null, a: { d: -7, c: -0 } })).toBe('{"a":{"c":0,"d":-7},"b":null}');
	});

	test.each([0.5, 2 ** 53, NaN, true, [1], undefined, 10n, '\ud800', { a: undefined }])('%s is refused, not approximated', (value) => {
		expect(() => canonical(value)).toThrow(expect.objectContaining({ code: 'malformed' }));
	});

	test('a value nested without end is refused, not followed until the stack is full', () => {
		for (const deep of [20, 10_000]) {
			const text = `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`;
			expect(() => readEntry(utf8(text)), String(deep)).toThrow(expect.objectContaining({ code: 'limit', reason: 'entry-depth' }));
		}
	});

	test('a body and its entry come back as they were', () => {
		expect(fromUtf8(writeBody(body))).toBe(
			`{"actor":"a1","c":{"sha256":"${'ab'.repeat(32)}"},"obj":"o1","op":"document.deposit","res":"ok","safe":"b7d0","t":"2026-11-23T12:00:00.000Z","v":1,"via":"web"}`
		);
		expect(readBody(writeBody(body))).toEqual(body);
		expect(readBody(writeBody({ ...body, safe: null })).safe).toBeNull();
		expect(readEntry(writeEntry(writeBody(body), { seq: 1, prev: null }))).toEqual({ body, seq: 1, prev: null });
		expect(readEntry(writeEntry(writeBody(body), { seq: 9, prev }))).toEqual({ body, seq: 9, prev });
	});

	test('one spelling only: spaces, other order, a field twice, more or fewer fields do not read', () => {
		const written = fromUtf8(writeBody(body));
		const { via: _, ...fewer } = body;
		for (const other of [` ${written}`, `${written}\n`, JSON.stringify(body), written.replace('"v":1', '"v":1,"v":1'), written.replace('"v":1', '"v":1.0'), 'null', '{}', '1', '"x"', '{'])
			expect(() => readBody(utf8(other)), other).toThrow(expect.objectContaining({ code: 'malformed' }));
		expect(() => readBody(text(fewer))).toThrow(expect.objectContaining({ reason: 'entry-fields' }));
		expect(() => readBody(text({ ...body, more: 1 }))).toThrow(expect.objectContaining({ reason: 'entry-fields' }));
		expect(() => readBody(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(expect.objectContaining({ reason: 'utf-8' }));
	});

	test.each([{ v: 2 }, { t: '2026-11-23T12:00:00Z' }, { t: 5 }, { op: 1 }, { safe: 3 }, { actor: null }, { via: {} }, { obj: 0 }, { res: 'yes' }, { c: null }, { c: 'x' }, { c: { n: 1 } }, { c: { n: 'AB'.repeat(32) } }])(
		'a field of another kind is refused written and read: %j',
		(other) => {
			const wrong = { ...body, ...other } as unknown as Body;
			expect(() => writeBody(wrong)).toThrow(expect.objectContaining({ reason: 'entry-fields' }));
			expect(() => readBody(text(wrong))).toThrow(expect.objectContaining({ reason: 'entry-fields' }));
			expect(() => readEntry(text({ ...wrong, seq: 1, prev: null }))).toThrow(expect.objectContaining({ reason: 'entry-fields' }));
		}
	);

	test.each([{ seq: 0, prev: null }, { seq: 1, prev: hex(prev) }, { seq: 2, prev: null }, { seq: 'x', prev: hex(prev) }, { seq: 2, prev: 'AB'.repeat(32) }, { seq: 2, prev: 'ab' }, { seq: 2, prev: 5 }])('a link that is none is refused: %j', (link) => {
		expect(() => readEntry(text({ ...body, ...link }))).toThrow(expect.objectContaining({ reason: 'entry-link' }));
	});

	test('an entry has 16 levels and 65,535 bytes, and not one more', () => {
		const nested = (n: number): unknown => (n ? { a: nested(n - 1) } : null);
		expect(canonical(nested(16))).toMatch(/null/);
		expect(() => canonical(nested(17))).toThrow(expect.objectContaining({ reason: 'entry-depth' }));
		const sized = (n: number) => text({ ...body, obj: 'x'.repeat(n), seq: 1, prev: null });
		const most = 65_535 - sized(0).length;
		expect(readEntry(sized(most)).body.obj).toHaveLength(most);
		expect(() => readEntry(sized(most + 1))).toThrow(expect.objectContaining({ reason: 'entry-size' }));
		expect(() => readEntry(utf8('{'))).toThrow(expect.objectContaining({ reason: 'entry' }));
	});

	test('what is written fits the 16 bits of a bundle with the longest link, and what would not is refused', () => {
		const sized = (n: number): Body => ({ ...body, obj: 'x'.repeat(n) });
		const longest = 65_535 - 128 - (writeBody(sized(0)).length);
		expect(writeEntry(writeBody(sized(longest)), { seq: Number.MAX_SAFE_INTEGER, prev }).length).toBeLessThanOrEqual(65_535);
		expect(() => writeBody(sized(longest + 1))).toThrow(expect.objectContaining({ code: 'limit' }));
	});
});

describe('LOG-2 commitments', () => {
	const opening = { name: 'title', key: new Uint8Array(32).fill(1), value: 'Bail \u2014 M\u00fcller' };
	const committed: Body = { ...body, c: { title: hex(commitment(p, opening)) } };

	test('HMAC-SHA256 over the prefix, the name, a zero and the value, as openssl computes it', () => {
		// printf 'probant/v1/title\0value' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0101…01
		expect(hex(commitment(p, { ...opening, value: 'value' }))).toBe('fd1764162cc39b85f72bd450edaa313c8bd20e7f2afdc3b46019b68ad59281ab');
	});

	test('open to their own value only', () => {
		expect(opens(p, committed, opening)).toBe(true);
		expect(opens(p, committed, { ...opening, value: 'Bail' })).toBe(false);
		expect(opens(p, committed, { ...opening, key: new Uint8Array(32) })).toBe(false);
		expect(opens(p, committed, { ...opening, name: 'other' })).toBe(false);
		expect(opens(p, { ...body, c: { other: committed.c.title! } }, { ...opening, name: 'other' })).toBe(false);
		expect(opens(p, body, { ...opening, name: 'constructor' })).toBe(false);
		expect(opens(p, { ...body, c: { title: 'zz'.repeat(32) } }, opening)).toBe(false);
	});

	test('another key length is refused: HMAC pads a short key with zeros, so two keys would open one commitment', () => {
		const short = fromHex('01'.repeat(31));
		const padded = { ...opening, key: new Uint8Array([...short, 0]) };
		const twice: Body = { ...body, c: { title: hex(commitment(p, padded)) } };
		expect(opens(p, twice, padded)).toBe(true);
		expect(opens(p, twice, { ...opening, key: short })).toBe(false);
		expect(() => commitment(p, { ...opening, key: short })).toThrow(expect.objectContaining({ code: 'misuse' }));
		expect(() => commitment(p, { ...opening, name: 'a\0b' })).toThrow(expect.objectContaining({ code: 'misuse' }));
	});
});
