// The mails of an identity check, fr and en. What was found, and whose document it was, is on no lock screen.

import type { Mail } from '../mail/mailer.ts';
import { quote } from '../mail/quote.ts';

type Words = Pick<Mail, 'subject' | 'text'>;
type Locale = 'fr' | 'en';

interface About {
	readonly sender: string;
	readonly name: string;
	readonly title: string;
	readonly reference: string;
}

interface Linked extends About {
	readonly link: string;
}

/** Come back to sign. */
export function accepted(locale: Locale, a: Linked): Words {
	return locale === 'fr'
		? {
				subject: `Vous pouvez signer (${a.reference})`,
				text: `Bonjour ${a.name},\n\nVotre titre d’identité a été contrôlé : vous pouvez maintenant lire et signer « ${a.title} », demandé par ${a.sender}.\n\nOuvrez ce lien (il remplace le précédent) :\n${a.link}\n\nLe lien est personnel : ne le transférez pas. Pour signer, vous recevrez un code par SMS.\nRéférence : ${a.reference}.\n`
			}
		: {
				subject: `You can sign now (${a.reference})`,
				text: `Hello ${a.name},\n\nYour identity document has been checked: you can now read and sign “${a.title}”, requested by ${a.sender}.\n\nOpen this link (it replaces the earlier one):\n${a.link}\n\nThe link is yours alone: do not forward it. To sign, you will receive a code by SMS.\nReference: ${a.reference}.\n`
			};
}

/** The document has to be shown again, and why. */
export function again(locale: Locale, a: Linked & { readonly identityReason: string }): Words {
	return locale === 'fr'
		? {
				subject: `Votre titre d’identité est à montrer de nouveau (${a.reference})`,
				text: `Bonjour ${a.name},\n\nLes images reçues n’ont pas permis de contrôler votre identité. La personne qui les a regardées écrit :\n${quote(a.identityReason)}\nCes images sont effacées. Ouvrez ce lien (il remplace le précédent) pour en prendre d’autres, de préférence avec votre téléphone :\n${a.link}\n\nRéférence : ${a.reference}.\n`
			}
		: {
				subject: `Please show your identity document again (${a.reference})`,
				text: `Hello ${a.name},\n\nThe images received were not enough to check your identity. The person who looked at them writes:\n${quote(a.identityReason)}\nThose images are erased. Open this link (it replaces the earlier one) to take others, preferably with your phone:\n${a.link}\n\nReference: ${a.reference}.\n`
			};
}

/** It ends here; the sender may do something about it. */
export function refused(locale: Locale, a: About): Words {
	return locale === 'fr'
		? {
				subject: `Identité non acceptée (${a.reference})`,
				text: `Bonjour ${a.name},\n\nLe titre d’identité que vous avez montré n’a pas été accepté : vous ne pouvez pas signer « ${a.title} » en l’état. Rien n’est signé.\n\nSi vous pensez que c’est une erreur, répondez à ${a.sender} : il peut corriger l’identité déclarée, ou vous proposer une autre voie.\nRéférence : ${a.reference}.\n`
			}
		: {
				subject: `Identity not accepted (${a.reference})`,
				text: `Hello ${a.name},\n\nThe identity document you showed was not accepted: you cannot sign “${a.title}” as things stand. Nothing is signed.\n\nIf you think this is a mistake, reply to ${a.sender}: they can correct the declared identity, or offer you another way.\nReference: ${a.reference}.\n`
			};
}

/** To the registration officers. */
export function toReview(locale: Locale, { reference, link }: { readonly reference: string; readonly link: string }): Words {
	return locale === 'fr'
		? { subject: `Une identité à contrôler (${reference})`, text: `Bonjour,\n\nUn signataire a montré son titre d’identité et attend une décision :\n${link}\n\nCe message va à tous les agents d’enregistrement de votre organisation.\n` }
		: { subject: `An identity to check (${reference})`, text: `Hello,\n\nA signer has shown an identity document and awaits a decision:\n${link}\n\nThis message goes to every registration officer of your organisation.\n` };
}
