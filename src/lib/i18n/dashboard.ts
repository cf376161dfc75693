// The words of the dashboard and of lists of envelopes. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	onYou: 'Vous attend',
	onOthers: 'Attend les autres',
	wrong: 'À regarder',
	done: 'Terminé',
	doneLately: 'Terminé ces 30 derniers jours',
	nothingDone: 'Aucune enveloppe ne s’est terminée ces 30 derniers jours.',
	nothingWrong: 'Rien n’a mal tourné.',
	drafts: (n: number) => (n > 1 ? `${n} brouillons` : `${n} brouillon`),
	seeAll: (n: number) => `Voir les ${n}`,
	toSign: 'à signer',
	toApprove: 'à approuver',
	askedBy: (sender: string) => `Demandé par ${sender}`,
	until: (day: string) => `jusqu’au ${day}`,
	linkAgain: 'Me renvoyer le lien',
	linkAgainWhy: 'Le lien est dans l’e-mail reçu à votre adresse ; il ne s’affiche pas ici.',
	linkSent: 'Le lien part à votre adresse.',
	checks: (n: number) => (n > 1 ? `${n} identités à contrôler` : `${n} identité à contrôler`),
	copy: (name: string) => `Copie à plat à relire : ${name}`,
	request: {
		paper: (name: string, title: string) => `${name} demande « ${title} » sur papier`,
		question: (name: string, title: string) => `${name} pose une question : « ${title} »`
	},
	moreRequests: (n: number) => `et ${n} de plus, dans leurs enveloppes`,
	whats: { 'mail-failed': 'l’e-mail n’a pas pu partir', 'code-undelivered': 'le SMS du code n’a pas été remis' },
	fix: 'Corriger les coordonnées',
	declined: (n: number) => (n > 1 ? `${n} refusées` : `${n} refusée`),
	expired: (n: number) => (n > 1 ? `${n} expirées` : `${n} expirée`),
	pending: 'Horodatages en attente',
	activity: 'Activité des 30 derniers jours',
	activitySum: (sent: number, completed: number) => `${sent} ${sent > 1 ? 'envoyées' : 'envoyée'}, ${completed} ${completed > 1 ? 'terminées' : 'terminée'}`,
	undelivered: 'non remise à quelqu’un',
	words: 'Titre, référence, nom ou adresse contient',
	found: (n: number) => (n > 1 ? `${n} enveloppes` : `${n} enveloppe`),
	exportCsv: 'Exporter (CSV)',
	pageOf: (page: number, of: number) => `Page ${page} sur ${of}`,
	noneFound: 'Aucune enveloppe ne correspond.'
};
type Words = typeof fr;
const en: Words = {
	onYou: 'Waits on you',
	onOthers: 'Waits on others',
	wrong: 'To look at',
	done: 'Done',
	doneLately: 'Done in the last 30 days',
	nothingDone: 'No envelope was completed in the last 30 days.',
	nothingWrong: 'Nothing went wrong.',
	drafts: (n) => (n === 1 ? `${n} draft` : `${n} drafts`),
	seeAll: (n) => `See all ${n}`,
	toSign: 'to sign',
	toApprove: 'to approve',
	askedBy: (sender) => `Asked by ${sender}`,
	until: (day) => `until ${day}`,
	linkAgain: 'Send me the link again',
	linkAgainWhy: 'The link is in the e-mail sent to your address; it is not shown here.',
	linkSent: 'The link is on its way to your address.',
	checks: (n) => (n === 1 ? `${n} identity to check` : `${n} identities to check`),
	copy: (name) => `Flat copy to read: ${name}`,
	request: {
		paper: (name, title) => `${name} asks for “${title}” on paper`,
		question: (name, title) => `${name} asks a question: “${title}”`
	},
	moreRequests: (n) => `and ${n} more, in their envelopes`,
	whats: { 'mail-failed': 'the e-mail could not be sent', 'code-undelivered': 'the SMS of the code was not delivered' },
	fix: 'Correct the contact',
	declined: (n) => `${n} declined`,
	expired: (n) => `${n} expired`,
	pending: 'Timestamps pending',
	activity: 'Activity of the last 30 days',
	activitySum: (sent, completed) => `${sent} sent, ${completed} completed`,
	undelivered: 'not delivered to someone',
	words: 'Title, reference, name or address contains',
	found: (n) => (n === 1 ? `${n} envelope` : `${n} envelopes`),
	exportCsv: 'Export (CSV)',
	pageOf: (page, of) => `Page ${page} of ${of}`,
	noneFound: 'No envelope matches.'
};
const dictionaries = { fr: french(fr), en };

export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
