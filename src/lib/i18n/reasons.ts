// The domain's refusals of documents, envelopes and signing as sentences: what happened, what is safe, what to do.

import { typeset } from './french.ts';
import { sentence as accountSentence } from './identity.ts';
import { pdfReason } from './safe.ts';

const fr: Readonly<Record<string, string>> = {
	'hash-mismatch': 'Le fichier reçu n’est pas celui qui a été annoncé : rien n’a été déposé. Renvoyez-le.',
	'read-back': 'Le stockage n’a pas rendu les octets qu’il a reçus : rien n’a été déposé. Réessayez.',
	'empty-file': 'Ce fichier est vide : il n’y a rien à déposer.',
	'file-too-large': 'Ce fichier dépasse la taille permise : rien n’a été déposé.',
	'name-path': 'Un nom de fichier ne peut contenir ni « / » ni « \\ ». Renommez-le, puis déposez-le.',
	'name-direction': 'Ce nom contient des marques invisibles qui changent son sens de lecture. Renommez le fichier.',
	'name-control': 'Ce nom contient des caractères de commande. Renommez le fichier.',
	'name-long': 'Ce nom dépasse 255 caractères. Raccourcissez-le.',
	'name-empty': 'Ce fichier n’a pas de nom.',
	'stage-incomplete': 'L’envoi n’est pas complet ; reprenez-le.',
	'stage-busy': 'Cet envoi est déjà en cours ailleurs.',
	uploads: 'Trop de dépôts commencés et inachevés : terminez-les, ou attendez qu’ils expirent (24 heures).',
	'stage-used': 'Ce fichier est déjà déposé.',
	'right-missing': 'Vous n’avez pas ce droit dans ce coffre-fort. Demandez-le à un administrateur.',
	'confirmation-differs': 'Le nom tapé n’est pas celui du document : rien n’a été détruit.',
	'in-envelope': 'Ce document attend des signatures : annulez d’abord l’enveloppe.',
	'client-not-verified': 'L’exploitant n’a pas encore vérifié votre organisation : l’enveloppe est prête, et partira dès que ce sera fait.',
	'envelope-state': 'L’enveloppe a changé entre-temps.',
	'no-credit': 'Il ne reste pas assez de crédits de signature : rien n’est parti, l’enveloppe est prête. Demandez des crédits à l’exploitant.',
	'being-signed': 'Un code vient d’être accepté et la signature se fait : l’enveloppe reste ouverte jusque-là. Réessayez dans un instant.',
	'signer-done': 'Cette personne a déjà signé ou refusé : ses coordonnées ne changent plus.',
	corrections: 'Dix corrections par signataire et par jour au plus. Réessayez demain.',
	signer: 'Ce signataire n’est pas de cette enveloppe.',
	'same-contact': 'Deux signataires ne peuvent pas partager une adresse ou un numéro.',
	'number-malformed': 'Un numéro n’est pas valable.',
	'number-not-mobile': 'Un numéro n’est pas celui d’un mobile : le code n’y arriverait pas.',
	'number-country': 'Aucun code n’est envoyé vers le pays d’un de ces numéros.',
	reminders: 'Trois rappels par jour au plus. Réessayez demain.',
	'link-dead': 'Ce lien ne fonctionne plus : il a été remplacé, l’enveloppe est close, ou il n’a jamais existé. Demandez un nouveau lien à l’expéditeur.',
	'signing-session': 'La session est terminée. Rouvrez le lien reçu par e-mail : rien de ce que vous avez fait n’est perdu.',
	'document-moved': 'Le document a changé depuis que vous l’avez ouvert. Rechargez la page pour lire la version actuelle.',
	'code-expired': 'Ce code n’est plus valable (dix minutes). Demandez-en un nouveau.',
	'code-exhausted': 'Cinq essais sont faits. Demandez un nouveau code.',
	'code-shape': 'Le code a six chiffres.',
	codes: 'Trop de codes ont été demandés. Réessayez plus tard ; rien n’est perdu.',
	'not-sent': 'La demande n’est pas partie : vérifiez le réseau, puis réessayez. Rien n’est perdu.',
	'already-signed': 'Vous avez déjà signé.',
	'not-your-turn': 'Ce n’est pas encore votre tour : vous serez prévenu.',
	'envelope-closed': 'L’enveloppe est close : il n’y a plus rien à signer.',
	'receipt-pending': 'Le reçu n’est pas encore fait ; il vient dans quelques secondes.',
	destroyed: 'Ce document a été détruit.',
	document: 'Ce document n’existe pas, ou n’est pas à vous.',
	envelope: 'Cette enveloppe n’existe pas, ou n’est pas à vous.',
	safe: 'Ce coffre-fort n’existe pas, ou ne vous est pas ouvert.'
};

