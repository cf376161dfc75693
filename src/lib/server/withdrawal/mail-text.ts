// The words of a withdrawal's mails, fr and en: the acknowledgement to the consumer, with the declaration, its date and time; the notice to the sender.

import type { Mail } from '../mail/mailer.ts';
import { quote } from '../mail/quote.ts';

type Locale = 'fr' | 'en';
type Words = Pick<Mail, 'subject' | 'text'>;

/** Date and time in Paris, to the second. */
export const instant = (locale: Locale, at: Date): string => `${new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeStyle: 'medium', timeZone: 'Europe/Paris' }).format(at)}${locale === 'fr' ? ' (heure de Paris)' : ' (Paris time)'}`;

export interface Withdrawn {
	readonly name: string;
	readonly sender: string;
	readonly title: string;
	readonly reference: string;
	readonly statement: string;
	readonly at: Date;
}

/** To the consumer. @param attached the sealed acknowledgement goes with it */
export function received(locale: Locale, w: Withdrawn, attached: boolean): Words {
	const at = instant(locale, w.at);
	return locale === 'fr'
		? {
				subject: `Accusé de réception (${w.reference})`,
				text: `Bonjour ${w.name},\n\nVotre rétractation du contrat « ${w.title} », conclu avec ${w.sender}, a été reçue le ${at}. ${w.sender} en est averti. Votre déclaration :\n${quote(w.statement)}\n${attached ? 'L’accusé scellé et horodaté est joint : gardez-le.' : 'Gardez cet e-mail. L’accusé scellé se télécharge sur la page du document signé dès qu’il est établi.'}\n\nLe document signé n’est ni annulé ni modifié ; votre déclaration est gardée à côté. Référence : ${w.reference}\n`
			}
		: {
				subject: `Acknowledgement (${w.reference})`,
				text: `Hello ${w.name},\n\nYour withdrawal from the contract “${w.title}”, concluded with ${w.sender}, was received on ${at}. ${w.sender} is told. Your declaration:\n${quote(w.statement)}\n${attached ? 'The sealed and timestamped acknowledgement is attached: keep it.' : 'Keep this e-mail. The sealed acknowledgement can be downloaded on the page of the signed document once it is made.'}\n\nThe signed document is neither cancelled nor changed; your declaration is kept beside it. Reference: ${w.reference}\n`
			};
}

/** To the sender. */
export function notice(locale: Locale, w: Withdrawn & { readonly consumer: string; readonly link: string }): Words {
	const at = instant(locale, w.at);
	return locale === 'fr'
		? {
				subject: `Un consommateur a renoncé au contrat (${w.reference})`,
				text: `Bonjour ${w.name},\n\n${w.consumer} a renoncé au contrat « ${w.title} » le ${at}. Sa déclaration :\n${quote(w.statement)}\nUn accusé de réception lui part d’ici. La suite (remboursement, retour du bien : articles L221-23 à L221-27 du code de la consommation) vous revient. L’enveloppe : ${w.link}\n`
			}
		: {
				subject: `A consumer has withdrawn from the contract (${w.reference})`,
				text: `Hello ${w.name},\n\n${w.consumer} withdrew from the contract “${w.title}” on ${at}. Their declaration:\n${quote(w.statement)}\nAn acknowledgement goes to them from here. What follows (refund, return of goods: articles L221-23 to L221-27 of the French consumer code) is yours to do. The envelope: ${w.link}\n`
			};
}
