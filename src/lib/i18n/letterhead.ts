// The words of what mails carry, of what signers receive, and of mails that did not arrive. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	letterhead: 'Ce que portent vos messages',
	letterheadWhy: 'Vos demandes partent au nom de votre organisation, avec son logo en tête des e-mails et des pages de vos signataires.',
	logo: 'Logo',
	logoHint: 'PNG ou JPEG, 512 ko et 2000 points de côté au plus. Seule l’image est gardée.',
	logoNow: (name: string) => `Logo de ${name}`,
	chooseLogo: 'Choisir une image',
	saveLogo: 'Mettre ce logo',
	removeLogo: 'Retirer le logo',
	replyTo: 'Adresse qui reçoit les réponses',
	replyToHint: 'Vide : la personne qui envoie l’enveloppe reçoit elle-même les réponses.',
	saveReplyTo: 'Enregistrer l’adresse',
	logoless: 'Aucun logo : les e-mails portent le nom seul.',
	onlyAdministrators: 'Seuls les administrateurs le changent.',
	preview: 'Voir ce qu’ils reçoivent',
	previewTitle: 'Ce que reçoit',
	previewWhy: 'Tel que cela part, dans la langue de la personne. Le lien et le code sont remplacés : le vrai lien n’est connu que d’elle.',
	from: 'De',
	answersTo: 'Réponses à',
	to: 'À',
	subject: 'Objet',
	htmlPart: 'E-mail tel qu’il s’affiche',
	textPart: 'Le même en texte seul',
	smsPart: 'SMS du code',
	noSms: 'Pas de SMS : un approbateur n’a pas de code.',
	smsLater: 'Le numéro sera donné par la personne elle-même.',
	sendMe: 'Me l’envoyer',
	sendMeWhy: 'Un exemplaire marqué « aperçu » part à votre adresse. Dix par heure au plus.',
	onItsWay: 'L’aperçu part à votre adresse.',
	whoElse: 'Voir pour',
	delivered: 'e-mail remis',
	undelivered: 'e-mail non remis',
	reasons: {
		address: 'cette adresse n’existe pas',
		full: 'la boîte est pleine',
		refused: 'le serveur du destinataire l’a refusé',
		unreachable: 'le serveur du destinataire n’a pas répondu',
		other: 'son serveur ne dit pas pourquoi'
	},
	correctIt: 'Corrigez l’adresse : un nouveau lien part aussitôt.'
};
type Words = typeof fr;
const en: Words = {
	letterhead: 'What your messages carry',
	letterheadWhy: 'Your requests go out in your organisation’s name, with its logo on top of e-mails and of your signers’ pages.',
	logo: 'Logo',
	logoHint: 'PNG or JPEG, at most 512 kB and 2000 pixels a side. Only the picture is kept.',
	logoNow: (name) => `Logo of ${name}`,
	chooseLogo: 'Choose a picture',
	saveLogo: 'Use this logo',
	removeLogo: 'Remove the logo',
	replyTo: 'Address that receives answers',
	replyToHint: 'Empty: whoever sends the envelope receives the answers.',
	saveReplyTo: 'Save the address',
	logoless: 'No logo: e-mails carry the name alone.',
	onlyAdministrators: 'Administrators alone change this.',
	preview: 'See what they receive',
	previewTitle: 'What is received by',
	previewWhy: 'As it goes out, in the person’s language. The link and the code are replaced: the real link is known to them alone.',
	from: 'From',
	answersTo: 'Answers to',
	to: 'To',
	subject: 'Subject',
	htmlPart: 'The e-mail as it is shown',
	textPart: 'The same as plain text',
	smsPart: 'SMS of the code',
	noSms: 'No SMS: an approver has no code.',
	smsLater: 'The person gives the number themselves.',
	sendMe: 'Send it to me',
	sendMeWhy: 'A copy marked “preview” goes to your address. At most ten an hour.',
	onItsWay: 'The preview is on its way to your address.',
	whoElse: 'See for',
	delivered: 'e-mail delivered',
	undelivered: 'e-mail not delivered',
	reasons: {
		address: 'this address does not exist',
		full: 'the mailbox is full',
		refused: 'the recipient’s server refused it',
		unreachable: 'the recipient’s server did not answer',
		other: 'its server does not say why'
	},
	correctIt: 'Correct the address: a new link goes out at once.'
};
const dictionaries = { fr: french(fr), en };

export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];

/** That a mail came back, and why. */
export const undelivered = (locale: 'fr' | 'en', reason: string | null): string => {
	const { undelivered: said, reasons } = words(locale);
	return `${said}${locale === 'fr' ? '\u00a0' : ''}: ${reasons[(reason ?? 'other') as keyof Words['reasons']]}`;
};
