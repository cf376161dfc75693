// The words of having a signed document again. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	title: 'Reprendre un document signé',
	lead: (sender: string) => `Ce document a été signé à la demande de ${sender}. Pour le reprendre, demandez un code : il ne part que vers ce qui est connu de vous.`,
	toSms: (to: string) => `Le code part par SMS au ${to}.`,
	toMail: (to: string) => `Le code part par e-mail à ${to}.`,
	getCode: 'Recevoir un code',
	again: 'Renvoyer le code',
	againHint: 'Le même code repart au plus tôt après trente secondes.',
	code: 'Code reçu',
	open: 'Ouvrir',
	wrong: (left: number) => (left > 1 ? `Ce n’est pas le code. Il reste ${left} essais.` : left === 1 ? 'Ce n’est pas le code. Il reste un essai.' : 'Ce n’est pas le code. Demandez-en un nouveau.'),
	expired: 'Ce code n’est plus valable. Demandez-en un nouveau.',
	exhausted: 'Cinq essais sont faits. Demandez un nouveau code.',
	undelivered: 'L’opérateur n’a pas remis le SMS : téléphone éteint ou hors réseau ? Réessayez plus tard, ou demandez le document à l’expéditeur.',
	checking: 'Le code est en cours de vérification.',
	look: 'Voir où cela en est',
	document: 'Télécharger le document signé',
	attestation: 'Télécharger mon attestation',
	attestationPending: 'Votre attestation n’est pas encore établie : rechargez la page dans un instant.',
	digest: 'Empreinte SHA-256',
	verify: 'Vérifier sans nous faire confiance',
	reference: 'Référence',
	logged: 'Chaque ouverture est inscrite au journal.',
	gone: 'Ce lien ne donne plus rien',
	later: 'Ce qu’il devient',
	copySent: 'document signé parti',
	attestationOf: 'Télécharger l’attestation',
	attestationComing: 'attestation en cours',
	attestationMailed: 'Votre attestation de signature vous parviendra avec lui.',
	sendAgain: 'Renvoyer le document signé'
};
type Words = typeof fr;
const en: Words = {
	title: 'Get a signed document again',
	lead: (sender) => `This document was signed as asked by ${sender}. To get it again, ask for a code: it goes only to what is known of you.`,
	toSms: (to) => `The code goes by SMS to ${to}.`,
	toMail: (to) => `The code goes by e-mail to ${to}.`,
	getCode: 'Get a code',
	again: 'Send the code again',
	againHint: 'The same code goes out again after thirty seconds at the earliest.',
	code: 'Code received',
	open: 'Open',
	wrong: (left) => (left > 1 ? `That is not the code. ${left} tries are left.` : left === 1 ? 'That is not the code. One try is left.' : 'That is not the code. Ask for a new one.'),
	expired: 'This code is no longer valid. Ask for a new one.',
	exhausted: 'Five tries are made. Ask for a new code.',
	undelivered: 'The operator did not deliver the SMS: phone off or out of range? Try again later, or ask the sender for the document.',
	checking: 'The code is being checked.',
	look: 'See where it stands',
	document: 'Download the signed document',
	attestation: 'Download my attestation',
	attestationPending: 'Your attestation is not made yet: reload the page in a moment.',
	digest: 'SHA-256 digest',
	verify: 'Check without trusting us',
	reference: 'Reference',
	logged: 'Each opening is entered in the log.',
	gone: 'This link gives nothing any more',
	later: 'What becomes of it',
	copySent: 'signed document sent',
	attestationOf: 'Download the attestation',
	attestationComing: 'attestation on its way',
	attestationMailed: 'Your attestation of signature will come with it.',
	sendAgain: 'Send the signed document again'
};
const dictionaries = { fr: french(fr), en };

export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
