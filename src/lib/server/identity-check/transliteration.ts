// How a name may be spelt in a machine readable zone: ICAO 9303-3 §6, tables A (Latin) and B (Cyrillic), with the variants they leave to States; Greek by ELOT 743, letter by letter.

/** Letters whose spelling is not their base letter: the spellings, `|` between, the empty one at the end. */
const table: Readonly<Record<string, string>> = Object.fromEntries(
	[
		'Ä AE|A, Å AA|A, Æ AE, Ç C, Ð D, Ñ NXX|N, Ö OE|O, Ø OE|O, Ü UXX|UE|U, Þ TH, ß SS, ẞ SS, Œ OE, Ĳ IJ, Đ D, Ħ H, ı I, ĸ Q, Ł L, Ŋ N, Ŧ T, Ə E',
		'А A, Б B, В V, Г G|H, Ґ G, Д D, Ђ D, Ѓ G, Е E, Ё E|IO, Є IE, Ж ZH|Z, З Z, Ѕ DZ, И I|Y, І I, Ї I, Й I, Ј J, К K, Ќ K, Л L, Љ LJ, М M, Н N, Њ NJ, О O, П P, Р R, С S, Т T, Ћ C',
		'У U, Ў U, Ф F, Х KH|H, Ц TS|C, Ч CH|C, Џ DZ, Ш SH|S, Щ SHCH|SHT, Ъ IE|U|, Ы Y, Ь Y|, Э E, Ю IU, Я IA',
		'Α A, Β V, Γ G|N, Δ D, Ε E, Ζ Z, Η I, Θ TH, Ι I, Κ K, Λ L, Μ M, Ν N, Ξ X, Ο O, Π P, Ρ R, Σ S, Τ T, Υ Y|U|V|F, Φ F, Χ CH, Ψ PS, Ω O'
	]
		.join(', ')
		.split(', ')
		.map((entry) => entry.split(' ') as [string, string])
);

/** Longer than any zone; what comes after cannot be in it. */
const longest = 100;

const spellings = (letter: string): string | null => table[letter] ?? table[letter.normalize('NFD')[0]!] ?? /^[A-Z]/.exec(letter.normalize('NFD'))?.[0] ?? null;

/** The words of a name in capital letters, one element per letter; apostrophes, which zones leave out, are gone. */
export function words(name: string): string[][] {
	const letters = [...name.slice(0, longest).normalize('NFC').replace(/ß/g, 'ẞ').toUpperCase().normalize('NFC')];
	const parted = letters.filter((c) => !/['’ʼ‘`´.]/.test(c)).map((c) => (/[\p{L}]/u.test(c) ? c : /\p{M}/u.test(c) ? '' : ' '));
	return parted.reduce<string[][]>((all, c) => (c === ' ' ? [...all, []] : (c && all.at(-1)!.push(c), all)), [[]]).filter((word) => word.length > 0);
}

/** Whether every letter has a spelling in the zone's alphabet here. */
export const spellable = (word: readonly string[]): boolean => word.every((letter) => spellings(letter) !== null);

/** Whether `zone` (A to Z) is one of the spellings of `word`; with `begins`, whether it is the beginning of one. */
export function spelt(word: readonly string[], zone: string, begins = false): boolean {
	let ends = new Set([0]); // how far into the zone the letters so far may reach
	for (const letter of word) {
		const next = new Set<number>();
		for (const from of ends) {
			if (begins && from === zone.length && zone.length > 0) return true;
			for (const spelling of (spellings(letter) ?? '?').split('|')) {
				if (zone.startsWith(spelling, from)) next.add(from + spelling.length);
				else if (begins && from < zone.length && spelling.startsWith(zone.slice(from))) return true;
			}
		}
		ends = next;
	}
	return ends.has(zone.length);
}

/** Without what transliteration adds, for names typed without their accents: MUELLER and MULLER are one. */
export const bare = (zone: string): string => zone.replace(/([AOU])E/g, '$1').replace(/AA/g, 'A').replace(/SS/g, 'S').replace(/NXX/g, 'N').replace(/UXX/g, 'U');

/** One spelling of a word. */
export const firstSpelling = (word: readonly string[]): string => word.map((letter) => (spellings(letter) ?? '?').split('|').at(-1) || (spellings(letter) ?? '?').split('|')[0]!).join('');
