// The words of templates. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	templates: 'Modèles',
	lead: 'Ce que vous envoyez souvent : le document, les rôles, les champs. Il ne reste qu’à dire qui signe aujourd’hui.',
	none: 'Aucun modèle. Préparez une enveloppe, placez ses champs, puis choisissez « Enregistrer comme modèle » sur sa page.',
	toEnvelopes: 'Voir les enveloppes',
	name: 'Nom',
	safe: 'Coffre-fort',
	roles: 'Rôles',
	used: 'Enveloppes',
	changed: 'Modifié le',
	version: (n: number) => `Version ${n}`,
	use: 'Utiliser ce modèle',
	useHint: 'Une copie du document est déposée dans le coffre-fort et l’enveloppe est préparée, champs placés. Rien ne part avant que vous l’envoyiez.',
	prepare: 'Préparer l’enveloppe',
	always: 'Toujours la même personne : modifiable pour cette fois.',
	versions: 'Versions',
	versionWhy: 'Une version ne change plus : chaque enveloppe dit de laquelle elle vient.',
	by: (name: string, when: string) => `${name}, ${when}`,
	fields: (n: number) => (n === 0 ? 'aucun champ placé' : n === 1 ? 'un champ' : `${n} champs`),
	usedTimes: (n: number) => (n === 0 ? 'Pas encore utilisé.' : n === 1 ? 'Une enveloppe en est venue.' : `${n} enveloppes en sont venues.`),
	retire: 'Retirer ce modèle',
	retireWhy: 'Il n’est plus proposé. Les enveloppes qui en viennent ne changent pas, et le document reste dans le coffre-fort.',
	save: 'Enregistrer comme modèle',
	saveWhy: 'Le document sans les signatures, l’objet, le message, la durée, les rôles et les champs placés.',
	as: 'Enregistrer comme',
	asNew: 'un nouveau modèle',
	asNext: (name: string) => `la version suivante de « ${name} »`,
	role: (n: number, name: string) => `Rôle de ${name || `la personne ${n}`}`,
	keep: 'Toujours cette personne',
	usualRole: (n: number) => `Signataire ${n}`,
	from: 'Modèle'
};

type Words = typeof fr;

const en: Words = {
	templates: 'Templates',
	lead: 'What you send often: the document, the roles, the fields. All that is left to say is who signs today.',
	none: 'No template. Prepare an envelope, place its fields, then choose “Save as a template” on its page.',
	toEnvelopes: 'See the envelopes',
	name: 'Name',
	safe: 'Safe',
	roles: 'Roles',
	used: 'Envelopes',
	changed: 'Changed on',
	version: (n: number) => `Version ${n}`,
	use: 'Use this template',
	useHint: 'A copy of the document is deposited in the safe and the envelope is prepared, its fields placed. Nothing leaves before you send it.',
	prepare: 'Prepare the envelope',
	always: 'Always the same person: can be changed for this once.',
	versions: 'Versions',
	versionWhy: 'A version never changes: each envelope says which one it comes from.',
	by: (name: string, when: string) => `${name}, ${when}`,
	fields: (n: number) => (n === 0 ? 'no field placed' : n === 1 ? 'one field' : `${n} fields`),
	usedTimes: (n: number) => (n === 0 ? 'Not used yet.' : n === 1 ? 'One envelope came from it.' : `${n} envelopes came from it.`),
	retire: 'Retire this template',
	retireWhy: 'It is offered no more. Envelopes that came from it do not change, and the document stays in the safe.',
	save: 'Save as a template',
	saveWhy: 'The document without the signatures, the subject, the message, the term, the roles and the fields placed.',
	as: 'Save as',
	asNew: 'a new template',
	asNext: (name: string) => `the next version of “${name}”`,
	role: (n: number, name: string) => `Role of ${name || `person ${n}`}`,
	keep: 'Always this person',
	usualRole: (n: number) => `Signer ${n}`,
	from: 'Template'
};

const dictionaries: Readonly<Record<'fr' | 'en', Words>> = { fr: french(fr), en };
export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
