// The words of what is had again: the code by mail, and what the completion mail says of the link and of its end, fr and en.

import type { Mail } from '../mail/mailer.ts';

type Locale = 'fr' | 'en';

/** What becomes of the document here when the client leaves (SIGN-19, SAFE-12). */
const leaving = {
	fr: (sender: string) => `Ce lien vaut tant que ${sender} garde le document ici. Si ${sender} détruit le document ou quitte ce service, le lien ne donne plus rien : ses documents lui sont remis, puis toutes les copies détruites. Gardez donc le fichier : il se vérifie sans nous.`,
	en: (sender: string) => `This link is good for as long as ${sender} keeps the document here. If ${sender} destroys it or leaves this service, the link gives nothing any more: the documents are handed over to them, then every copy is destroyed. So keep the file: it is checked without us.`
} as const;

/** Of a contract of 120 € and more with a consumer (C. conso. L213-1): kept, and open to them, for ten years. */
const tenYears = {
	fr: (sender: string) => `Ce lien vaut dix ans au moins à partir de la livraison ou de l’exécution : avant, ce service refuse à ${sender} de détruire le document. Gardez aussi le fichier : il se vérifie sans nous.`,
	en: (sender: string) => `This link is good for at least ten years from delivery or performance: before that, this service refuses to let ${sender} destroy the document. Keep the file too: it is checked without us.`
} as const;

/** That it can be had again, where, and until when. */
export const hadAgain = (locale: Locale, sender: string, link: string, longArchive = false): string =>
	(locale === 'fr' ? `Pour l’obtenir de nouveau, ouvrez ce lien et demandez un code :\n${link}\n` : `To get it again, open this link and ask for a code:\n${link}\n`) + whenTheyLeave(locale, sender, longArchive);

/** The same on the page. */
export const whenTheyLeave = (locale: Locale, sender: string, longArchive = false): string => (longArchive ? tenYears : leaving)[locale](sender);

/** A code that opens a signed document, for one whose number is not known. Nothing of it in the subject. */
export function codeMail(locale: Locale, c: { readonly name: string; readonly code: string; readonly reference: string }): Pick<Mail, 'subject' | 'text'> {
	return locale === 'fr'
		? {
				subject: `Votre code pour ouvrir ${c.reference}`,
				text: `Bonjour ${c.name},\n\n${c.code} est votre code pour ouvrir le document signé ${c.reference}. Il vaut dix minutes. Ne le donnez à personne.\n\nVous n’avez rien demandé ? Ne faites rien : sans ce code, rien ne s’ouvre.\n`
			}
		: {
				subject: `Your code to open ${c.reference}`,
				text: `Hello ${c.name},\n\n${c.code} is your code to open the signed document ${c.reference}. It is good for ten minutes. Give it to nobody.\n\nYou did not ask for it? Do nothing: without this code nothing opens.\n`
			};
}
