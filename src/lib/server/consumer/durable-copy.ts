// What the mail with the signed document adds for a consumer: the acknowledgement of C. civ. 1127-2, what they confirmed, and how to withdraw, with the form of the code (C. conso. L221-13, annex to R221-1).

import type { Tx } from '../db/pool.ts';
import { contractOf, lastDayOf, type Contract } from './contract.ts';

type Locale = 'fr' | 'en';

interface Confirmed {
	readonly contract: Contract;
	/** The words confirmed before signing, and when. */
	readonly words: string;
	readonly at: Date;
}

/** What a consumer who signed had confirmed; null for anyone else. */
export async function confirmedContract(tx: Tx, signer: string): Promise<Confirmed | null> {
	const [row] = await tx<{ envelope: string; words: string; at: Date }[]>`
		select s.envelope, k.words, k.at from signer s join recap_confirmation k on k.signer = s.id where s.id = ${signer} and s.consumer and s.state = 'signed' and k.at <= s.signed_at order by k.at desc limit 1`;
	const contract = row && (await contractOf(tx, row.envelope));
	return contract ? { contract, words: row.words, at: row.at } : null;
}

const longDay = (locale: Locale, day: Date | string) => new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeZone: 'Europe/Paris' }).format(typeof day === 'string' ? new Date(`${day}T12:00:00Z`) : day);

/** A day as people read it. @param day an instant, or an ISO 8601 date */
export const dayWords = longDay;

interface Copy extends Confirmed {
	readonly sender: string;
	readonly name: string;
	readonly reference: string;
	/** The page of the signed document. */
	readonly link: string;
}

/** The form of the annex to R221-1, as far as it is known what stands in it. */
const form = {
	fr: (c: Copy) =>
		`Formulaire type de rétractation, si vous préférez l’envoyer vous-même :\nÀ l’attention de ${c.sender} :\nJe vous notifie par la présente ma rétractation du contrat portant sur : ${c.contract.subject} (référence ${c.reference})\nCommandé le ${longDay('fr', c.contract.concludedAt!)} / reçu le :\nNom du consommateur : ${c.name}\nAdresse du consommateur :\nSignature (sur papier seulement) :\nDate :`,
	en: (c: Copy) =>
		`Model withdrawal form, should you rather send it yourself:\nTo ${c.sender}:\nI hereby give notice that I withdraw from my contract for: ${c.contract.subject} (reference ${c.reference})\nOrdered on ${longDay('en', c.contract.concludedAt!)} / received on:\nName of consumer: ${c.name}\nAddress of consumer:\nSignature (on paper only):\nDate:`
} as const;

function withdrawing(locale: Locale, c: Copy): string {
	if (c.contract.withdrawalDays === null) return '';
	const last = lastDayOf(c.contract);
	const term =
		locale === 'fr'
			? last ? `jusqu’au ${longDay('fr', last)} inclus` : `jusqu’à ${c.contract.withdrawalDays} jours après la livraison`
			: last ? `until ${longDay('en', last)} included` : `until ${c.contract.withdrawalDays} days after the delivery`;
	return locale === 'fr' ? `\n\nRenoncer au contrat ici (${term}) : ${c.link}/withdraw\n\n${form.fr(c)}` : `\n\nWithdraw from the contract here (${term}): ${c.link}/withdraw\n\n${form.en(c)}`;
}

/** For the completion mail. */
export function durableCopy(locale: Locale, c: Copy): string {
	const head =
		locale === 'fr'
			? `Accusé de réception de votre accord, pour ${c.sender}. Gardez cet e-mail et le document joint. Voici ce que vous avez confirmé le ${longDay('fr', c.at)} :`
			: `Acknowledgement of your agreement, for ${c.sender}. Keep this e-mail and the attached document. This is what you confirmed on ${longDay('en', c.at)}:`;
	return `${head}\n\n${c.words}${withdrawing(locale, c)}`;
}
