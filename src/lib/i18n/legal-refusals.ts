// Refusals about legal texts and what the law asks for, as sentences. French, English.

import { typeset } from './french.ts';

const refusals: Readonly<Record<string, readonly [fr: string, en: string]>> = {
	'acts-unconfirmed': ['L’avertissement sur les actes exclus a changé, ou n’a pas été confirmé. Relisez-le ci-dessous, puis envoyez.', 'The warning on excluded acts has changed, or was not confirmed. Read it below, then send.'],
	'capacity-half': ['Pour qui signe au nom d’une organisation, indiquez l’organisation et la qualité.', 'For one who signs for an organisation, give the organisation and the capacity.'],
	'capacity-both': ['La qualité est déclarée ou demandée au signataire, pas les deux.', 'The capacity is declared or asked of the signer, not both.'],
	'capacity-no-mandate': ['Un mandat ne se demande pas à qui signe pour soi.', 'A mandate is not asked of one who signs for themselves.'],
	'capacity-changed': ['Ce que cette page disait de votre qualité ou du mandat a changé. Rechargez-la, puis relisez.', 'What this page said of your capacity or the mandate has changed. Reload it, then read again.'],
	'mandate-needed': ['Il manque le mandat : joignez-le, ou dites que vous signez pour vous. Rien n’est perdu.', 'The mandate is missing: add it, or say that you sign for yourself. Nothing is lost.'],
	'mandate-unasked': ['Aucun mandat ne vous est demandé.', 'No mandate is asked of you.'],
	'mandate-type': ['Ce fichier n’est ni un PDF, ni une photo JPEG ou PNG. Rien n’est perdu.', 'This file is no PDF, and no JPEG or PNG photo. Nothing is lost.'],
	'mandate-too-large': ['Ce fichier dépasse 10 Mo.', 'This file is larger than 10 MB.'],
	mandates: ['Cinq mandats par jour au plus. Réessayez demain, ou écrivez à l’expéditeur.', 'Five mandates a day at most. Try again tomorrow, or write to the sender.'],
	'field-mandate': ['Choisissez un fichier.', 'Choose a file.'],
	'field-organisation': ['Le nom de l’organisation est trop long ou illisible.', 'The organisation’s name is too long or unreadable.'],
	'field-capacity': ['La qualité est trop longue ou illisible.', 'The capacity is too long or unreadable.'],
	'procedure-needed': ['Pour un certificat au nom d’une personne que vous identifiez vous-mêmes, votre organisation doit avoir écrit sa propre procédure d’identification : un administrateur l’enregistre sous Paramètres, Textes juridiques. Celle qui vient avec le produit ne suffit pas. Sinon, retirez ce choix.', 'For a certificate in the name of a person whom you identify yourselves, your organisation must have written its own identification procedure: an administrator records it under Settings, Legal texts. The one that comes with the product is not enough. Otherwise, take this choice back.'],
	'text-needed': ['Une acceptation manque : cochez chaque case, ou demandez le papier à l’expéditeur. Rien n’est perdu.', 'An acceptance is missing: tick each box, or ask the sender for paper. Nothing is lost.'],
	'text-changed': ['L’un des textes à accepter a changé depuis que vous avez ouvert cette page. Rechargez-la, puis lisez-le.', 'One of the texts to accept has changed since you opened this page. Reload it, then read it.'],
	'legal-text': ['Ce texte n’existe pas.', 'This text does not exist.'],
	'legal-text-shape': ['Il faut le texte dans les deux langues : 20 000 caractères au plus, et un premier paragraphe de 400 au plus.', 'The text is needed in both languages: 20,000 characters at most, and a first paragraph of 400 at most.'],
	'text-moved': ['Une autre version a été ajoutée entre-temps. Lisez-la ci-dessous ; ce que vous avez écrit est gardé ici.', 'Another version was added meanwhile. Read it below; what you wrote is kept here.'],
	'text-same': ['Rien n’a changé : aucune version n’a été ajoutée.', 'Nothing was changed: no version was added.']
};

/** The sentence of a refusal of this domain; undefined for another's. */
export function legalRefusal(locale: 'fr' | 'en', reason: string): string | undefined {
	const [fr, en] = refusals[reason] ?? [];
	return locale === 'fr' ? fr && typeset(fr) : en;
}
