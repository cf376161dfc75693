// Refusals of signing in person, as sentences. French, English.

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
	'field-manner': ['Choisissez comment cette personne signe.', 'Choose how this person signs.']
};

/** The sentence of a refusal of this domain; undefined for another's. */
export function inPersonRefusal(locale: 'fr' | 'en', reason: string): string | undefined {
	const [fr, en] = refusals[reason] ?? [];
	return locale === 'fr' ? fr && typeset(fr) : en;
}
