// The words around the legal texts a signer accepts or is shown, French and English. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	titles: {
		'proof-convention': 'Lire la convention de preuve',
		'consumer-proof-convention': 'Lire la convention de preuve',
		'electronic-form': 'Ce que change la forme électronique, et comment avoir le papier',
		'ca-terms': 'Lire les conditions de l’autorité de certification',
		'privacy-notice': 'Lire la notice sur vos données',
		'identification-procedure': 'Lire la procédure d’identification'
	},
	loading: 'Le texte arrive…',
	failed: 'Le texte n’est pas arrivé. Rien n’est perdu.',
	again: 'Charger de nouveau',
	changed: 'Ce texte a changé depuis que vous avez ouvert cette page. Rechargez-la pour lire le nouveau.',
	version: (version: string) => `Version ${version}. Elle figure au dossier de preuve.`
};
type Words = typeof fr;

const en: Words = {
	titles: {
		'proof-convention': 'Read the proof convention',
		'consumer-proof-convention': 'Read the proof convention',
		'electronic-form': 'What the electronic form changes, and how to get paper',
		'ca-terms': 'Read the terms of the certification authority',
		'privacy-notice': 'Read the notice about your data',
		'identification-procedure': 'Read the identification procedure'
	},
	loading: 'The text is arriving…',
	failed: 'The text did not arrive. Nothing is lost.',
	again: 'Load it again',
	changed: 'This text has changed since you opened this page. Reload it to read the new one.',
	version: (version) => `Version ${version}. It is in the evidence file.`
};

const dictionaries: Readonly<Record<'fr' | 'en', Words>> = { fr: french(fr), en };

export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
