// What a machine readable zone says, and whether its check digits agree (ICAO 9303-3 §4). That it is genuine, or its holder's, it cannot say.

import { layouts, type Format, type Layout, type Place } from './mrz-layout.ts';
import { validUntil } from './french-card.ts';

export interface Mrz {
	readonly format: Format;
	/** A to Z and spaces, as the zone spells it (9303-3 §6). */
	readonly surname: string;
	readonly givenNames: string;
	readonly documentNumber: string;
	/** Issuing State and nationality, ISO 3166-1 alpha-3 and the codes of 9303-3 §5 (`D` for Germany). */
	readonly issuer: string;
	readonly nationality: string;
	/** YYYY-MM-DD; YYYY-MM or YYYY where the rest is unknown to the issuer. A year of two digits: the latest that is not to come. */
	readonly birthDate: string;
	readonly sex: 'F' | 'M' | 'X';
	/** YYYY-MM-DD; of the French card the earliest it can be (its zone holds the month of issue only). */
	readonly expiryDate: string | null;
	/** `look-alikes-corrected` and `validity-extended` are there when they happened, the others always. */
	readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
}

const weights = [7, 3, 1];

/** Check digit of 9303-3 §4.9: digits count as such, A to Z from 10 to 35, the filler 0; weights 7, 3, 1; modulo 10. */
export function checkDigit(text: string): number {
	let sum = 0;
	for (let i = 0; i < text.length; i++) sum += (text[i] === '<' ? 0 : parseInt(text[i]!, 36)) * weights[i % 3]!;
	return sum % 10;
}

const allowed: Readonly<Record<string, RegExp>> = { a: /[A-Z<]/, n: /[0-9<]/, d: /[0-9]/, x: /[A-Z0-9<]/ };
const digitOf: Readonly<Record<string, string>> = { O: '0', Q: '0', D: '0', U: '0', I: '1', L: '1', Z: '2', A: '4', S: '5', G: '6', T: '7', B: '8' };
const letterOf: Readonly<Record<string, string>> = { 0: 'O', 1: 'I', 2: 'Z', 4: 'A', 5: 'S', 6: 'G', 7: 'T', 8: 'B' };

/** The line with look-alikes replaced where only one class of characters may stand; document numbers and optional data are left as read. */
const corrected = (line: string, classes: string) => [...line].map((c, i) => (allowed[classes[i]!]!.test(c) ? c : ((classes[i] === 'a' ? letterOf : digitOf)[c] ?? c))).join('');

const at = (lines: readonly string[], [line, from, to]: Place) => lines[line]!.slice(from, to);
const spaced = (text: string) => text.replace(/<+/g, ' ').trim();

/** The document number and what its check digit is over, where a long one goes on in the optional data. */
function numberOf(lines: readonly string[], { number, overflow, digits }: Layout): { number: string; ok: boolean } {
	const head = at(lines, number);
	const digit = at(lines, digits[0]!.at);
	if (overflow && digit === '<') {
		const rest = at(lines, overflow).split('<')[0]!;
		const whole = head + rest.slice(0, -1);
		return { number: whole, ok: rest.length > 1 && rest.at(-1) === String(checkDigit(whole)) };
	}
	return { number: head.replace(/<+$/, ''), ok: digit === String(checkDigit(head)) };
}

function digitsAgree(lines: readonly string[], layout: Layout): { name: string; ok: boolean }[] {
	return layout.digits.map(({ name, over, at: place, blank }) => {
		if (name === 'document-number') return { name, ok: numberOf(lines, layout).ok };
		const text = over.map((each) => at(lines, each)).join('');
		const digit = at(lines, place);
		return { name, ok: digit === String(checkDigit(text)) || (blank === true && digit === '<' && /^<*$/.test(text)) };
	});
}

/** Whether a date YYYY-MM-DD is in the calendar; its unknown end may be missing. */
function exists(date: string): boolean {
	const full = date.length === 4 ? `${date}-01-01` : date.length === 7 ? `${date}-01` : date;
	const time = Date.parse(`${full}T00:00:00Z`);
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(full);
}

/** YYMMDD with a century, fillers at its end left out. */
const dated = (century: number, text: string) => `${century}${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4, 6)}`.replace(/(-<*)+$/, '');
const century = (today: string) => Number(today.slice(0, 2));

function born(text: string, today: string): string {
	const latest = dated(century(today), text);
	return latest > today ? dated(century(today) - 1, text) : latest;
}

/** Documents are valid for less than fifty years, and older ones are nobody's. */
function expires(text: string, today: string): string {
	const near = [-1, 0, 1].map((by) => dated(century(today) + by, text));
	const away = (date: string) => Math.abs(Number(date.slice(0, 4)) - Number(today.slice(0, 4)));
	return near.reduce((best, date) => (away(date) < away(best) ? date : best));
}

function interpret(lines: readonly string[], layout: Layout, today: string, touched: boolean): Mrz {
	const { number } = numberOf(lines, layout);
	const birthDate = born(at(lines, layout.birthDate), today);
	const french = layout.expiryDate ? null : validUntil(number, birthDate);
	const expiryDate = layout.expiryDate ? expires(at(lines, layout.expiryDate), today) : (french?.date ?? null);
	const names = layout.names.length === 2 ? layout.names.map((place) => at(lines, place)) : at(lines, layout.names[0]!).split(/<<(.*)/);
	const sex = at(lines, layout.sex);
	const checks = [
		...digitsAgree(lines, layout),
		{ name: 'dates', ok: exists(birthDate) && expiryDate !== null && expiryDate.length === 10 && exists(expiryDate) },
		{ name: 'characters', ok: lines.every((line, i) => [...line].every((c, j) => allowed[layout.classes[i]![j]!]!.test(c))) && /^[FMX<]$/.test(sex) && spaced(names[0] ?? '') !== '' },
		...(touched ? [{ name: 'look-alikes-corrected', ok: true }] : []),
		...(french?.extended ? [{ name: 'validity-extended', ok: true }] : [])
	];
	return {
		format: layout.format,
		surname: spaced(names[0] ?? ''),
		givenNames: spaced(names[1] ?? ''),
		documentNumber: number,
		issuer: spaced(at(lines, layout.issuer)),
		nationality: spaced(at(lines, layout.nationality)),
		birthDate,
		sex: sex === 'F' || sex === 'M' ? sex : 'X',
		expiryDate,
		checks
	};
}

/** Whether everything in the zone that can be checked agrees. */
export const agrees = (mrz: Mrz): boolean => mrz.checks.every(({ ok }) => ok);

/**
 * What the lines say; null when they have the shape of no format. Never throws. The checks say what of it can be believed: with one of them not ok, nothing.
 * Look-alikes of OCR (O and 0, I and 1, B and 8 …) are corrected only where the position allows one class, and only if then everything agrees.
 * @param lines as read, A to Z, 0 to 9 and `<`
 * @param today YYYY-MM-DD, to give years of two digits their century
 */
export function readMrz(lines: readonly string[], today: string): Mrz | null {
	for (const layout of layouts) {
		if (lines.length !== layout.classes.length || lines.some((line, i) => line.length !== layout.classes[i]!.length || !/^[A-Z0-9<]+$/.test(line))) continue;
		const mended = lines.map((line, i) => corrected(line, layout.classes[i]!));
		if (!layout.begins.test(mended[0]!)) continue;
		const plain = interpret(lines, layout, today, false);
		if (agrees(plain)) return plain;
		const better = interpret(mended, layout, today, true);
		return agrees(better) ? better : plain;
	}
	return null;
}
