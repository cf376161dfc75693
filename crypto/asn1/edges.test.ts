// The last value that is read and the first that is refused, for each limit and each type.

import { expect, test } from 'vitest';
import { concat, concatAll, fromHex, hex, latin1 } from '../bytes.ts';
import { context, expect as demand, Fields, namedBits, only, read, tag } from './der.ts';
import * as value from './values.ts';
import * as write from './write.ts';

const at = (text: string, options = {}) => read(fromHex(text), options);
const nested = (depth: number) => {
	let out: Uint8Array = write.nul();
	for (let i = 0; i < depth; i++) out = write.sequence(out);
	return out;
};

test('40 deep and 200,000 values are read, one more is not, in DER and BER', () => {
	expect(read(nested(40)).tag).toBe(tag.sequence);
	expect(() => read(nested(41))).toThrow('too deep or too many');
	expect(() => at(`${'3080'.repeat(60)}${'0000'.repeat(60)}`, { ber: true })).toThrow('too deep or too many');
	const parts = (count: number) => write.sequence(concatAll(Array.from({ length: count }, () => write.nul())));
	expect(read(parts(199_999)).children).toHaveLength(199_999);
	expect(() => read(parts(200_000))).toThrow('too deep or too many');
});

test('X.690 §8.1.2.4: a high tag number is told by name', () => {
	expect(() => at('1f0101')).toThrow('high tag number');
	expect(() => at('3003bf1f00', { ber: true })).toThrow('high tag number');
});

test('X.690 §8.1.3: lengths of up to four octets in DER, eight in BER, that end with their container', () => {
	expect(() => at('308401000000')).toThrow('longer than its container');
	expect(() => at('30850100000000')).toThrow('length of length');
	expect(at('30880000000000000000', { ber: true }).content).toHaveLength(0);
	expect(() => at('3089000000000000000000', { ber: true })).toThrow('length of length');
	expect(at('308100', { ber: true }).content).toHaveLength(0);
	expect(() => at('3081', { ber: true })).toThrow('length of length');
	expect(() => at('308100')).toThrow('not minimal');
	expect(read(concat(fromHex('308180'), new Uint8Array(128).fill(5).map((_, i) => (i % 2 ? 0 : 5)))).children).toHaveLength(64);
	expect(() => read(concat(fromHex('30820080'), new Uint8Array(128).map((_, i) => (i % 2 ? 0 : 5))))).toThrow('not minimal');
});

test('X.690 §8.1.3.6: an indefinite length ends inside its container', () => {
	expect(at('300630800500' + '0000', { ber: true }).children).toHaveLength(1);
	expect([hex(at('30800500' + '0000', { ber: true }).raw), hex(at('30800500' + '0000', { ber: true }).content)]).toEqual(['308005000000', '0500']);
	expect(() => at('300430800500' + '0000', { ber: true, trailing: true })).toThrow('cut off');
	expect(() => at('30800500' + '0000')).toThrow('indefinite length');
	expect(() => at('0480' + '0000', { ber: true })).toThrow('indefinite length');
});

test('bytes after the value are refused, and let be where the caller says so', () => {
	expect(() => at('050000')).toThrow('trailing bytes');
	expect(hex(at('050000', { trailing: true }).raw)).toBe('0500');
});

test('a value of another tag, none, or more than one is told', () => {
	expect(() => new Fields(at('3100'), tag.sequence, 'test')).toThrow('test: tag 0x30 expected, found 0x31');
	expect(() => demand(undefined, tag.null, 'test')).toThrow('found nothing');
	expect(only(at('30020500'), 'test').tag).toBe(tag.null);
	for (const text of ['3000', '300405000500']) expect(() => only(at(text), 'test')).toThrow('exactly one value');
	const fields = new Fields(at('3005050002010a'), tag.sequence, 'test');
	expect(fields.optional(tag.oid, tag.null)?.tag).toBe(tag.null);
	expect(fields.rest().map((n) => n.tag)).toEqual([tag.integer]);
	fields.end();
	const [any, other] = [new Fields(at('30020500'), tag.sequence, 'test'), new Fields(at('30020500'), tag.sequence, 'test')];
	expect(any.next().tag).toBe(tag.null);
	expect(() => other.next(tag.integer)).toThrow('test: tag 0x2 expected, found 0x5');
	expect([context(1), context(1, false)]).toEqual([0xa1, 0x81]);
});