const en: { readonly [K in keyof typeof fr]: string } = {
	'hash-mismatch': 'The file received is not the one announced: nothing was deposited. Send it again.',
	'read-back': 'Storage did not give back the bytes it got: nothing was deposited. Try again.',
	'empty-file': 'This file is empty: there is nothing to deposit.',
	'file-too-large': 'This file is larger than allowed: nothing was deposited.',
	'name-path': 'A file name cannot contain “/” or “\\”. Rename it, then deposit it.',
	'name-direction': 'This name contains invisible marks that change how it reads. Rename the file.',
	'name-control': 'This name contains control characters. Rename the file.',
	'name-long': 'This name has more than 255 characters. Shorten it.',
	'name-empty': 'This file has no name.',
	'stage-incomplete': 'The upload is not complete; resume it.',
	'stage-busy': 'This upload is going on elsewhere.',
	uploads: 'Too many deposits begun and not finished: finish them, or wait until they expire (24 hours).',
	'stage-used': 'This file is deposited already.',
	'right-missing': 'You do not have this right in this safe. Ask an administrator.',
	'confirmation-differs': 'The name typed is not the document’s: nothing was destroyed.',
	'in-envelope': 'This document waits for signatures: cancel the envelope first.',
	'client-not-verified': 'The operator has not verified your organisation yet: the envelope is ready and can go as soon as that is done.',
	'envelope-state': 'The envelope has changed meanwhile.',
	'no-credit': 'There are not enough signature credits left: nothing was sent, the envelope is ready. Ask the operator for credits.',
	'being-signed': 'A code was just accepted and the signature is being made: the envelope stays open until then. Try again in a moment.',
	'signer-done': 'This person has already signed or declined: their contact no longer changes.',
	corrections: 'At most ten corrections a day for a signer. Try again tomorrow.',
	signer: 'That signer is not of this envelope.',
	'same-contact': 'Two signers cannot share an address or a number.',
	'number-malformed': 'A number is not valid.',
	'number-not-mobile': 'A number is not a mobile’s: the code would not arrive.',
	'number-country': 'No codes are sent to the country of one of these numbers.',
	reminders: 'At most three reminders a day. Try again tomorrow.',
	'link-dead': 'This link no longer works: it was replaced, the envelope is closed, or it never existed. Ask the sender for a new one.',
	'signing-session': 'The session has ended. Open the link of the e-mail again: nothing you did is lost.',
	'document-moved': 'The document has changed since you opened it. Reload the page to read the current version.',
	'code-expired': 'This code is no longer valid (ten minutes). Ask for a new one.',
	'code-exhausted': 'Five tries are made. Ask for a new code.',
	'code-shape': 'The code has six digits.',
	codes: 'Too many codes were asked for. Try again later; nothing is lost.',
	'not-sent': 'The request did not go out: check the network, then try again. Nothing is lost.',
	'already-signed': 'You have signed already.',
	'not-your-turn': 'It is not your turn yet: you will be told.',
	'envelope-closed': 'The envelope is closed: there is nothing left to sign.',
	'receipt-pending': 'The receipt is not made yet; it comes in a few seconds.',
	destroyed: 'This document was destroyed.',
	document: 'This document does not exist, or is not yours.',
	envelope: 'This envelope does not exist, or is not yours.',
	safe: 'This safe does not exist, or is not open to you.'
};

/** The sentence of a refusal. */
export function sentence(locale: 'fr' | 'en', reason: string): string {
	if (reason.startsWith('pdf-')) {
		const why = pdfReason(locale, reason);
		return locale === 'fr' ? typeset(`Ce PDF ne peut pas être signé : ${why ?? reason}. L’original est intact.`) : `This PDF cannot be signed: ${why ?? reason}. The original is untouched.`;
	}
	const own = (locale === 'fr' ? fr : en)[reason];
	return own === undefined ? accountSentence(locale, reason) : locale === 'fr' ? typeset(own) : own;
}
