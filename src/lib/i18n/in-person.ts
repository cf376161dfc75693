// Words of signing in person on the sender's device, and of the digitised signature (SIGN-14). A missing key is a type error.

import { french } from './french.ts';

const fr = {
	manner: 'Manière de signer',
	manners: {
		remote: 'À distance, par le lien reçu par e-mail',
		'in-person': 'Avec un code sur son téléphone, en personne sur votre appareil (niveau 1)',
		digitised: 'Sans code, en personne sur votre appareil : signature manuscrite numérisée'
	},
	mannerWhy: 'En personne, aucun lien n’est envoyé : vous remettez votre tablette, votre session y est verrouillée, et vous la reprenez avec votre mot de passe ou votre clé d’accès. Sans code, c’est une signature manuscrite numérisée, classe inférieure au niveau 1 : rien ne confirme qui tenait l’appareil.',
	numberUnused: 'Cette personne signe sans code : aucun SMS ne lui est envoyé pour signer.',
	inPerson: 'En personne, sur l’appareil du demandeur, avec un code',
	digitised: 'Signature manuscrite numérisée, sans code : classe inférieure au niveau 1',
	hand: (name: string) => `Remettre l’appareil à ${name}`,
	handWhy: 'Votre session est verrouillée dans ce navigateur jusqu’à ce que vous la repreniez. Fermez d’abord vos autres applications, ou épinglez cet écran.',
	locked: 'Cet appareil est remis pour signature',
	lockedFor: (name: string, title: string) => `Il est entre les mains de ${name}, pour « ${title} ». Rien d’autre ne s’ouvre ici.`,
	goOn: (name: string) => `Continuer en tant que ${name}`,
	seeSigned: 'Revoir le document signé',
	takeBack: 'Reprendre l’appareil',
	takeBackWhy: (sender: string) => `Pour ${sender} seulement. La session du signataire se termine.`,
	unlock: 'Déverrouiller',
	reference: 'Référence',
	hereOn: (sender: string) => `Vous signez en personne, sur un appareil de ${sender}. Sa session y est verrouillée : vous seul agissez ici, jusqu’à ce que vous rendiez l’appareil.`,
	drawNeeded: 'Tracez votre signature',
	signDrawn: 'Signer, sans code',
	accepting: 'Votre signature est transmise…',
	notAccepted: 'L’appareil a été repris entre-temps, ou le délai est passé : rien n’est signé. Demandez qu’il vous soit remis de nouveau.',
	giveBack: 'Rendre l’appareil',
	worth: 'Vous avez tracé votre signature sur l’appareil de l’expéditeur, sans code. C’est une signature manuscrite numérisée, d’une classe inférieure au niveau 1 : votre identité est celle que l’expéditeur a déclarée, ce que vous avez tracé est scellé par le cachet du service et horodaté, et cette signature n’est pas présumée fiable. Elle ne prouve pas qui tenait l’appareil. Un lecteur de PDF affichera « identité inconnue », car notre autorité ne figure pas dans ses listes.'
};

type Words = typeof fr;
const en: Words = {
	manner: 'How they sign',
	manners: {
		remote: 'Remotely, by the link in their e-mail',
		'in-person': 'With a code on their phone, in person on your device (level 1)',
		digitised: 'Without a code, in person on your device: digitised handwritten signature'
	},
	mannerWhy: 'In person, no link is sent: you hand over your tablet, your session is locked on it, and you take it back with your password or passkey. Without a code it is a digitised handwritten signature, a class below level 1: nothing confirms who held the device.',
	numberUnused: 'This person signs without a code: no SMS is sent to them for signing.',
	inPerson: 'In person, on the sender’s device, with a code',
	digitised: 'Digitised handwritten signature, no code: a class below level 1',
	hand: (name) => `Hand the device to ${name}`,
	handWhy: 'Your session is locked in this browser until you take it back. First close your other apps, or pin this screen.',
	locked: 'This device was handed over for a signature',
	lockedFor: (name, title) => `It is in the hands of ${name}, for “${title}”. Nothing else opens here.`,
	goOn: (name) => `Go on as ${name}`,
	seeSigned: 'See the signed document again',
	takeBack: 'Take the device back',
	takeBackWhy: (sender) => `For ${sender} alone. The signer’s session ends.`,
	unlock: 'Unlock',
	reference: 'Reference',
	hereOn: (sender) => `You are signing in person, on a device of ${sender}. Their session is locked on it: you alone act here, until you give the device back.`,
	drawNeeded: 'Draw your signature',
	signDrawn: 'Sign, without a code',
	accepting: 'Your signature is on its way…',
	notAccepted: 'The device was taken back meanwhile, or the time is over: nothing is signed. Ask for it to be handed to you again.',
	giveBack: 'Give the device back',
	worth: 'You drew your signature on the sender’s device, without a code. It is a digitised handwritten signature, of a class below level 1: your identity is the one the sender declared, what you drew is sealed by the service’s seal and timestamped, and this signature is not presumed reliable. It does not prove who held the device. A PDF reader will show “identity unknown”, because our authority is not in its lists.'
};

const dictionaries: Readonly<Record<'fr' | 'en', Words>> = { fr: french(fr), en };
export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
