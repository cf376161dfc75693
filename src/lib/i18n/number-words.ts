// A sum in words, as C. civ. 1376 and 2297 want it beside the figures. French by the usual spelling, English with “and”; up to 999 999 999,99 €.

export type Locale = 'fr' | 'en';

/** The largest sum, in cents. */
export const mostCents = 99_999_999_999;

const small = 'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf'.split(' ');
const tens = ['', '', 'vingt', 'trente', 'quarante', 'cinquante', 'soixante', 'soixante', 'quatre-vingt', 'quatre-vingt'];

/** 0 to 99. `last`: nothing follows that takes the plural away. */
function frenchTens(n: number, last: boolean): string {
	if (n < 20) return small[n]!;
	const ten = Math.floor(n / 10);
	const rest = ten === 7 || ten === 9 ? (n % 10) + 10 : n % 10;
	if (rest === 0) return n === 80 && last ? 'quatre-vingts' : tens[ten]!;
	return `${tens[ten]!}${(rest === 1 || rest === 11) && ten < 8 ? ' et ' : '-'}${small[rest]!}`;
}

/** 0 to 999. */
function frenchHundreds(n: number, last: boolean): string {
	const hundred = Math.floor(n / 100);
	if (hundred === 0) return frenchTens(n, last);
	const rest = n % 100;
	const head = hundred === 1 ? 'cent' : `${small[hundred]!} cent`;
	return rest ? `${head} ${frenchTens(rest, last)}` : hundred > 1 && last ? `${head}s` : head;
}

/** A whole number up to 999 999 999: « mille » has no plural and takes that of « cent » and « vingt » away; « million » is a noun and leaves it. */
function french(n: number): string {
	const [millions, thousands, rest] = [Math.floor(n / 1_000_000), Math.floor(n / 1000) % 1000, n % 1000];
	const parts = [
		millions ? `${frenchHundreds(millions, true)} ${millions > 1 ? 'millions' : 'million'}` : '',
		thousands ? (thousands > 1 ? `${frenchHundreds(thousands, false)} mille` : 'mille') : '',
		rest || n === 0 ? frenchHundreds(rest, true) : ''
	];
	return parts.filter(Boolean).join(' ');
}

const ones = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const decades = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const englishTens = (n: number): string => (n < 20 ? ones[n]! : `${decades[Math.floor(n / 10)]!}${n % 10 ? `-${ones[n % 10]!}` : ''}`);

function englishHundreds(n: number): string {
	if (n < 100) return englishTens(n);
	return `${ones[Math.floor(n / 100)]!} hundred${n % 100 ? ` and ${englishTens(n % 100)}` : ''}`;
}

function english(n: number): string {
	const [millions, thousands, rest] = [Math.floor(n / 1_000_000), Math.floor(n / 1000) % 1000, n % 1000];
	const head = [millions ? `${englishHundreds(millions)} million` : '', thousands ? `${englishHundreds(thousands)} thousand` : ''].filter(Boolean);
	if (rest === 0 && head.length) return head.join(' ');
	return [...head, `${head.length && rest < 100 ? 'and ' : ''}${englishHundreds(rest)}`].join(' ');
}

/** A whole number from 0 to 999 999 999 in words. */
export const numberWords = (locale: Locale, n: number): string => (locale === 'fr' ? french(n) : english(n));

/** A sum of euros in words: « mille deux cents euros et cinq centimes ». Throws RangeError below one cent or above the largest sum. */
export function sumWords(locale: Locale, cents: number): string {
	if (!Number.isSafeInteger(cents) || cents < 1 || cents > mostCents) throw new RangeError(`${cents} cents`);
	const [euros, rest] = [Math.floor(cents / 100), cents % 100];
	const of = locale === 'fr' && euros >= 1_000_000 && euros % 1_000_000 === 0 ? ' d’euros' : euros < 2 && (locale === 'fr' || euros === 1) ? ' euro' : ' euros';
	const whole = euros ? `${numberWords(locale, euros)}${of}` : '';
	const part = rest ? `${numberWords(locale, rest)} ${locale === 'fr' ? 'centime' : 'cent'}${rest > 1 ? 's' : ''}` : '';
	return [whole, part].filter(Boolean).join(locale === 'fr' ? ' et ' : ' and ');
}

/** The same in figures: « 1 200,05 € ». */
export const sumFigures = (locale: Locale, cents: number): string => new Intl.NumberFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { style: 'currency', currency: 'EUR' }).format(cents / 100);

/** What someone typed as a sum, in cents; null when it is none, is 0 or too large, or its marks could be read in two ways. */
export function readSum(locale: Locale, typed: string): number | null {
	const bare = typed.replace(/[\s€]/gu, '').replace(/^(EUR)|(EUR)$/iu, '');
	const [, whole = '', part = ''] = (locale === 'fr' ? /^(\d+)(?:[.,](\d{1,2}))?$/ : /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/).exec(bare) ?? [];
	const cents = Number(whole.replaceAll(',', '')) * 100 + Number(part.padEnd(2, '0'));
	return whole && cents > 0 && cents <= mostCents ? cents : null;
}
