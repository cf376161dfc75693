// The mails of what a signer asks and of its answer, fr and en. No link that opens a signer's page is in any of them.

import type { Mail } from '../mail/mailer.ts';
import { quote } from '../mail/quote.ts';

type Words = Pick<Mail, 'subject' | 'text'>;

export interface Asked {
	readonly name: string;
	readonly signer: string;
	readonly kind: 'paper' | 'question';
	readonly words: string;
	readonly title: string;
	readonly reference: string;
	/** The envelope's page. */
	readonly link: string;
}

/** To the sender: what a signer asks. Answering the mail reaches the signer. */
export function asked(locale: 'fr' | 'en', a: Asked): Words {
	if (locale === 'fr')
		return a.kind === 'paper'
			? {
					subject: `Version papier demandée (${a.reference})`,
					text: `Bonjour ${a.name},\n\n${a.signer} demande « ${a.title} » sur papier, à lire ou à signer à la main. Rien n’est refusé : la signature en ligne lui reste ouverte.\n${quote(a.words)}\nRépondez à cet e-mail, ou répondez et classez la demande ici :\n${a.link}\n`
				}
			: {
					subject: `Question d’un signataire (${a.reference})`,
					text: `Bonjour ${a.name},\n\n${a.signer} vous pose une question au sujet de « ${a.title} » :\n${quote(a.words)}\nRépondez à cet e-mail, ou répondez et classez la question ici :\n${a.link}\n`
				};
	return a.kind === 'paper'
		? {
				subject: `Paper version asked for (${a.reference})`,
				text: `Hello ${a.name},\n\n${a.signer} asks for “${a.title}” on paper, to read or to sign by hand. Nothing is declined: they can still sign online.\n${quote(a.words)}\nAnswer this e-mail, or answer and settle the request here:\n${a.link}\n`
			}
		: {
				subject: `Question from a signer (${a.reference})`,
				text: `Hello ${a.name},\n\n${a.signer} asks you a question about “${a.title}”:\n${quote(a.words)}\nAnswer this e-mail, or answer and settle the question here:\n${a.link}\n`
			};
}

/** To the signer: the sender's answer. */
export function answered(locale: 'fr' | 'en', a: Omit<Asked, 'link' | 'signer'> & { readonly sender: string; readonly answer: string }): Words {
	return locale === 'fr'
		? {
				subject: `Réponse de ${a.sender} (${a.reference})`,
				text: `Bonjour ${a.name},\n\n${a.kind === 'paper' ? `Vous avez demandé « ${a.title} » sur papier.` : `Vous avez posé une question au sujet de « ${a.title} ».`} ${a.sender} vous répond :\n${quote(a.answer)}\n${a.words ? `Vous aviez écrit :\n${quote(a.words)}\n` : ''}Pour relire ou signer le document, reprenez le lien que vous avez déjà reçu. Référence : ${a.reference}\n`
			}
		: {
				subject: `Answer from ${a.sender} (${a.reference})`,
				text: `Hello ${a.name},\n\n${a.kind === 'paper' ? `You asked for “${a.title}” on paper.` : `You asked a question about “${a.title}”.`} ${a.sender} answers:\n${quote(a.answer)}\n${a.words ? `You wrote:\n${quote(a.words)}\n` : ''}To read or sign the document, use the link you already have. Reference: ${a.reference}\n`
			};
}
