// The words of capacity and mandate, for who prepares and who signs, French and English. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	given: (organisation: string, capacity: string) => `Vous signez pour ${organisation}, en qualité de ${capacity}. Ces mots figureront sur le document. S’ils sont faux, ne signez pas et dites-le à l’expéditeur.`,
	forWhom: 'Pour qui signez-vous ?',
	self: 'Pour moi-même',
	forOrganisation: 'Pour une organisation',
	organisation: 'Organisation',
	capacity: 'En qualité de',
	capacityHint: 'Par exemple gérante, président, mandataire. Ces mots figureront sur le document ; personne ne les contrôle ici.',
	mandate: 'Le mandat qui vous y autorise',
	otherMandate: 'Remplacer le mandat',
	mandateWhy: 'PDF ou photo (JPEG, PNG), 10 Mo au plus. L’expéditeur le conserve avec le document ; son empreinte est liée à votre signature.',
	mandateKept: (name: string) => `Mandat reçu : ${name}`,
	sending: 'Le mandat part…',
	// for who prepares
	title: 'Qualité du signataire',
	options: { self: 'Signe pour soi', given: 'Signe pour une organisation', asked: 'Le dira au moment de signer' },
	mandateAsked: 'Demander un mandat, s’il signe pour une organisation',
	as: (organisation: string, capacity: string) => `pour ${organisation}, en qualité de ${capacity}`,
	willSay: 'dira pour qui il ou elle signe',
	seeMandate: 'Voir le mandat',
	mandatePending: 'mandat attendu'
};
type Words = typeof fr;

const en: Words = {
	given: (organisation, capacity) => `You sign for ${organisation}, as ${capacity}. These words will stand on the document, in French. If they are wrong, do not sign and tell the sender.`,
	forWhom: 'For whom do you sign?',
	self: 'For myself',
	forOrganisation: 'For an organisation',
	organisation: 'Organisation',
	capacity: 'As',
	capacityHint: 'For example manager, chair, agent. These words will stand on the document; nobody checks them here.',
	mandate: 'The mandate that empowers you',
	otherMandate: 'Replace the mandate',
	mandateWhy: 'PDF or photo (JPEG, PNG), 10 MB at most. The sender keeps it with the document; its digest is bound to your signature.',
	mandateKept: (name) => `Mandate received: ${name}`,
	sending: 'The mandate is on its way…',
	title: 'Capacity of the signer',
	options: { self: 'Signs for themselves', given: 'Signs for an organisation', asked: 'Will say when signing' },
	mandateAsked: 'Ask for a mandate, if they sign for an organisation',
	as: (organisation, capacity) => `for ${organisation}, as ${capacity}`,
	willSay: 'will say for whom they sign',
	seeMandate: 'See the mandate',
	mandatePending: 'mandate awaited'
};

const dictionaries: Readonly<Record<'fr' | 'en', Words>> = { fr: french(fr), en };

export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
