// The words of documents put together. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	title: 'Réunir des documents',
	lead: 'Ils seront signés ensemble, en une fois, et aucun ne pourra en être retiré. L’ordre est celui de priorité : en cas de contradiction, celui qui vient avant l’emporte. Une liste des pièces, avec l’empreinte de chacune, vient à la fin.',
	link: 'Faire signer avec d’autres',
	chosen: 'Documents, dans l’ordre',
	earlier: (name: string) => `Avancer ${name}`,
	later: (name: string) => `Reculer ${name}`,
	remove: (name: string) => `Retirer ${name}`,
	add: (name: string) => `Ajouter ${name}`,
	others: 'Autres PDF du coffre-fort',
	none: 'Aucun autre PDF de ce coffre-fort ne correspond.',
	one: 'Ajoutez au moins un autre document.',
	full: 'Vingt documents au plus.',
	more: 'Seuls les plus récents sont montrés : cherchez par le nom.',
	search: 'Nom contient',
	filter: 'Filtrer',
	name: 'Nom de l’ensemble',
	make: 'Réunir et continuer',
	hint: 'Un nouveau document est déposé dans le coffre-fort ; ceux-ci restent comme ils sont. Rien ne part encore.',
	of: 'Réuni à partir de',
	pages: (first: number, last: number) => (first === last ? `page ${first}` : `pages ${first} à ${last}`),
	about: (name: string) => `« ${name} » :`
};
type Words = typeof fr;
const en: Words = {
	title: 'Put documents together',
	lead: 'They will be signed together, at once, and none can be taken out. The order is that of precedence: where they contradict each other, the one that comes first prevails. A list of the documents, with the digest of each, comes at the end.',
	link: 'Send with others',
	chosen: 'Documents, in order',
	earlier: (name) => `Move ${name} up`,
	later: (name) => `Move ${name} down`,
	remove: (name) => `Remove ${name}`,
	add: (name) => `Add ${name}`,
	others: 'Other PDFs of the safe',
	none: 'No other PDF of this safe matches.',
	one: 'Add at least one other document.',
	full: 'Twenty documents at most.',
	more: 'Only the latest are shown: search by name.',
	search: 'Name contains',
	filter: 'Filter',
	name: 'Name of the whole',
	make: 'Put together and go on',
	hint: 'A new document is deposited in the safe; these stay as they are. Nothing goes out yet.',
	of: 'Put together from',
	pages: (first, last) => (first === last ? `page ${first}` : `pages ${first} to ${last}`),
	about: (name) => `“${name}”:`
};
const dictionaries = { fr: french(fr), en };

export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
