// Specimens: ICAO 9303-4 appendix A, 9303-5 and 9303-6 appendix A, 9303-11 appendix D.2 (long numbers), and the French specimens BERTHIER.

import { describe, expect, test } from 'vitest';
import { layouts } from './mrz-layout.ts';
import { agrees, checkDigit, readMrz, type Mrz } from './mrz.ts';
import { validUntil } from './french-card.ts';

const today = '2026-11-24';
const td3 = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'];
const td2 = ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6'];
const td1 = ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'];
const french = ['IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<', '8806923102858CORINNE<<<<<<<6512068F6'];
const specimens = { TD3: td3, TD2: td2, TD1: td1, 'FR-ID': french };

const failing = (mrz: Mrz | null) => mrz?.checks.filter(({ ok }) => !ok).map(({ name }) => name);
const put = (lines: readonly string[], line: number, from: number, text: string) => lines.map((each, i) => (i === line ? each.slice(0, from) + text + each.slice(from + text.length) : each));

/** Another character of its class, of another value modulo 10 (of the same value, 9303's digits see no difference). */
const other = (c: string) => (c === '<' ? 'B' : /[0-8A-Y]/.test(c) ? String.fromCharCode(c.charCodeAt(0) + 1) : c === '9' ? '0' : 'A');

/** The zone with the digit of a check made right again, as a forger who knows the standard would. */
function redigit(lines: readonly string[], format: string, name: string): string[] {
	const { over, at } = layouts.find((layout) => layout.format === format)!.digits.find((digit) => digit.name === name)!;
	return put(lines, at[0], at[1], String(checkDigit(over.map(([line, from, to]) => lines[line]!.slice(from, to)).join(''))));
}

test('SIGN-3 the specimens of ICAO 9303 are read, every check agrees', () => {
	const erikson = { surname: 'ERIKSSON', givenNames: 'ANNA MARIA', issuer: 'UTO', nationality: 'UTO', birthDate: '1974-08-12', sex: 'F', expiryDate: '2012-04-15' };
	expect(readMrz(td3, today)).toMatchObject({ ...erikson, format: 'TD3', documentNumber: 'L898902C3' });
	expect(readMrz(td2, today)).toMatchObject({ ...erikson, format: 'TD2', documentNumber: 'D23145890' });
	expect(readMrz(td1, today)).toMatchObject({ ...erikson, format: 'TD1', documentNumber: 'D23145890' });
	for (const lines of [td3, td2, td1]) expect(failing(readMrz(lines, today))).toEqual([]);
});

test('SIGN-3 the French specimens of 1988 and 1994 are read, every check agrees', () => {
	expect(readMrz(french, today)).toMatchObject({ format: 'FR-ID', surname: 'BERTHIER', givenNames: 'CORINNE', documentNumber: '880692310285', issuer: 'FRA', nationality: 'FRA', birthDate: '1965-12-06', sex: 'F', expiryDate: '1998-06-01' });
	expect(failing(readMrz(french, today))).toEqual([]);
	expect(failing(readMrz(['IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<', '9409923102854CORINNE<<<<<<<6512068F4'], today))).toEqual([]);
});

test('SIGN-3 a number too long for its field is read on in the optional data', () => {
	const stevenson = { documentNumber: 'D23145890734', surname: 'STEVENSON', givenNames: 'PETER JOHN', sex: 'M', birthDate: '1934-07-12', expiryDate: '1995-07-12' };
	const one = ['I<UTOD23145890<7349<<<<<<<<<<<', '3407127M9507122UTO<<<<<<<<<<<2', 'STEVENSON<<PETER<JOHN<<<<<<<<<'];
	expect(readMrz(one, today)).toMatchObject(stevenson);
	expect(failing(readMrz(one, today))).toEqual([]);
	expect(readMrz(['I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<', 'D23145890<UTO3407127M95071227349<<<8'], today)).toMatchObject(stevenson);
	expect(failing(readMrz(redigit(put(one, 0, 18, '8'), 'TD1', 'composite'), today))).toEqual(['document-number']);
});

