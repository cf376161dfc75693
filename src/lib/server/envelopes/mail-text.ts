// The mails of an envelope, fr and en. Plain text first; nothing in a subject that a lock screen should not show.

import type { Mail } from '../mail/mailer.ts';
import { quote } from '../mail/quote.ts';

type Words = Pick<Mail, 'subject' | 'text'>;
type Locale = 'fr' | 'en';

export interface Invitation {
	readonly sender: string;
	readonly name: string;
	readonly title: string;
	readonly reference: string;
	readonly link: string;
	readonly note: string;
	readonly expires: Date;
	/** Who was asked before and handed over; empty: nobody. */
	readonly delegatedBy?: string;
	/** The others of their group, by name; empty: they are in none. */
	readonly group?: string;
}

/** That one of several suffices. */
export const oneSuffices = (locale: Locale, others = ''): string => (others ? (locale === 'fr' ? `\nUne seule personne suffit : vous, ou ${others}.\n` : `\nOne person suffices: you, or ${others}.\n`) : '');

const longDay = (locale: Locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'Europe/Paris' });
const days = { fr: longDay('fr'), en: longDay('en') };
const day = (date: Date, locale: Locale) => days[locale].format(date);

/** That it was handed over, and by whom. */
export const handedOver = (locale: Locale, by = ''): string => (by ? (locale === 'fr' ? `\n${by}, à qui cela était demandé, vous l’a délégué.\n` : `\n${by}, who was asked for it, has delegated it to you.\n`) : '');

/** What else the link is for. */
export const alsoThere = { fr: 'Une version papier, une question, plus de rappels, un abus à signaler : ouvrez le lien, puis « Besoin d’aide ? ».', en: 'Paper, a question, no more reminders, abuse to report: open the link, then “Need help?”.' } as const;

/** The invitation to sign: who asks, what, until when, the link. */
export function invitation(locale: Locale, i: Invitation): Words {
	return locale === 'fr'
		? {
				subject: `${i.sender} vous demande une signature (${i.reference})`,
				text: `Bonjour ${i.name},\n\n${i.sender} vous demande de lire et de signer « ${i.title} ».\n${handedOver('fr', i.delegatedBy)}${oneSuffices('fr', i.group)}${quote(i.note)}\nOuvrez ce lien, sur votre téléphone ou votre ordinateur, avant le ${day(i.expires, 'fr')} :\n${i.link}\n\nLe lien est personnel : ne le transférez pas. Pour signer, vous recevrez un code par SMS.\nRéférence de l’enveloppe : ${i.reference}. La même référence figure sur l’écran et dans le SMS.\n\nVous n’attendez rien de ${i.sender} ? Ne faites rien : sans votre code, rien n’est signé.\n\n${alsoThere.fr}\n`
			}
		: {
				subject: `${i.sender} asks for your signature (${i.reference})`,
				text: `Hello ${i.name},\n\n${i.sender} asks you to read and sign “${i.title}”.\n${handedOver('en', i.delegatedBy)}${oneSuffices('en', i.group)}${quote(i.note)}\nOpen this link, on your phone or computer, before ${day(i.expires, 'en')}:\n${i.link}\n\nThe link is yours alone: do not forward it. To sign, you will receive a code by SMS.\nEnvelope reference: ${i.reference}. The same reference is on the screen and in the SMS.\n\nNot expecting anything from ${i.sender}? Do nothing: without your code nothing is signed.\n\n${alsoThere.en}\n`
			};
}

export interface Completion {
	readonly sender: string;
	readonly name: string;
	readonly title: string;
	readonly reference: string;
	readonly attached: boolean;
	/** Theirs goes with it. */
	readonly attestation: boolean;
	/** How to have it again. */
	readonly again: string;
	readonly verify: string;
	/** SHA-256 of the root certificate, hexadecimal: readers outside do not know it. */
	readonly rootFingerprint: string;
}