test('X.690 §8.6: named bits, none of them, and what is no such string', () => {
	expect(namedBits(at('030100'))).toEqual([]);
	expect(namedBits(at('0302078f'))).toEqual([true]);
	expect(namedBits(at('0303070080'))).toEqual([...new Array<boolean>(8).fill(false), true]);
	for (const text of ['0300', '030101', '03020880']) expect(() => namedBits(at(text)), text).toThrow('unused bits');
});

test('X.690 §8.2, §8.3: booleans and integers at their edges', () => {
	expect(['010100', '0101ff'].map((text) => value.boolean(at(text)))).toEqual([false, true]);
	for (const text of ['010101', '0100', '01020000', '0102ffff']) expect(() => value.boolean(at(text)), text).toThrow('BOOLEAN');
	expect(['020180', '02017f', '020200ff', '0202ff7f', '020100', '02020080'].map((text) => value.integer(at(text)))).toEqual([-128n, 127n, 255n, -129n, 0n, 128n]);
	for (const text of ['0202007f', '0202ff80', '0200']) expect(() => value.integer(at(text)), text).toThrow('INTEGER');
	const small = (n: bigint) => value.smallInteger(read(write.integer(n)));
	expect([small(0n), small(BigInt(Number.MAX_SAFE_INTEGER))]).toEqual([0, Number.MAX_SAFE_INTEGER]);
	for (const n of [-1n, BigInt(Number.MAX_SAFE_INTEGER) + 1n]) expect(() => small(n), String(n)).toThrow('out of range');
});

test('X.690 §8.19: object identifiers: the first two arcs, 64 octets, none cut off or padded', () => {
	const dotted = (text: string) => value.oid(at(text));
	expect(['060100', '060127', '060128', '06014f', '060150', '06017f'].map(dotted)).toEqual(['0.0', '0.39', '1.0', '1.39', '2.0', '2.47']);
	expect(dotted(`0640${'01'.repeat(64)}`)).toBe(`0.${Array.from({ length: 64 }, () => 1).join('.')}`);
	expect(dotted('06032a8100')).toBe('1.2.128');
	for (const text of ['0600', `0641${'01'.repeat(65)}`, '060188', '060180', '06032a8001', '06022a80', '06032a8180', '06028001']) expect(() => dotted(text), text).toThrow('OBJECT IDENTIFIER');
});

test('RFC 5280 §4.1.2.5: two digits from 1950 to 2049; the first and last of each part of a time', () => {
	const utc = (text: string) => new Date(value.time(read(write.tlv(tag.utcTime, latin1(text))))).toISOString();
	const general = (text: string) => new Date(value.time(read(write.tlv(tag.generalizedTime, latin1(text))))).toISOString();
	expect([utc('491231235959Z'), utc('500101000000Z')]).toEqual(['2049-12-31T23:59:59.000Z', '1950-01-01T00:00:00.000Z']);
	expect(general('20240229235959.9999Z')).toBe('2024-02-29T23:59:59.999Z');
	for (const text of ['20230229000000Z', '20260001000000Z', '20261301000000Z', '20260100000000Z', '20260132000000Z', '20260101240000Z', '20260101006000Z', '20260101000060Z', '20260101000000.0Z', '20260101000000.Z']) expect(() => general(text), text).toThrow('time');
	for (const text of ['20260101000000Z', '4912312359Z', '491231235959+0000', '491331000000Z']) expect(() => utc(text), text).toThrow('time');
	expect(() => value.time(read(write.tlv(tag.printableString, latin1('491231235959Z'))))).toThrow('time');
});

test('X.680 §41: character strings of every type of the directory, and what is none', () => {
	const text = (kind: number, content: string) => value.string(read(concat(Uint8Array.of(kind, content.length / 2), fromHex(content))));
	for (const kind of [tag.utf8String, tag.printableString, tag.numericString, tag.ia5String, tag.visibleString, tag.teletexString]) expect(text(kind, '3132')).toBe('12');
	expect([text(tag.utf8String, 'c3a9'), text(tag.teletexString, 'e9')]).toEqual(['é', 'é']);
	expect([text(tag.bmpString, '00e94e2d'), text(tag.bmpString, '')]).toEqual(['é中', '']);
	expect([text(tag.universalString, '000000e90001f600'), text(tag.universalString, '0010ffff')]).toEqual(['é😀', '\u{10ffff}']);
	expect(() => text(tag.utf8String, 'e9')).toThrow('not UTF-8');
	for (const [kind, content] of [[tag.bmpString, '00e94e'], [tag.universalString, '0000e9'], [tag.universalString, '00110000'], [tag.octetString, '31']] as const) expect(() => text(kind, content), content).toThrow(/String|string/);
});
