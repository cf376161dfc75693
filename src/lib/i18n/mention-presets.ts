// The usual mentions, ready to be placed: the words a signer has to type. Those with a sum name their article; what they must say is the law's, C. civ. 1376 and 2297.

import { sumFigures, sumWords, type Locale } from './number-words.ts';

export const presets = ['agreed', 'read', 'sum', 'guarantee'] as const;
export type Preset = (typeof presets)[number];

export interface Wish {
	readonly preset: Preset;
	readonly locale: Locale;
	/** Of a sum or a guarantee. */
	readonly cents: number;
	/** A surety without the benefit of discussion, of division: says so, or keeps them (C. civ. 2297, second paragraph). */
	readonly discussion: boolean;
	readonly division: boolean;
}

const waivers: Readonly<Record<Locale, (w: Wish) => string>> = {
	fr: ({ discussion, division }) => {
		const what = [discussion ? 'qu’il poursuive d’abord le débiteur' : '', division ? 'qu’il divise ses poursuites entre les cautions' : ''].filter(Boolean).join(' ou ');
		return what && ` Je reconnais ne pouvoir exiger du créancier ${what}.`;
	},
	en: ({ discussion, division }) => {
		const what = [discussion ? 'first pursue the debtor' : '', division ? 'divide their claims between the sureties' : ''].filter(Boolean).join(' or ');
		return what && ` I acknowledge that I cannot require the creditor to ${what}.`;
	}
};

/** The words of a mention. Throws RangeError for a sum that cannot be. */
export function mentionWords(wish: Wish): string {
	const { preset, locale, cents } = wish;
	if (preset === 'agreed') return 'Bon pour accord';
	if (preset === 'read') return 'Lu et approuvé';
	const sum = `${sumWords(locale, cents)} (${sumFigures(locale, cents)})`;
	if (preset === 'sum') return locale === 'fr' ? `Bon pour la somme de ${sum}` : `Good for the sum of ${sum}`;
	return locale === 'fr'
		? `Je m’engage en qualité de caution à payer au créancier ce que lui doit le débiteur en cas de défaillance de celui-ci, dans la limite, en principal et accessoires, de ${sum}.${waivers.fr(wish)}`
		: `I undertake as surety to pay the creditor what the debtor owes them should the debtor default, within the limit, in principal and accessories, of ${sum}.${waivers.en(wish)}`;
}
