// What is said while something did not go through: a code or a mail that no provider took, a signature that did not come about. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	codeDelayed: (number: string) => `L’opérateur de SMS ne répond pas : le code n’est pas encore parti vers le ${number}. L’envoi est retenté tout seul, tant que le code est valable ; il n’est pas nécessaire de le redemander. Rien n’est perdu.`,
	codeRefused: (number: string) => `Le SMS n’a pas pu partir : l’opérateur refuse le ${number}. Vérifiez ce numéro, ou demandez à l’expéditeur de le corriger. Rien n’est perdu.`,
	retrying: 'Code accepté. La signature préparée n’a pas passé notre propre contrôle, ou un de nos services ne répond pas : rien n’a été publié, et elle est refaite toute seule. Vous pouvez fermer cette page et rouvrir le lien plus tard.',
	failed: 'La signature n’a pas abouti : rien n’a été publié, vous n’avez pas signé. La cause est de notre côté ; le journal de l’exploitant la retient. Relisez, puis demandez un nouveau code. Si cela se répète, prévenez l’expéditeur.',
	serviceRefused: 'La signature n’a pas abouti : le service de signature à distance n’a pas, pour vous, de certificat qui puisse servir. Rien n’a été publié, vous n’avez pas signé. Prévenez l’expéditeur ; quand c’est réparé, demandez un nouveau code.',
	senderRetrying: 'la signature n’a pas abouti, elle est refaite toute seule',
	senderFailed: 'la signature n’a pas abouti : la personne doit demander un nouveau code',
	senderCode: { delayed: 'SMS pas encore parti : l’opérateur ne répond pas', refused: 'SMS non parti : l’opérateur refuse ce numéro' },
	delayed: (at: string) => `e-mail pas encore parti : le serveur ne répond pas, nouvel essai après ${at}`,
	refused: 'e-mail refusé : cette adresse n’existe pas, ou ne veut pas de ce message',
	given: 'e-mail abandonné : cinq jours d’essais sans réponse',
	resend: 'Renvoyer cet e-mail',
	resendTo: (name: string) => `Renvoyer cet e-mail à ${name}`
};
type Words = typeof fr;
const en: Words = {
	codeDelayed: (number) => `The SMS operator does not answer: the code has not left for ${number} yet. Sending is tried again by itself for as long as the code is valid; there is no need to ask again. Nothing is lost.`,
	codeRefused: (number) => `The SMS could not leave: the operator refuses ${number}. Check this number, or ask the sender to correct it. Nothing is lost.`,
	retrying: 'Code accepted. The signature that was prepared did not pass our own check, or one of our services does not answer: nothing was published, and it is made again by itself. You can close this page and open the link later.',
	failed: 'The signature did not come about: nothing was published, you have not signed. The cause is on our side; the operator’s log keeps it. Read again, then ask for a new code. If it happens again, tell the sender.',
	serviceRefused: 'The signature did not come about: the remote signing service has no certificate for you that can be used. Nothing was published, you have not signed. Tell the sender; once it is put right, ask for a new code.',
	senderRetrying: 'the signature did not come about, it is made again by itself',
	senderFailed: 'the signature did not come about: they have to ask for a new code',
	senderCode: { delayed: 'SMS not sent yet: the operator does not answer', refused: 'SMS not sent: the operator refuses this number' },
	delayed: (at) => `e-mail not sent yet: the server does not answer, next try after ${at}`,
	refused: 'e-mail refused: this address does not exist, or wants no such message',
	given: 'e-mail given up: five days of tries without an answer',
	resend: 'Send this e-mail again',
	resendTo: (name) => `Send this e-mail again to ${name}`
};
const dictionaries = { fr: french(fr), en };

export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
