// The words of the pages of the public log and of the certificates, French and English. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	log: 'Journal public',
	logWhy: 'Chaque dépôt, accès et signature est une feuille d’un journal où rien ne se change ni ne s’enlève sans que cela se voie. Ici n’en paraissent que des empreintes : aucun nom, aucun document.',
	size: (n: string) => `${n} événements inscrits`,
	checkpoint: 'Tête signée',
	checkpointWhy: 'Gardez-la : quiconque en possède une peut prouver que le journal d’alors est resté tel quel.',
	openCheckpoint: 'Ouvrir le point de contrôle',
	noCheckpoint: 'Rien n’est encore inscrit au journal.',
	key: 'Clé du journal',
	keyWhy: 'Elle vérifie la signature de la tête. Notez-la une fois, par un autre chemin que cette page.',
	openKey: 'Ouvrir la clé',
	tiles: 'Pour les outils',
	tilesWhy: 'Points de contrôle et tuiles selon C2SP (tlog-checkpoint, tlog-tiles), empreintes selon la RFC 6962. Un auditeur peut en tenir une copie.',
	pki: 'Certificats de cette instance',
	pkiWhy: 'Les cachets et les horodatages internes de cette instance remontent à cette racine. Elle ne figure ni dans la liste d’Acrobat ni dans celles de l’Union européenne.',
	root: 'Racine',
	rootWhy: 'Comparez cette empreinte avec celle reçue par un autre chemin, par exemple dans un e-mail de signature, avant de lui faire confiance.',
	ca: 'Autorité émettrice',
	caWhy: 'Elle émet les certificats des cachets et de l’horodatage.',
	noKeys: 'L’instance n’a encore rien publié : elle démarre.'
};

const en: typeof fr = {
	log: 'Public log',
	logWhy: 'Every deposit, access and signature is a leaf of a log in which nothing is changed or removed unseen. Only hashes show here: no names, no documents.',
	size: (n: string) => `${n} events entered`,
	checkpoint: 'Signed head',
	checkpointWhy: 'Keep it: whoever holds one can prove that the log of that moment stayed as it was.',
	openCheckpoint: 'Open the checkpoint',
	noCheckpoint: 'Nothing is entered in the log yet.',
	key: 'Key of the log',
	keyWhy: 'It verifies the signature of the head. Note it once, by another way than this page.',
	openKey: 'Open the key',
	tiles: 'For tools',
	tilesWhy: 'Checkpoints and tiles as in C2SP (tlog-checkpoint, tlog-tiles), hashes as in RFC 6962. An auditor can keep a copy.',
	pki: 'Certificates of this instance',
	pkiWhy: 'The seals and internal timestamps of this instance chain to this root. It is neither in Acrobat’s list nor in those of the European Union.',
	root: 'Root',
	rootWhy: 'Compare this fingerprint with the one you got another way, for example in a signing e-mail, before you trust it.',
	ca: 'Issuing authority',
	caWhy: 'It issues the certificates of the seals and of the timestamps.',
	noKeys: 'The instance has published nothing yet: it is starting.'
};

const dictionaries = { fr: french(fr), en };
export const words = (locale: 'fr' | 'en'): typeof fr => dictionaries[locale];
