// Whether what someone typed is the mention asked for: « bon pour accord » is « Bon pour Accord ».

/** Without case, accents, spaces, hyphens between letters and the shapes of quotes and dashes: hands and keyboards differ in these. Nothing else is forgiven. */
const bare = (text: string): string =>
	text
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.replace(/œ/giu, 'oe')
		.replace(/æ/giu, 'ae')
		.replace(/[’‘ʼ`]/gu, "'")
		.replace(/[«»“”„"]/gu, '')
		.replace(/\p{Pd}/gu, '-')
		.replace(/\s/gu, '')
		.replace(/(?<=\p{L})-(?=\p{L})/gu, '')
		.toLowerCase();

/** Same words, letter for letter, but for case, accents, spaces, hyphens between letters, and the shapes of quotes and dashes. */
export const sameMention = (typed: string, expected: string): boolean => bare(typed) === bare(expected);
