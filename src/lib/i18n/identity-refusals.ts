// The refusals of identity checks as sentences: what happened, what is safe, what to do. Apart from the other words: every signer's page carries these.

import { typeset } from './french.ts';

/** The name of the officers' queue, for the menu of every page. */
export const checks = { fr: 'Contrôles d’identité', en: 'Identity checks' } as const;

const refusals: Readonly<Record<string, readonly [fr: string, en: string]>> = {
	'identity-needed': ['Votre identité doit être acceptée avant de recevoir un code. Rechargez la page : elle dit où en est le contrôle.', 'Your identity has to be accepted before a code is sent. Reload the page: it says where the check stands.'],
	'identity-undeclared': ['Au niveau 2, ou pour un certificat au nom de la personne, donnez le nom et les prénoms du signataire comme ils figurent sur son titre.', 'At level 2, or for a certificate in the person’s name, give the signer’s surname and given names as they stand on the document.'],
	'identity-refused': ['Votre identité a été refusée : répondez à l’expéditeur.', 'Your identity was refused: reply to the sender.'],
	'identity-images': ['Trop d’images en une heure. Ce qui est reçu est gardé ; réessayez plus tard.', 'Too many images in an hour. What was received is kept; try again later.'],
	'identity-side': ['Il manque une face du titre. Les images reçues sont gardées.', 'One side of the document is missing. The images received are kept.'],
	'identity-not-reusable': ['Ce contrôle ne peut plus servir : montrez votre titre.', 'That check cannot be used any more: show your document.'],
	'identity-erased': ['Ces images sont effacées.', 'These images are erased.'],
	'identity-why': ['Dites pourquoi vous regardez ces images (5 à 200 caractères).', 'Say why you look at these images (5 to 200 characters).'],
	'identity-image': ['Cette image n’est plus là.', 'This image is not there any more.'],
	'identity-check': ['Ce contrôle n’existe pas, ou n’est pas de votre organisation.', 'This check does not exist, or is not of your organisation.'],
	'image-type': ['Ce fichier n’est pas une photo JPEG ou PNG. Rien n’est perdu.', 'This file is no JPEG or PNG photo. Nothing is lost.'],
	'image-damaged': ['Cette photo est abîmée ou incomplète. Prenez-en une autre.', 'This photo is damaged or incomplete. Take another one.'],
	'image-small': ['Cette photo est trop petite pour être lue. Prenez-en une autre de plus près.', 'This photo is too small to be read. Take another one from closer.'],
	'image-large': ['Cette photo a trop de points (50 millions au plus).', 'This photo has too many pixels (50 million at most).'],
	'image-too-large': ['Cette photo dépasse 10 Mo.', 'This photo is larger than 10 MB.'],
	'check-state': ['Le contrôle a avancé entre-temps. Rechargez la page.', 'The check has moved on meanwhile. Reload the page.'],
	'check-decided': ['Ce contrôle est déjà décidé, ou l’identité déclarée a été corrigée.', 'This check is decided already, or the declared identity was corrected.'],
	'second-officer': ['Vous avez déjà accepté : la seconde acceptation est celle d’un autre agent.', 'You have accepted already: the second acceptance is another officer’s.'],
	'own-identity': ['C’est votre propre identité, ou celle d’une personne avec qui vous signez : un autre agent doit s’en occuper.', 'This is your own identity, or that of a person you sign with: another officer has to deal with it.'],
	'decision-reason': ['Donnez un motif (5 caractères au moins).', 'Give a reason (at least 5 characters).'],
	'officers-only': ['Seul un agent d’enregistrement peut le faire.', 'Only a registration officer may do this.'],
	'field-image': ['Choisissez une photo.', 'Choose a photo.']
};

/** The sentence of a refusal of identity checks; undefined for another domain's. */
export function refusal(locale: 'fr' | 'en', reason: string): string | undefined {
	const [fr, en] = refusals[reason] ?? [];
	return locale === 'fr' ? fr && typeset(fr) : en;
}