describe.each(layouts.map((layout) => [layout.format, layout] as const))('SIGN-3 %s', (format, layout) => {
	const lines = specimens[format];

	test('every position has its class', () => expect(layout.classes.map((classes) => classes.length)).toEqual(lines.map((line) => line.length)));

	test.each(layout.digits.filter(({ name }) => name !== 'composite'))('the check digit $name is what tells of a change in its field', ({ name, over }) => {
		const [[line, , to]] = [over.at(-1)!];
		const last = lines[line]!.slice(0, to).search(/[0-9A-Z]<*$/);
		const changed = put(lines, line, last, other(lines[line]![last]!));
		expect(failing(readMrz(redigit(changed, format, 'composite'), today))).toEqual([name]);
		expect(failing(readMrz(redigit(redigit(changed, format, name), format, 'composite'), today))).toEqual([]);
	});

	test('the composite digit is what tells that digits of two readings were put together', () => {
		const digit = layout.digits.find(({ name }) => name === 'birth-date')!;
		const born = redigit(put(lines, digit.over[0]![0], digit.over[0]![1], '80'), format, 'birth-date');
		expect(failing(readMrz(born, today))).toEqual(['composite']);
	});

	test('a day that is in no calendar fails as that, however right its digits', () => {
		const digit = layout.digits.find(({ name }) => name === 'birth-date')!;
		const never = redigit(redigit(put(lines, digit.over[0]![0], digit.over[0]![1], '750230'), format, 'birth-date'), format, 'composite');
		expect(failing(readMrz(never, today))).toEqual(['dates']);
	});

	test('a sex that is none fails as that', () => {
		const [line, from] = layout.sex;
		expect(failing(readMrz(redigit(put(lines, line, from, 'K'), format, 'composite'), today))).toEqual(['characters']);
	});

	test('look-alikes are corrected where one class may stand, and it is said', () => {
		const [line, from] = layout.birthDate;
		const [nameLine, nameFrom] = layout.names[0]!;
		const alike = lines[line]!.slice(from, from + 6).replace(/0/g, 'O').replace(/1/g, 'I').replace(/6/g, 'G');
		const seen = put(put(lines, line, from, alike), nameLine, nameFrom, lines[nameLine]!.slice(nameFrom, nameFrom + 8).replace(/I/g, '1').replace(/S/g, '5').replace(/B/g, '8'));
		expect(seen).not.toEqual(lines);
		const read = readMrz(seen, today)!;
		expect({ ...read, checks: read.checks.filter(({ name }) => name !== 'look-alikes-corrected') }).toEqual(readMrz(lines, today));
		expect(read.checks).toContainEqual({ name: 'look-alikes-corrected', ok: true });
		expect(readMrz(lines, today)!.checks.map(({ name }) => name)).not.toContain('look-alikes-corrected');
	});

	test('nothing is corrected where digits still disagree', () => {
		const [line, from] = layout.birthDate;
		const seen = put(put(lines, line, from + 4, 'O1'), line, from, '83');
		expect(agrees(readMrz(seen, today)!)).toBe(false);
		expect(failing(readMrz(seen, today))).toContain('characters');
	});

	test('every single wrong character is noticed, unless a name or State is printed so', () => {
		const silent: string[] = [];
		lines.forEach((text, line) =>
			[...text].forEach((was, i) => {
				const read = readMrz(put(lines, line, i, other(was)), today);
				if (read && agrees(read)) silent.push(`${line}:${i}`);
			})
		);
		// What no check digit of the standard covers: code, State, names, nationality, sex.
		const uncovered = { TD3: 5 + 39 + 3 + 1, TD2: 5 + 31 + 3 + 1, TD1: 5 + 30 + 3 + 1, 'FR-ID': 1 }[format];
		expect(silent.length).toBeLessThanOrEqual(uncovered);
	});
});

test('SIGN-3 a look-alike in a document number is not corrected: both classes may stand there', () => {
	expect(failing(readMrz(put(td3, 1, 3, 'B'), today))).toEqual(['document-number', 'composite']);
});

