// What a browser says of the log since its last visit, French and English. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	first: (n: string) => `Ce navigateur garde désormais la tête du journal (${n} événements) et demandera, à la prochaine visite, la preuve qu’il se poursuit sans rien changer.`,
	goesOn: (n: string) => `Vérifié dans ce navigateur : le journal (${n} événements) prolonge celui de votre dernière visite, sans rien changer ni enlever.`,
	unknown: 'Le journal n’a pas pu être joint : rien n’a été vérifié.',
	unproven: 'Le journal ne se montre pas comme la suite de celui que ce navigateur a vu.',
	absent: 'Le serveur dit qu’il n’y a pas de journal.',
	malformed: 'Ce que le serveur présente n’est pas une tête signée.',
	key: 'Une autre clé signe, et rien ne montre qu’elle succède à la précédente.',
	shorter: 'Il compte moins d’événements qu’alors.',
	history: 'Ses empreintes ne contiennent pas l’état vu alors.',
	replaced: 'Un nouveau journal a commencé.',
	replacedWhy: 'Son nom est autre : ce que vous avez vu de l’ancien ne prouve rien de celui-ci. Demandez-en la raison à l’opérateur ; la première inscription nomme la dernière tête de l’ancien.',
	heads: 'Gardez ces deux textes signés : ce sont des preuves.'
};

const en: typeof fr = {
	first: (n: string) => `This browser now keeps the head of the log (${n} events) and will demand, at the next visit, proof that it goes on with nothing changed.`,
	goesOn: (n: string) => `Checked in this browser: the log (${n} events) goes on from the one of your last visit, with nothing changed or removed.`,
	unknown: 'The log could not be reached: nothing was checked.',
	unproven: 'The log is not shown to go on from the one this browser saw.',
	absent: 'The server says that there is no log.',
	malformed: 'What the server presents is no signed head.',
	key: 'Another key signs, and nothing shows that it follows the one before.',
	shorter: 'It has fewer events than then.',
	history: 'Its hashes do not contain the state seen then.',
	replaced: 'A new log has begun.',
	replacedWhy: 'Its name is another: what you saw of the old one proves nothing of this one. Ask the operator why; its first entry names the last head of the old one.',
	heads: 'Keep these two signed texts: they are evidence.'
};

const dictionaries = { fr: french(fr), en };
export const words = (locale: 'fr' | 'en'): typeof fr => dictionaries[locale];
