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
	'recap-needed': ['Confirmez d’abord le récapitulatif du contrat. Rien n’est perdu.', 'First confirm the recap of the contract. Nothing is lost.'],
	'recap-changed': ['Le récapitulatif a changé depuis que vous avez ouvert cette page. Rechargez-la, puis relisez-le.', 'The recap has changed since you opened this page. Reload it, then read it again.'],
	'no-recap': ['Aucun récapitulatif ne vous est demandé.', 'No recap is asked of you.'],
	'consumer-capacity': ['Un consommateur signe pour lui-même, pas pour une organisation.', 'A consumer signs for themselves, not for an organisation.'],
	'consumer-contract': ['Un signataire est consommateur : remplissez « Contrat avec un consommateur ».', 'A signer is a consumer: fill in “Contract with a consumer”.'],
	'consumer-nobody': ['Aucun signataire ne signe en consommateur.', 'No signer signs as a consumer.'],
	'consumer-term': ['Un consommateur peut encore en avoir besoin : ce document est gardé jusqu’au jour que dit son enveloppe. Rien n’a été détruit.', 'A consumer may still need it: this document is kept until the day its envelope says. Nothing was destroyed.'],
	'consumer-delivery': ['Un délai du consommateur court de la livraison, dont le jour n’est pas enregistré : enregistrez-le sur l’enveloppe. Rien n’a été détruit.', 'A term of the consumer runs from the delivery, whose day is not recorded: record it on the envelope. Nothing was destroyed.'],
	'field-subject': ['Dites en une ligne ce qu’est le contrat (200 caractères au plus).', 'Say in one line what the contract is (200 characters at most).'],
	'field-priceCents': ['Le prix total s’écrit en euros, comme 1 250,50. Sans prix, choisissez « Rien à payer ».', 'The total price is written in euros, such as 1250.50. Without a price choose “Nothing to pay”.'],
	'field-priceNote': ['La précision sur le prix est trop longue ou illisible.', 'The detail of the price is too long or unreadable.'],
	'field-withdrawalDays': ['Le délai de rétractation est de 14 jours au moins, 365 au plus.', 'The term of withdrawal is 14 days at least, 365 at most.'],
	'field-exception': ['Sans droit de rétractation, choisissez le motif de l’article L221-28.', 'Without a right of withdrawal, choose the reason of article L221-28.'],
	'field-runsFrom': ['Dites de quand court le délai.', 'Say from when the term runs.'],
	'field-deliveredOn': ['Indiquez un jour.', 'Give a day.'],
	'delivery-future': ['Ce jour est dans le futur : rien n’a été enregistré.', 'That day is in the future: nothing was recorded.'],
	'delivery-earlier': ['Un jour plus récent est déjà enregistré : le délai du consommateur ne se raccourcit pas.', 'A later day is recorded already: the consumer’s term is not shortened.'],
	'no-contract': ['Personne ne signe cette enveloppe en consommateur.', 'Nobody signs this envelope as a consumer.'],
	'withdrawal-none': ['Ce contrat est conclu sans droit de rétractation.', 'This contract is concluded without a right of withdrawal.'],
	'withdrawal-over': ['Le délai pour renoncer au contrat ici est passé. Rien n’a été enregistré ; la page dit ce que la loi permet encore.', 'The term to withdraw from the contract here is over. Nothing was recorded; the page says what the law still allows.'],
	'withdrawal-made': ['Vous avez déjà renoncé à ce contrat.', 'You have already withdrawn from this contract.'],
	'template-consumer': ['Une enveloppe avec un consommateur ne devient pas un modèle : ce qu’on lui dit du contrat se remplit à chaque fois.', 'An envelope with a consumer does not become a template: what they are told of the contract is filled in each time.'],
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
