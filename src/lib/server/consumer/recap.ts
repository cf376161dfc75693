// The recap a consumer confirms before the code (C. civ. 1127-2, C. conso. L221-14), word for word. A change of words is a new version; old versions stay, evidence names them.

import { typeset } from '#lib/i18n/french.ts';
import type { Contract } from './contract.ts';
import { exceptionWords } from './exceptions.ts';

/** The words of now. */
export const recapVersion = '2026-11-30';

export type Terms = Omit<Contract, 'deliveredOn' | 'concludedAt'>;
interface Told extends Terms {
	/** The other party. */
	readonly sender: string;
	readonly title: string;
	readonly reference: string;
}
type Locale = 'fr' | 'en';

/** What is told, label and words. */
export type Recap = readonly (readonly [label: string, words: string])[];

const euros = (cents: number, locale: Locale): string => new Intl.NumberFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { style: 'currency', currency: 'EUR' }).format(cents / 100).replaceAll('\u202f', '\u00a0');

/** The total price as people read it. */
export const priceWords = ({ priceCents, priceNote }: Pick<Terms, 'priceCents' | 'priceNote'>, locale: Locale): string =>
	(priceCents === null ? (locale === 'fr' ? 'Aucun prix à payer' : 'Nothing to pay') : `${euros(priceCents, locale)} ${locale === 'fr' ? 'toutes taxes comprises' : 'including all taxes'}`) + (priceNote ? ` (${priceNote})` : '');

/** Whether there is a right of withdrawal, from when and how, in the words of version 2026-11-30. */
export function withdrawalWords({ withdrawalDays, exception, runsFrom, sender }: Pick<Told, 'withdrawalDays' | 'exception' | 'runsFrom' | 'sender'>, locale: Locale): string {
	if (withdrawalDays === null) {
		const why = exceptionWords[exception!][locale];
		return locale === 'fr'
			? `Pas de droit de rétractation, dit ${sender} : ${why} (article L221-28, ${exception}° du code de la consommation).`
			: `No right of withdrawal, says ${sender}: ${why} (article L221-28, ${exception}° of the French consumer code).`;
	}
	if (locale === 'fr')
		return `Vous pouvez renoncer au contrat sans motif pendant ${withdrawalDays} jours à partir ${runsFrom === 'delivery' ? 'du jour où vous recevez le bien (et déjà avant)' : 'du jour où tous ont signé'}. Comment : par « renoncer au contrat ici », sur la page que donne l’e-mail du document signé, ou par toute déclaration claire adressée à ${sender}. Ce jour ne compte pas ; un délai qui finit un samedi, un dimanche ou un jour férié va jusqu’au jour ouvrable suivant.`;
	return `You may withdraw from the contract without giving a reason for ${withdrawalDays} days from ${runsFrom === 'delivery' ? 'the day you receive the goods (and before it)' : 'the day everyone has signed'}. How: by “withdraw from the contract here”, on the page the e-mail with the signed document leads to, or by any clear statement to ${sender}. That day does not count; a term that ends on a Saturday, Sunday or public holiday goes on to the next working day.`;
}

const versions: Readonly<Record<string, (told: Told, locale: Locale) => Recap>> = {
	'2026-11-30': (told, locale) =>
		locale === 'fr'
			? [
					['Objet du contrat', told.subject],
					['Prix total', priceWords(told, 'fr')],
					['L’autre partie', told.sender],
					['Document', `« ${told.title} », référence ${told.reference}`],
					['Rétractation', withdrawalWords(told, 'fr')],
					...(told.longArchive ? ([['Votre accès', `Contrat de 120 € ou plus : le document signé est gardé, et vous reste ouvert, dix ans à partir de la livraison ou de l’exécution (articles L213-1, D213-1 et D213-2 du code de la consommation).`]] as const) : []),
					['En confirmant', 'Vous dites avoir vérifié le détail et le prix total, et corrigé ce qui devait l’être. Vous n’êtes pas encore engagé : vous signez en saisissant le code reçu par SMS.']
				]
			: [
					['Subject of the contract', told.subject],
					['Total price', priceWords(told, 'en')],
					['The other party', told.sender],
					['Document', `“${told.title}”, reference ${told.reference}`],
					['Withdrawal', withdrawalWords(told, 'en')],
					...(told.longArchive ? ([['Your access', 'A contract of €120 or more: the signed document is kept, and stays open to you, for ten years from delivery or performance (articles L213-1, D213-1 and D213-2 of the French consumer code).']] as const) : []),
					['By confirming', 'You say that you have checked the detail and the total price, and corrected what had to be. You are not bound yet: you sign by entering the code received by SMS.']
				]
};

/** The recap of a version. Throws when none of that version was ever shown. */
export function recapOf(version: string, told: Told, locale: Locale): Recap {
	const made = versions[version];
	if (!made) throw new Error(`no recap of version ${version}`);
	return made(told, locale).map(([label, words]) => (locale === 'fr' ? [typeset(label), typeset(words)] : [label, words]));
}

/** All of it as one text, whose digest is confirmed. */
export const recapText = (recap: Recap): string => recap.map(([label, words]) => `${label}\n${words}`).join('\n\n');
