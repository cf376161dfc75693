// The words of "need help": what a signer may ask of the sender, of the operator, or stop. French, English. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	help: 'Besoin d’aide ?',
	back: 'Revenir au document',
	why: 'Rien de ce qui suit ne vous engage, et vous pouvez toujours signer ou refuser.',
	paper: 'Demander une version papier',
	paperWhy: (sender: string) => `${sender} est prévenu et vous répond. Vous pouvez toujours signer ici tant que la demande de signature court.`,
	paperWords: 'Un mot, une adresse postale (facultatif)',
	paperSend: 'Demander le papier',
	paperOver: 'Il n’y a plus rien à signer ici : posez une question à l’expéditeur.',
	paperAsked: (date: string) => `Version papier demandée le ${date}`,
	question: 'Poser une question à l’expéditeur',
	questionWhy: (sender: string) => `${sender} reçoit votre question par e-mail, avec votre nom et votre adresse pour vous répondre. N’y mettez ni le lien, ni le code.`,
	questionWords: 'Votre question',
	questionSend: 'Envoyer la question',
	questionAsked: (date: string) => `Question posée le ${date}`,
	waits: 'Sans réponse ici pour l’instant',
	settled: 'Classée par l’expéditeur',
	answer: 'Réponse',
	reminders: 'Rappels par e-mail',
	remindersWhy: 'Les codes, le lien que vous demandez et l’exemplaire signé vous parviennent toujours.',
	scopes: {
		none: 'Recevoir les rappels',
		envelope: 'Ne plus recevoir de rappel pour ce document',
		client: (sender: string) => `Ne plus recevoir aucun rappel de ${sender}`
	},
	remindersSave: 'Enregistrer',
	abuse: 'Signaler un abus',
	abuseWhy: (operator: string) => `Votre signalement va à l’exploitant de ce service (${operator}), avec votre nom, votre adresse et la référence de l’enveloppe. L’expéditeur n’en est pas averti.`,
	abuseReason: 'Motif',
	abuseReasons: {
		'unknown-sender': 'Je ne connais pas cet expéditeur',
		deception: 'On cherche à me tromper, ou l’expéditeur se fait passer pour un autre',
		content: 'Le contenu est illicite ou choquant',
		harassment: 'On me harcèle de demandes',
		other: 'Autre motif'
	},
	abuseWords: 'Ce qui s’est passé (facultatif)',
	abuseSend: 'Signaler à l’exploitant',
	done: {
		paper: 'Demande envoyée : l’expéditeur est prévenu.',
		question: 'Question envoyée à l’expéditeur.',
		reminders: 'C’est enregistré.',
		report: 'Signalement transmis à l’exploitant. L’expéditeur n’en est pas averti.'
	}
};
type Words = typeof fr;

const en: Words = {
	help: 'Need help?',
	back: 'Back to the document',
	why: 'Nothing below commits you to anything, and you can still sign or decline.',
	paper: 'Ask for a paper version',
	paperWhy: (sender) => `${sender} is told and answers you. You can still sign here while the request for signature runs.`,
	paperWords: 'A word, a postal address (optional)',
	paperSend: 'Ask for paper',
	paperOver: 'There is nothing left to sign here: ask the sender a question.',
	paperAsked: (date) => `Paper version asked for on ${date}`,
	question: 'Ask the sender a question',
	questionWhy: (sender) => `${sender} gets your question by e-mail, with your name and address to answer you. Put neither the link nor the code in it.`,
	questionWords: 'Your question',
	questionSend: 'Send the question',
	questionAsked: (date) => `Question asked on ${date}`,
	waits: 'No answer here yet',
	settled: 'Settled by the sender',
	answer: 'Answer',
	reminders: 'Reminders by e-mail',
	remindersWhy: 'Codes, a link you ask for and the signed copy still reach you.',
	scopes: {
		none: 'Get the reminders',
		envelope: 'No more reminders for this document',
		client: (sender) => `No more reminders from ${sender} at all`
	},
	remindersSave: 'Save',
	abuse: 'Report abuse',
	abuseWhy: (operator) => `Your report goes to the operator of this service (${operator}), with your name, your address and the envelope’s reference. The sender is not told.`,
	abuseReason: 'Reason',
	abuseReasons: {
		'unknown-sender': 'I do not know this sender',
		deception: 'Someone tries to deceive me, or poses as somebody else',
		content: 'The content is unlawful or offensive',
		harassment: 'I am harassed with requests',
		other: 'Another reason'
	},
	abuseWords: 'What happened (optional)',
	abuseSend: 'Report to the operator',
	done: {
		paper: 'Request sent: the sender is told.',
		question: 'Question sent to the sender.',
		reminders: 'Saved.',
		report: 'Reported to the operator. The sender is not told.'
	}
};
const dictionaries = { fr: french(fr), en };

export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
