// The words of a client's legal texts in its settings, French and English. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	texts: 'Textes juridiques',
	why: 'Ce que vos signataires acceptent ou lisent avant de signer, chacun séparément, et la façon dont votre organisation les identifie. Des textes sont fournis ; faites-les relire, et écrivez les vôtres si vous en avez.',
	kinds: {
		'proof-convention': 'Convention de preuve',
		'consumer-proof-convention': 'Convention de preuve avec un consommateur',
		'electronic-form': 'Acceptation de la forme électronique',
		'ca-terms': 'Conditions de l’autorité de certification',
		'privacy-notice': 'Notice sur les données personnelles',
		'identification-procedure': 'Procédure d’identification des signataires'
	},
	uses: {
		'proof-convention': 'Accepté par chaque signataire, sauf ceux qui signent en consommateurs.',
		'consumer-proof-convention': 'Accepté à sa place par les signataires qui signent en consommateurs. Elle ne doit pas leur imposer la charge de la preuve ni limiter leurs moyens de preuve (C. consom. R. 212-1 et R. 212-2).',
		'electronic-form': 'Accepté par chaque signataire, avec une voie vers le papier.',
		'ca-terms': 'Accepté par les signataires de niveau 2 : un certificat est délivré à leur nom.',
		'privacy-notice': 'Montrée à chaque signataire ; elle ne s’accepte pas.',
		'identification-procedure': 'N’est pas montrée aux signataires : chaque enveloppe garde la version en vigueur à l’envoi.'
	},
	version: (version: string) => `Version ${version}`,
	shipped: 'fourni avec le produit',
	written: (date: string, author: string | null) => (author ? `écrite le ${date} par ${author}` : `écrite le ${date}`),
	read: 'Lire et modifier',
	french: 'En français',
	english: 'En anglais',
	shape: 'Une ligne vide sépare deux paragraphes. Le premier paragraphe figure à côté de la case (400 caractères au plus), le reste derrière un lien.',
	save: 'Ajouter cette version',
	saveWhy: 'La version d’avant n’est pas modifiée : ce qui en a été accepté le reste. Les prochains signataires verront la nouvelle, y compris pour les enveloppes déjà envoyées.',
	saved: 'La nouvelle version est en vigueur.',
	history: 'Versions',
	inForce: 'en vigueur'
};
type Words = typeof fr;

const en: Words = {
	texts: 'Legal texts',
	why: 'What your signers accept or read before signing, each by itself, and how your organisation identifies them. Texts are provided; have them reviewed, and write your own if you have some.',
	kinds: {
		'proof-convention': 'Proof convention',
		'consumer-proof-convention': 'Proof convention with a consumer',
		'electronic-form': 'Acceptance of the electronic form',
		'ca-terms': 'Terms of the certification authority',
		'privacy-notice': 'Privacy notice',
		'identification-procedure': 'Identification procedure of signers'
	},
	uses: {
		'proof-convention': 'Accepted by every signer, except by those who sign as consumers.',
		'consumer-proof-convention': 'Accepted in its place by those who sign as consumers. It must neither put the burden of proof on them nor limit their means of proof (French consumer code, R. 212-1 and R. 212-2).',
		'electronic-form': 'Accepted by every signer, with a way to paper.',
		'ca-terms': 'Accepted by signers of level 2: a certificate is issued in their name.',
		'privacy-notice': 'Shown to every signer; it is not accepted.',
		'identification-procedure': 'Not shown to signers: each envelope keeps the version in force when it was sent.'
	},
	version: (version) => `Version ${version}`,
	shipped: 'came with the product',
	written: (date, author) => (author ? `written on ${date} by ${author}` : `written on ${date}`),
	read: 'Read and change',
	french: 'In French',
	english: 'In English',
	shape: 'An empty line stands between two paragraphs. The first paragraph stands beside the box (400 characters at most), the rest behind a link.',
	save: 'Add this version',
	saveWhy: 'The version before is not changed: what was accepted of it stays so. The next signers will see the new one, in envelopes already sent too.',
	saved: 'The new version is in force.',
	history: 'Versions',
	inForce: 'in force'
};

const dictionaries: Readonly<Record<'fr' | 'en', Words>> = { fr: french(fr), en };

export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