/** The signed document for everyone, with what readers will show and why. */
export function completion(locale: Locale, c: Completion): Words {
	const root = c.rootFingerprint.toUpperCase().match(/.{2}/g)!.join(':');
	return locale === 'fr'
		? {
				subject: `Document signé (${c.reference})`,
				text: `Bonjour ${c.name},\n\nTous les signataires ont signé « ${c.title} » (demandé par ${c.sender}).\n${c.attached ? 'Le document signé est joint.' : 'Il est trop grand pour être joint : prenez-le au lien ci-dessous.'}${c.attestation ? ' Votre attestation de signature est jointe.' : ''}\n\n${c.again}\n\nVérifiez-le sans nous faire confiance, dans votre navigateur et sans l’envoyer : ${c.verify}\n\nVotre lecteur de PDF affichera « identité inconnue » : notre autorité de certification ne figure ni dans la liste d’Adobe ni dans celles de l’Union européenne. L’empreinte SHA-256 de son certificat racine :\n${root}\n\nRéférence : ${c.reference}\n`
			}
		: {
				subject: `Signed document (${c.reference})`,
				text: `Hello ${c.name},\n\nEveryone has signed “${c.title}” (requested by ${c.sender}).\n${c.attached ? 'The signed document is attached.' : 'It is too large to attach: get it at the link below.'}${c.attestation ? ' Your attestation of signature is attached.' : ''}\n\n${c.again}\n\nCheck it without trusting us, in your browser and without sending it: ${c.verify}\n\nYour PDF reader will show “identity unknown”: our certification authority is neither in Adobe’s list nor in those of the European Union. The SHA-256 fingerprint of its root certificate:\n${root}\n\nReference: ${c.reference}\n`
			};
}

export interface Closing {
	readonly sender: string;
	readonly name: string;
	readonly title: string;
	readonly reference: string;
	readonly state: 'cancelled' | 'declined' | 'expired';
	/** The sender's, of a cancellation; empty when there was none. A decliner's words are the sender's to know. */
	readonly reason: string;
	readonly signed: boolean;
}

const why: Readonly<Record<Locale, Readonly<Record<Closing['state'], (sender: string) => string>>>> = {
	fr: { cancelled: (s) => `${s} a annulé sa demande de signature`, declined: () => 'Un autre signataire a refusé de signer', expired: () => 'Le délai pour signer est passé' },
	en: { cancelled: (s) => `${s} has cancelled the request for signature`, declined: () => 'Another signer declined to sign', expired: () => 'The time to sign is over' }
};

/** To those invited: the envelope is closed without being complete, and why. */
export function closed(locale: Locale, c: Closing): Words {
	const because = why[locale][c.state](c.sender);
	return locale === 'fr'
		? {
				subject: `Demande de signature close (${c.reference})`,
				text: `Bonjour ${c.name},\n\n${because} : « ${c.title} ».\n${quote(c.reason)}\nLe lien reçu ne fonctionne plus. ${c.signed ? 'Votre signature reste dans la version du document que vous avez signée ; l’enveloppe n’a pas été menée à son terme.' : 'Vous n’avez rien signé et n’avez rien à faire.'}\n\nDemandé par ${c.sender}. Référence : ${c.reference}\n`
			}
		: {
				subject: `Request for signature closed (${c.reference})`,
				text: `Hello ${c.name},\n\n${because}: “${c.title}”.\n${quote(c.reason)}\nThe link you received no longer works. ${c.signed ? 'Your signature stays in the version of the document you signed; the envelope was not completed.' : 'You signed nothing and have nothing to do.'}\n\nRequested by ${c.sender}. Reference: ${c.reference}\n`
			};
}

/** To one invited who has not signed: the term is near; the same link. */
export function expiring(locale: Locale, i: Omit<Invitation, 'note'>): Words {
	return locale === 'fr'
		? {
				subject: `À signer avant le ${day(i.expires, 'fr')} (${i.reference})`,
				text: `Bonjour ${i.name},\n\nVous n’avez pas encore signé « ${i.title} », que vous a envoyé ${i.sender}. Après le ${day(i.expires, 'fr')}, ce lien ne fonctionnera plus :\n${i.link}\n\nVous pouvez aussi y refuser de signer. Référence : ${i.reference}\n\n${alsoThere.fr}\n`
			}
		: {
				subject: `To sign before ${day(i.expires, 'en')} (${i.reference})`,
				text: `Hello ${i.name},\n\nYou have not signed “${i.title}” yet, sent to you by ${i.sender}. After ${day(i.expires, 'en')} this link will no longer work:\n${i.link}\n\nYou can decline to sign there too. Reference: ${i.reference}\n\n${alsoThere.en}\n`
			};
}

