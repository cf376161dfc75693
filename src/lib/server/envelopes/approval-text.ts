// The mail that asks for an approval, fr and en: no signature, no code.

import type { Mail } from '../mail/mailer.ts';
import { quote } from '../mail/quote.ts';
import { alsoThere, handedOver, oneSuffices, type Invitation } from './mail-text.ts';

const day = (date: Date, locale: 'fr' | 'en') => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'Europe/Paris' }).format(date);

/** To an approver who has not answered: the same link. */
export function approvalReminder(locale: 'fr' | 'en', i: Omit<Invitation, 'note'>): Pick<Mail, 'subject' | 'text'> {
	return locale === 'fr'
		? {
				subject: `À approuver avant le ${day(i.expires, 'fr')} (${i.reference})`,
				text: `Bonjour ${i.name},\n\nVous n’avez pas encore répondu à ${i.sender} au sujet de « ${i.title} ». Après le ${day(i.expires, 'fr')}, ce lien ne fonctionnera plus :\n${i.link}\n\nVous pouvez aussi y refuser. Référence : ${i.reference}\n\n${alsoThere.fr}\n`
			}
		: {
				subject: `To approve before ${day(i.expires, 'en')} (${i.reference})`,
				text: `Hello ${i.name},\n\nYou have not answered ${i.sender} about “${i.title}” yet. After ${day(i.expires, 'en')} this link will no longer work:\n${i.link}\n\nYou can decline there too. Reference: ${i.reference}\n\n${alsoThere.en}\n`
			};
}

/** The invitation to approve: who asks, what, until when, the link. */
export function approvalInvitation(locale: 'fr' | 'en', i: Invitation): Pick<Mail, 'subject' | 'text'> {
	return locale === 'fr'
		? {
				subject: `${i.sender} vous demande une approbation (${i.reference})`,
				text: `Bonjour ${i.name},\n\n${i.sender} vous demande de lire et d’approuver « ${i.title} ». Vous ne signez rien : votre accord est inscrit au journal.\n${handedOver('fr', i.delegatedBy)}${oneSuffices('fr', i.group)}${quote(i.note)}\nOuvrez ce lien avant le ${day(i.expires, 'fr')} :\n${i.link}\n\nLe lien est personnel : ne le transférez pas. Vous pouvez aussi y refuser.\nRéférence de l’enveloppe : ${i.reference}.\n\n${alsoThere.fr}\n`
			}
		: {
				subject: `${i.sender} asks for your approval (${i.reference})`,
				text: `Hello ${i.name},\n\n${i.sender} asks you to read and approve “${i.title}”. You sign nothing: your agreement is recorded in the log.\n${handedOver('en', i.delegatedBy)}${oneSuffices('en', i.group)}${quote(i.note)}\nOpen this link before ${day(i.expires, 'en')}:\n${i.link}\n\nThe link is yours alone: do not forward it. You can decline there too.\nEnvelope reference: ${i.reference}.\n\n${alsoThere.en}\n`
			};
}