test('SIGN-3 a personal number left out may have a filler or 0 as its check digit, and none else', () => {
	const without = (digit: string) => redigit(put(td3, 1, 28, `<<<<<<<<<<<<<<${digit}`), 'TD3', 'composite');
	expect(failing(readMrz(without('<'), today))).toEqual([]);
	expect(failing(readMrz(without('0'), today))).toEqual([]);
	expect(failing(readMrz(without('7'), today))).toEqual(['personal-number']);
});

test('SIGN-3 names: fillers, several, none given, cut at the end', () => {
	const named = (names: string) => readMrz([`P<UTO${names.padEnd(39, '<')}`, td3[1]!], today)!;
	expect(named('VAN<DER<MUELLEN<<JEAN<PIERRE')).toMatchObject({ surname: 'VAN DER MUELLEN', givenNames: 'JEAN PIERRE' });
	expect(named('ARKFREITH')).toMatchObject({ surname: 'ARKFREITH', givenNames: '' });
	expect(named('NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K')).toMatchObject({ surname: 'NILAVADHANANANDA', givenNames: 'CHAYAPA DEJTHAMRONG K' });
	expect(failing(named(''))).toEqual(['characters']);
});

test('SIGN-3 years of two digits: born before today, valid until the nearest such year', () => {
	const [birth, expiry] = ['270101', '350101'];
	const young = redigit(redigit(redigit(put(put(td3, 1, 13, birth), 1, 21, expiry), 'TD3', 'birth-date'), 'TD3', 'expiry-date'), 'TD3', 'composite');
	expect(readMrz(young, today)).toMatchObject({ birthDate: '1927-01-01', expiryDate: '2035-01-01' });
	expect(readMrz(young, '2027-01-01')).toMatchObject({ birthDate: '2027-01-01' });
	const unknown = redigit(redigit(put(td3, 1, 13, '74<<<<'), 'TD3', 'birth-date'), 'TD3', 'composite');
	expect(readMrz(unknown, today)).toMatchObject({ birthDate: '1974' });
	expect(failing(readMrz(unknown, today))).toEqual([]);
});

test('SIGN-3 the French card: fifteen years for adults from 2004, said where the card shows ten', () => {
	expect(validUntil('110375100123', '1980-05-05')).toEqual({ date: '2026-03-01', extended: true });
	expect(validUntil('110375100123', '1993-03-02')).toEqual({ date: '2021-03-01', extended: false }); // not of age on the first of the month
	expect(validUntil('110375100123', '1993-03-01')).toEqual({ date: '2026-03-01', extended: true });
	expect(validUntil('110375100123', '1992')).toEqual({ date: '2026-03-01', extended: true });
	expect(validUntil('110375100123', '1993')).toEqual({ date: '2021-03-01', extended: false });
	expect(validUntil('180375100123', '1980-05-05')).toEqual({ date: '2033-03-01', extended: false }); // the card shows fifteen itself
	expect(validUntil('031275100123', '1980-05-05')).toEqual({ date: '2013-12-01', extended: false });
	expect(validUntil('111375100123', '1980-05-05')).toBeNull();
	const card = redigit(redigit(put(french, 1, 0, '110375100123'), 'FR-ID', 'document-number'), 'FR-ID', 'composite');
	expect(readMrz(card, today)).toMatchObject({ expiryDate: '2026-03-01' });
	expect(readMrz(card, today)!.checks).toContainEqual({ name: 'validity-extended', ok: true });
	const never = redigit(redigit(put(card, 1, 0, '1113'), 'FR-ID', 'document-number'), 'FR-ID', 'composite');
	expect(failing(readMrz(never, today))).toEqual(['dates']);
});

test('SIGN-3 what has the shape of no format is nothing', () => {
	for (const lines of [[], [''], ['P<UTO'], td3.slice(0, 1), [...td3, ''], td3.map((line) => line.toLowerCase()), td3.map((line) => line.slice(1)), ['é'.repeat(44), '1'.repeat(44)]]) expect(readMrz(lines, today)).toBeNull();
});