/** To the sender: the term is near and not everyone has signed. */
export function unsigned(locale: Locale, u: { name: string; title: string; reference: string; expires: Date; missing: string; link: string }): Words {
	return locale === 'fr'
		? {
				subject: `Signatures attendues avant le ${day(u.expires, 'fr')} (${u.reference})`,
				text: `Bonjour ${u.name},\n\n« ${u.title} » expire le ${day(u.expires, 'fr')}. N’ont pas encore signé : ${u.missing}.\n\nRenvoyer le lien, corriger une adresse ou annuler : ${u.link}\n`
			}
		: {
				subject: `Signatures awaited before ${day(u.expires, 'en')} (${u.reference})`,
				text: `Hello ${u.name},\n\n“${u.title}” expires on ${day(u.expires, 'en')}. Not signed yet: ${u.missing}.\n\nSend the link again, correct an address or cancel: ${u.link}\n`
			};
}

/** To the sender: someone handed over, to whom, and what can be done about it. */
export function delegated(locale: Locale, d: { name: string; from: string; to: string; email: string; title: string; reference: string; reason: string; link: string; /** Their address or number is another’s of the envelope, or the sender’s. */ shared: boolean }): Words {
	return locale === 'fr'
		? {
				subject: `Demande déléguée (${d.reference})`,
				text: `Bonjour ${d.name},\n\n${d.from} a délégué à ${d.to} (${d.email}) ce que vous lui demandiez pour « ${d.title} ».\n${quote(d.reason)}${d.shared ? '\nAttention : l’adresse ou le numéro indiqué sert aussi à une autre personne de l’enveloppe, ou à vous.\n' : ''}\nVous n’êtes pas d’accord ? Corrigez le contact ou annulez : ${d.link}\n`
			}
		: {
				subject: `Request delegated (${d.reference})`,
				text: `Hello ${d.name},\n\n${d.from} has delegated to ${d.to} (${d.email}) what you asked of them for “${d.title}”.\n${quote(d.reason)}${d.shared ? '\nNote: the address or number given is also that of another person of the envelope, or yours.\n' : ''}\nYou do not agree? Correct the contact or cancel: ${d.link}\n`
			};
}

/** To the sender: a signer declined. */
export function declined(locale: Locale, d: { name: string; signer: string; title: string; reference: string; reason: string; link: string; /** Others of their group can still sign. */ goesOn: boolean }): Words {
	return locale === 'fr'
		? {
				subject: `Signature refusée (${d.reference})`,
				text: `Bonjour ${d.name},\n\n${d.signer} a refusé de signer « ${d.title} ».\n${d.reason ? `Motif donné :\n${quote(d.reason)}` : 'Aucun motif n’a été donné.'}\n\n${d.goesOn ? 'Les autres personnes de son groupe peuvent encore signer.' : 'L’enveloppe est close ; le document d’origine reste au coffre.'} ${d.link}\n`
			}
		: {
				subject: `Signature declined (${d.reference})`,
				text: `Hello ${d.name},\n\n${d.signer} declined to sign “${d.title}”.\n${d.reason ? `Reason given:\n${quote(d.reason)}` : 'No reason was given.'}\n\n${d.goesOn ? 'The others of their group can still sign.' : 'The envelope is closed; the original document stays in the safe.'} ${d.link}\n`
			};
}

/** To one of a group: another of it was first. */
export function spared(locale: Locale, s: { readonly sender: string; readonly name: string; readonly title: string; readonly reference: string }): Words {
	return locale === 'fr'
		? {
				subject: `Plus rien à faire (${s.reference})`,
				text: `Bonjour ${s.name},\n\nUne autre personne de votre groupe a répondu pour « ${s.title} », que vous avait envoyé ${s.sender} : une seule suffisait. Vous n’avez rien signé et n’avez rien à faire ; votre lien ne fonctionne plus.\n\nRéférence : ${s.reference}\n`
			}
		: {
				subject: `Nothing left to do (${s.reference})`,
				text: `Hello ${s.name},\n\nAnother person of your group has answered for “${s.title}”, sent to you by ${s.sender}: one was enough. You signed nothing and have nothing to do; your link no longer works.\n\nReference: ${s.reference}\n`
			};
}
