import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatAll, fromHex, hex } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { bitString, Fields, namedBits, octetString, read, tag } from './der.ts';
import * as value from './values.ts';
import * as write from './write.ts';

const refused = (text: string, options = {}) => expect(() => read(fromHex(text), options), text).toThrow(CryptoError);

test('X.690: what is not DER is refused, what BER allows is read when asked', () => {
	for (const bad of ['', '30', '3003020101ff', '300302010', '308003020101' + '0000', '30810302' + '0101', '02820001' + '01', '1f810101', '3004020101'].filter((h) => h.length % 2 === 0)) refused(bad);
	expect(read(fromHex('30800201010000'), { ber: true }).children).toHaveLength(1);
	expect(hex(octetString(read(fromHex('2480' + '040101' + '04020203' + '0000'), { ber: true })))).toBe('010203');
	refused('3080020101', { ber: true });
	for (const string of ['2403040101', '3005' + '2403040101', '2c030c0141']) {
		refused(string);
		expect(read(fromHex(string), { ber: true }).raw).toHaveLength(string.length / 2);
	}
	for (const accepted of ['3003040101', '3103040101', 'a003040101']) expect(read(fromHex(accepted)).children).toHaveLength(1);
	refused('30'.repeat(10).replace(/30/g, '3080') + '0000', { ber: true });
});

test('depth and count are bounded', () => {
	let deep = write.nul();
	for (let i = 0; i < 60; i++) deep = write.sequence(deep);
	expect(() => read(deep)).toThrow(/too deep/);
});

test('values of 130,000 parts are within the limits: joined, sorted and written anew', () => {
	const parts = Array.from({ length: 130_000 }, () => write.octetString(Uint8Array.of(5)));
	const value = read(write.tlv(0x24, concatAll(parts)), { ber: true });
	expect(octetString(value)).toHaveLength(130_000);
	expect(write.toDer(value)).toEqual(write.octetString(new Uint8Array(130_000).fill(5)));
	for (const constructed of [tag.set, tag.sequence]) expect(write.toDer(read(write.tlv(constructed, concatAll(parts))))).toEqual(write.tlv(constructed, concatAll(parts)));
});

test('X.690 §8.3: integers are minimal, and round-trip', () => {
	for (const bad of ['020200ff'.replace('ff', '7f'), '0202ff80', '0200']) expect(() => value.integer(read(fromHex(bad)))).toThrow(CryptoError);
	fc.assert(fc.property(fc.bigInt({ min: -(2n ** 130n), max: 2n ** 130n }), (n) => value.integer(read(write.integer(n))) === n));
	expect(hex(write.integer(Uint8Array.of(0, 0, 0x80)))).toBe('02020080');
});

test('object identifiers round-trip; padding is refused', () => {
	const arc = fc.bigInt({ min: 0n, max: 2n ** 70n });
	fc.assert(
		fc.property(fc.constantFrom('0.9', '1.2', '2.5', '2.999'), fc.array(arc, { maxLength: 5 }), (root, rest) => {
			const dotted = [root, ...rest].join('.');
			return value.oid(read(write.oid(dotted))) === dotted;
		})
	);
	expect(hex(write.oid('1.2.840.113549.1.9.4'))).toBe('06092a864886f70d010904');
	expect(() => value.oid(read(fromHex('06035580' + '01')))).toThrow(CryptoError);
});

test('RFC 5280 §4.1.2.5: UTCTime to 2049, GeneralizedTime after; impossible times are refused', () => {
	const at = (text: string) => Date.parse(text);
	expect(write.time(at('2049-12-31T23:59:59Z'))[0]).toBe(tag.utcTime);
	expect(write.time(at('2050-01-01T00:00:00Z'))[0]).toBe(tag.generalizedTime);
	fc.assert(fc.property(fc.integer({ min: -600_000_000, max: 4_000_000_000 }), (s) => value.time(read(write.time(s * 1000))) === s * 1000));
	expect(value.time(read(write.generalizedTime(at('2026-11-23T10:00:00.120Z'))))).toBe(at('2026-11-23T10:00:00.120Z'));
	for (const text of ['20260230000000Z', '20261301000000Z', '20260101240000Z', '20260101000000', '20260101000000.10Z']) {
		expect(() => value.time(read(write.tlv(tag.generalizedTime, new TextEncoder().encode(text)))), text).toThrow(CryptoError);
	}
});

test('X.690 §11.2.2, §11.6: named bits drop trailing zeros, sets are sorted', () => {
	expect(hex(write.namedBits([0, 1]))).toBe('030206c0');
	expect(namedBits(read(write.namedBits([5, 6])))).toEqual([false, false, false, false, false, true, true]);
	expect(hex(write.setOf(write.integer(2), write.integer(1)))).toBe('3106020101020102');
	expect(() => bitString(read(fromHex('030206c0')))).toThrow(CryptoError);
});

test('fields are taken in order; a missing one and one too many are told', () => {
	const node = read(write.sequence(write.integer(1), write.nul()));
	const f = new Fields(node, tag.sequence, 'test');
	expect(value.integer(f.next(tag.integer))).toBe(1n);
	expect(f.optional(tag.oid)).toBeNull();
	expect(() => f.end()).toThrow(/too many/);
	f.next(tag.null);
	f.end();
	expect(() => f.next()).toThrow(/missing/);
});

test('no bytes make the reader throw anything but a CryptoError', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, ber) => {
			try {
				read(bytes, { ber });
			} catch (error) {
				return error instanceof CryptoError;
			}
			return true;
		})
	);
});
