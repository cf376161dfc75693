import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as bytes from './bytes.ts';
import { CryptoError } from './errors.ts';

const any = fc.uint8Array({ maxLength: 300 });

describe('bytes', () => {
	test('hexadecimal, base64 and base64url round-trip and agree with another implementation', () => {
		fc.assert(
			fc.property(any, (b) => {
				expect(bytes.fromHex(bytes.hex(b))).toEqual(b);
				expect(bytes.fromBase64(bytes.base64(b))).toEqual(b);
				expect(bytes.fromBase64url(bytes.base64url(b))).toEqual(b);
				expect(bytes.base64url(b)).toBe(Buffer.from(b).toString('base64url'));
			})
		);
	});

	test('a second spelling of the same bytes is refused', () => {
		for (const text of ['QQ', 'QR==', 'Q Q=', 'QQ==\n']) expect(() => bytes.fromBase64(text), text).toThrow(CryptoError);
		for (const text of ['abc', 'zz', '0x']) expect(() => bytes.fromHex(text), text).toThrow(CryptoError);
		for (const text of ['QQ==', 'a+b_', 'QR']) expect(() => bytes.fromBase64url(text), text).toThrow(CryptoError);
	});

	test('malformed UTF-8 is refused and a byte order mark is kept', () => {
		for (const text of ['c0af', 'eda080', 'ff']) expect(() => bytes.fromUtf8(bytes.fromHex(text)), text).toThrow(CryptoError);
		expect(bytes.fromUtf8(bytes.fromHex('efbbbf41'))).toBe('\ufeffA');
	});

	test('equality in constant time and otherwise is equality', () => {
		fc.assert(
			fc.property(any, any, (a, b) => {
				const same = Buffer.compare(a, b) === 0;
				expect(bytes.equal(a, b)).toBe(same);
				expect(bytes.equalConstantTime(a, b)).toBe(same);
				expect(Math.sign(bytes.compare(a, b))).toBe(Buffer.compare(a, b));
				expect(bytes.equalConstantTime(a, a.slice())).toBe(true);
			})
		);
		expect(bytes.equalConstantTime(new Uint8Array(0), new Uint8Array(1))).toBe(false);
	});

	test('length prefixes make two splits of one string differ', () => {
		const [a, b] = [bytes.utf8('ab'), bytes.utf8('c')];
		expect(bytes.lengthPrefixed(a, b)).toEqual(bytes.fromHex('0000000261620000000163'));
		expect(bytes.equal(bytes.lengthPrefixed(a, b), bytes.lengthPrefixed(bytes.utf8('a'), bytes.utf8('bc')))).toBe(false);
	});

	test('integers are big-endian and refused out of range', () => {
		expect(bytes.hex(bytes.uint32(0x80000001))).toBe('80000001');
		expect(bytes.hex(bytes.uint64(2n ** 63n))).toBe('8000000000000000');
		for (const n of [-1, 2 ** 32, 1.5, NaN]) expect(() => bytes.uint32(n)).toThrow(CryptoError);
	});
});
