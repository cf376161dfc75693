// Refusals of signing in person, and inside another site's page, as sentences. French, English.

import { typeset } from './french.ts';

const refusals: Readonly<Record<string, readonly [fr: string, en: string]>> = {
	'session-locked': ['Cet appareil est remis à un signataire : rien d’autre ne s’ouvre ici. Qui l’a remis le déverrouille.', 'This device was handed to a signer: nothing else opens here. Whoever handed it over unlocks it.'],
	'not-in-person': ['Cette personne signe par le lien qu’elle a reçu, pas en personne.', 'This person signs by the link they got, not in person.'],
	'not-their-turn': ['Ce n’est pas le tour de cette personne, ou elle a déjà signé. Rechargez la page.', 'It is not this person’s turn, or they have signed already. Reload the page.'],
	'not-handed-over': ['L’appareil a été repris : demandez qu’il vous soit remis de nouveau. Rien n’est signé.', 'The device was taken back: ask for it to be handed to you again. Nothing is signed.'],
	'drawing-needed': ['Tracez votre signature dans le cadre. Rien n’est perdu.', 'Draw your signature in the box. Nothing is lost.'],
	'code-needed': ['Votre signature demande un code : demandez-le ci-dessus.', 'Your signature needs a code: ask for it above.'],
	'no-code': ['Votre signature se fait sans code.', 'Your signature is made without a code.'],
	'level-2-in-person': ['Le niveau 2 se fait à distance : choisissez une autre manière de signer pour cette personne.', 'Level 2 is done remotely: choose another manner of signing for this person.'],
	'own-name-digitised': ['Un certificat au nom du signataire demande un code : choisissez une autre manière de signer pour cette personne.', 'A certificate in the signer’s own name needs a code: choose another manner of signing for this person.'],
	'embedding-dead': ['Cette adresse a déjà servi, a plus de dix minutes, ou n’est plus permise. Demandez-en une autre au site qui l’affiche ; rien n’est perdu.', 'This address was used already, is more than ten minutes old, or is allowed no more. Ask the site that shows it for another; nothing is lost.'],
	'embedding-blocked': ['La session est terminée, ou ce navigateur bloque les cookies dans le cadre d’un autre site. Rechargez la page du site, ou signez par le lien reçu par e-mail. Rien n’est perdu.', 'The session has ended, or this browser blocks cookies inside another site’s frame. Reload the site’s page, or sign by the link in your e-mail. Nothing is lost.'],
	'embedding-origin': ['Une origine est de la forme https://www.exemple.fr : https, sans chemin, et pas cette instance elle-même.', 'An origin looks like https://www.example.com: https, no path, and not this instance itself.'],
	'origin-known': ['Ce site est déjà permis.', 'This site is allowed already.'],
	'origins-many': ['Vingt sites au plus.', 'Twenty sites at most.'],
	origin: ['Ce site n’est pas, ou plus, permis.', 'This site is not allowed, or no more.'],
	'not-remote': ['Cette personne ne signe pas par un lien : rien ne s’intègre pour elle.', 'This person does not sign by a link: nothing is embedded for them.'],
	embeddings: ['Trente adresses par personne et par heure au plus. Réessayez plus tard.', 'Thirty addresses a person and an hour at most. Try again later.'],
	'field-origin': ['Choisissez un site.', 'Choose a site.'],
	'decision-one': ['Choisissez une décision, et une seule. Rien n’est perdu.', 'Choose one decision, and only one. Nothing is lost.'],
	'decision-reservations': ['Écrivez au moins une réserve, et la date à laquelle elles sont à lever. Rien n’est perdu.', 'Write at least one reservation, and the date by which they are to be lifted. Nothing is lost.'],
	'decision-until': ['Indiquez la date à laquelle la réception est reportée. Rien n’est perdu.', 'Give the date to which the acceptance is postponed. Nothing is lost.'],
	'decision-reason': ['Indiquez pourquoi vous refusez. Rien n’est perdu.', 'Say why you refuse. Nothing is lost.'],
	'decision-stray': ['Ce que vous avez écrit ne va pas avec votre choix : refaites-le.', 'What you wrote does not go with your choice: make it again.'],
	'minutes-fields': ['Les champs d’un procès-verbal sont faits avec lui et ne se déplacent pas.', 'The fields of minutes are made with them and are not moved.'],
	'field-place': ['Indiquez le lieu.', 'Give the place.'],
	'field-date': ['Indiquez la date.', 'Give the date.'],
	'field-works': ['Décrivez les travaux ou l’intervention.', 'Describe the works or the intervention.'],
	'field-manner': ['Choisissez comment cette personne signe.', 'Choose how this person signs.']
};

/** The sentence of a refusal of this domain; undefined for another's. */
export function inPersonRefusal(locale: 'fr' | 'en', reason: string): string | undefined {
	const [fr, en] = refusals[reason] ?? [];
	return locale === 'fr' ? fr && typeset(fr) : en;
}
