// The words of signature credits, French and English. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	credits: 'Crédits de signature',
	why: 'Une unité paie la signature d’une personne, à un niveau. Elle est réservée à l’envoi, consommée quand la personne signe, et rendue si elle refuse, si l’enveloppe expire ou si vous l’annulez. Une pièce d’identité revue par un agent sans que la signature suive forme une ligne à part, que l’exploitant facture à son propre prix ; elle ne prend rien sur vos unités.',
	none: 'Aucun crédit n’a encore été acheté : rien ne peut partir en signature. Demandez-en à l’exploitant.',
	free: 'Sur cette instance privée, les signatures ne demandent aucun crédit.',
	level: 'Niveau',
	levelName: (level: number) => (level === 0 ? '0 (signature manuscrite numérisée)' : String(level)),
	available: 'Disponibles',
	held: 'Réservées',
	consumed: 'Consommées',
	purchased: 'Achetées',
	reviews: 'Vérifications sans signature',
	entries: 'Mouvements',
	date: 'Date',
	kind: 'Mouvement',
	units: 'Unités',
	about: 'Objet',
	older: 'Mouvements plus anciens',
	kinds: { purchase: 'achat', hold: 'réservation', consume: 'signature', return: 'retour', review: 'vérification d’identité sans signature' },
	cost: (needed: number, available: number, level: number) => `L’envoi réserve ${needed} ${needed > 1 ? 'crédits' : 'crédit'} de signature${[' manuscrite numérisée', '', ' de niveau 2'][level] ?? ''} ; il en reste ${available}.`
};
type Words = typeof fr;

const en: Words = {
	credits: 'Signature credits',
	why: 'A unit pays for one person’s signature, at one level. It is held when you send, consumed when the person signs, and given back if they decline, if the envelope expires or if you cancel it. An identity document that an officer reviewed and that no signature followed is a line of its own, which the operator prices apart; it takes nothing from your units.',
	none: 'No credits have been bought yet: nothing can be sent for signature. Ask the operator for some.',
	free: 'On this private instance, signatures ask for no credits.',
	level: 'Level',
	levelName: (level) => (level === 0 ? '0 (digitised signature)' : String(level)),
	available: 'Available',
	held: 'Held',
	consumed: 'Consumed',
	purchased: 'Purchased',
	reviews: 'Reviews without signature',
	entries: 'Movements',
	date: 'Date',
	kind: 'Movement',
	units: 'Units',
	about: 'About',
	older: 'Older movements',
	kinds: { purchase: 'purchase', hold: 'hold', consume: 'signature', return: 'return', review: 'identity review without signature' },
	cost: (needed, available, level) => `Sending holds ${needed} ${['digitised ', '', 'level 2 '][level] ?? ''}signature ${needed > 1 ? 'credits' : 'credit'}; ${available} left.`
};

const dictionaries: Readonly<Record<'fr' | 'en', Words>> = { fr: french(fr), en };

export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
