import { expect, test } from 'vitest';
import { sameMention } from './mention.ts';
import { mentionWords } from './mention-presets.ts';
import { mostCents, numberWords, readSum, sumFigures, sumWords } from './number-words.ts';

// Reads the words back by rules of its own: values add up, « cent » and « vingt » after « quatre » multiply, « mille » and « million » close a group.
const french = Object.fromEntries('zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize'.split(' ').map((word, n) => [word, n]));
const frenchTens = { vingt: 20, trente: 30, quarante: 40, cinquante: 50, soixante: 60 };
function readFrench(words: string): number {
	let [total, group] = [0, 0];
	const list = words.replaceAll('quatre-vingt', 'octante').split(/[ -]/);
	for (const word of list) {
		if (word === 'et') continue;
		if (/^octantes?$/.test(word)) group += 80;
		else if (/^cents?$/.test(word)) group = (group || 1) * 100;
		else if (word === 'mille') [total, group] = [total + (group || 1) * 1000, 0];
		else if (/^millions?$/.test(word)) [total, group] = [total + group * 1_000_000, 0];
		else group += french[word] ?? frenchTens[word as keyof typeof frenchTens];
	}
	return total + group;
}
const english = Object.fromEntries('zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ').map((word, n) => [word, n]));
const englishTens = Object.fromEntries('twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, n) => [word, (n + 2) * 10]));
function readEnglish(words: string): number {
	let [total, group] = [0, 0];
	for (const word of words.split(/[ -]/)) {
		if (word === 'and') continue;
		if (word === 'hundred') group *= 100;
		else if (word === 'thousand') [total, group] = [total + group * 1000, 0];
		else if (word === 'million') [total, group] = [total + group * 1_000_000, 0];
		else group += english[word] ?? englishTens[word]!;
	}
	return total + group;
}

test('SIGN-5 every number is written so that it reads back, each in words of its own, up to 999 999 999', () => {
	const seen = { fr: new Set<string>(), en: new Set<string>() };
	const numbers = [...Array(10_001).keys(), ...Array.from({ length: 20_000 }, (_, i) => 10_001 + i * 49_999), 80_000, 200_000, 280_000, 1_000_000, 80_000_000, 200_000_000, 200_080_200, 999_999_999].filter((n) => n <= 999_999_999);
	for (const n of new Set(numbers)) {
		const [fr, en] = [numberWords('fr', n), numberWords('en', n)];
		if (readFrench(fr) !== n) expect([n, fr]).toBe('read back');
		if (readEnglish(en) !== n) expect([n, en]).toBe('read back');
		seen.fr.add(fr);
		seen.en.add(en);
	}
	expect([seen.fr.size, seen.en.size]).toEqual([new Set(numbers).size, new Set(numbers).size]);
});

test('SIGN-5 a sum in words follows French spelling and English use', () => {
	const said: readonly (readonly [number, string, string])[] = [
		[1, 'un centime', 'one cent'],
		[50, 'cinquante centimes', 'fifty cents'],
		[100, 'un euro', 'one euro'],
		[101, 'un euro et un centime', 'one euro and one cent'],
		[2100, 'vingt et un euros', 'twenty-one euros'],
		[7100, 'soixante et onze euros', 'seventy-one euros'],
		[8000, 'quatre-vingts euros', 'eighty euros'],
		[8100, 'quatre-vingt-un euros', 'eighty-one euros'],
		[9100, 'quatre-vingt-onze euros', 'ninety-one euros'],
		[20_000, 'deux cents euros', 'two hundred euros'],
		[20_100, 'deux cent un euros', 'two hundred and one euros'],
		[100_000, 'mille euros', 'one thousand euros'],
		[123_456, 'mille deux cent trente-quatre euros et cinquante-six centimes', 'one thousand two hundred and thirty-four euros and fifty-six cents'],
		[8_000_000, 'quatre-vingt mille euros', 'eighty thousand euros'],
		[20_000_000, 'deux cent mille euros', 'two hundred thousand euros'],
		[100_000_500, 'un million cinq euros', 'one million and five euros'],
		[200_000_000, 'deux millions d’euros', 'two million euros'],
		[200_000_050, 'deux millions d’euros et cinquante centimes', 'two million euros and fifty cents'],
		[8_000_000_000, 'quatre-vingts millions d’euros', 'eighty million euros'],
		[mostCents, 'neuf cent quatre-vingt-dix-neuf millions neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf euros et quatre-vingt-dix-neuf centimes', 'nine hundred and ninety-nine million nine hundred and ninety-nine thousand nine hundred and ninety-nine euros and ninety-nine cents']
	];
	for (const [cents, fr, en] of said) expect([sumWords('fr', cents), sumWords('en', cents)]).toEqual([fr, en]);
	for (const cents of [0, -1, 1.5, mostCents + 1, NaN]) expect(() => sumWords('fr', cents)).toThrow(RangeError);
	expect(sumFigures('fr', 123_456).replace(/\s/gu, ' ')).toBe('1 234,56 €');
	expect(sumFigures('en', 123_456)).toBe('€1,234.56');
});

test('SIGN-5 a typed sum is read in its language, and not at all where its marks could mean two sums', () => {
	for (const [typed, cents] of [['1 234,56', 123_456], ['1\u202f234,5 €', 123_450], ['1234.56', 123_456], ['12', 1200]] as const) expect([typed, readSum('fr', typed)]).toEqual([typed, cents]);
	for (const [typed, cents] of [['1,234.56', 123_456], ['€1,234', 123_400], ['EUR 999,999,999.99', mostCents]] as const) expect([typed, readSum('en', typed)]).toEqual([typed, cents]);
	for (const typed of ['', '0', '0,00', '1.234', '1,234', '-5', 'douze', '1000000000', '1,2,3']) expect([typed, readSum('fr', typed)]).toEqual([typed, null]);
	for (const typed of ['1,23', '12,34.5', '1.234']) expect([typed, readSum('en', typed)]).toEqual([typed, null]);
});

test('SIGN-5 the mentions of C. civ. 1376 and 2297 say the sum in words and figures; the guarantee says all that the article asks, and waives only what was chosen', () => {
	const wish = { locale: 'fr', cents: 1_500_000, discussion: false, division: false } as const;
	const plain = (text: string) => text.replace(/\s/gu, ' ');
	expect(plain(mentionWords({ ...wish, preset: 'sum' }))).toBe('Bon pour la somme de quinze mille euros (15 000,00 €)');
	const guarantee = plain(mentionWords({ ...wish, preset: 'guarantee' }));
	expect(guarantee).toBe('Je m’engage en qualité de caution à payer au créancier ce que lui doit le débiteur en cas de défaillance de celui-ci, dans la limite, en principal et accessoires, de quinze mille euros (15 000,00 €).');
	expect(mentionWords({ ...wish, preset: 'guarantee', discussion: true })).toMatch(/ne pouvoir exiger du créancier qu’il poursuive d’abord le débiteur\.$/);
	expect(mentionWords({ ...wish, preset: 'guarantee', discussion: true, division: true })).toMatch(/qu’il poursuive d’abord le débiteur ou qu’il divise ses poursuites entre les cautions\.$/);
	for (const locale of ['fr', 'en'] as const) expect(mentionWords({ ...wish, locale, cents: mostCents, preset: 'guarantee', discussion: true, division: true }).length).toBeLessThanOrEqual(500);
	expect(['agreed', 'read'].map((preset) => mentionWords({ ...wish, preset: preset as 'agreed' }))).toEqual(['Bon pour accord', 'Lu et approuvé']);
});

test('SIGN-5 a sum is forgiven hyphens, spaces, case and accents; another sum in words or figures is not it', () => {
	const expected = mentionWords({ preset: 'sum', locale: 'fr', cents: 123_456, discussion: false, division: false });
	for (const typed of ['bon pour la somme de MILLE deux cent trente quatre euros et cinquante six centimes (1234,56€)', 'Bon pour la somme de mille-deux-cent-trente-quatre euros-et-cinquante-six centimes (1 234,56 €)']) expect(sameMention(typed, expected), typed).toBe(true);
	for (const typed of ['Bon pour la somme de mille deux cent trente-quatre euros et cinquante-six centimes (1 234,65 €)', 'Bon pour la somme de mille deux cent trente-cinq euros et cinquante-six centimes (1 234,56 €)', 'Bon pour la somme de 1 234,56 €']) expect(sameMention(typed, expected), typed).toBe(false);
	expect(sameMention('Bail 2026-2029', 'Bail 20262029')).toBe(false);
});
