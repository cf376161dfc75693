// The words around the usual mentions in the field editor, French and English. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	usual: 'Mentions usuelles',
	which: 'Mention',
	presets: { agreed: '« Bon pour accord »', read: '« Lu et approuvé »', sum: 'Somme en lettres et en chiffres (C. civ. 1376)', guarantee: 'Cautionnement d’une personne physique (C. civ. 2297)' },
	/** Shown to the signer. */
	labels: { agreed: 'Mention', read: 'Mention', sum: 'Somme, en toutes lettres et en chiffres', guarantee: 'Mention de la caution' },
	sum: 'Montant en euros',
	sumHint: 'De 0,01 à 999 999 999,99 ; par exemple 15 000 ou 1 234,56.',
	discussion: 'La caution est privée du bénéfice de discussion',
	division: 'La caution est privée du bénéfice de division',
	guaranteeWhy: 'Ne cochez que ce que l’acte prévoit : sans cette mention, la caution garde ces bénéfices. Si lettres et chiffres diffèrent, l’engagement vaut pour la somme en lettres. Faites relire l’acte : la mention seule ne suffit pas à sa validité.',
	use: 'Prendre cette mention'
};
type Words = typeof fr;

const en: Words = {
	usual: 'Usual mentions',
	which: 'Mention',
	presets: { agreed: '“Bon pour accord”', read: '“Lu et approuvé”', sum: 'Sum in words and figures (French civil code, 1376)', guarantee: 'Guarantee by a natural person (French civil code, 2297)' },
	labels: { agreed: 'Mention', read: 'Mention', sum: 'Sum, in words and in figures', guarantee: 'Mention of the surety' },
	sum: 'Amount in euros',
	sumHint: 'From 0.01 to 999,999,999.99; for example 15,000 or 1,234.56.',
	discussion: 'The surety is deprived of the benefit of discussion',
	division: 'The surety is deprived of the benefit of division',
	guaranteeWhy: 'Tick only what the deed provides: without this mention the surety keeps these benefits. Where words and figures differ, the sum in words holds. Have the deed reviewed: the mention alone does not make it valid.',
	use: 'Use this mention'
};

const dictionaries: Readonly<Record<'fr' | 'en', Words>> = { fr: french(fr), en };

export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
