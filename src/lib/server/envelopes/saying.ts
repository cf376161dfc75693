// What the mark and the signature say of how the person was known, and by whose key: never more than was done (SIGN-2, SIGN-3). In French, like the evidence.

import { wayOf } from '#lib/i18n/way.ts';
import { inFrench, type Capacity } from './capacity.ts';
import type { Claim } from './claim.ts';
import { maskNumber } from './contact.ts';
import type { Signatory } from './signatory.ts';

export interface Saying {
	/** Under the name, in the mark. */
	readonly lines: readonly string[];
	/** /Reason, of the name as it was typed. */
	readonly reason: (typed: string) => string;
}

/** The class of level 0, as marks and reasons say it (SIGN-14). */
export const digitisedClass = 'Signature manuscrite numérisée, sans code : classe inférieure au niveau 1';

type Signed = Pick<Claim, 'inPerson' | 'number' | 'now' | 'reference' | 'name' | 'sender' | 'level' | 'advanced' | 'procedure'>;

/** @param own in whose name it is made; null: the service seal's */
export function saying(c: Signed, operator: string, own: Pick<Signatory, 'name' | 'remote'> | null, capacity: Capacity | undefined): Saying {
	const here = c.inPerson ? ', en personne sur l’appareil du demandeur' : '';
	const sms = `code SMS ${maskNumber(c.number ?? '').slice(-4)}${here}`;
	const at = `le ${c.now.toISOString().slice(0, 19).replace('T', ' ')} UTC · ${c.reference}`;
	const as = capacity ? [inFrench(capacity)] : [];
	const forWhom = capacity ? `, ${inFrench(capacity)}` : '';
	const of = (who: string, maker: string, how: string) => ({ lines: [...as, `${who}, ${sms}`, `${maker} ${at}`], reason: (typed: string) => `${how.replace('{typed}', () => `${typed}${forWhom}`)} – ${c.reference}` });
	const { way, service, listed } = wayOf(c, own?.remote ?? null);
	const signed = `Signé par ${own?.name ?? c.name}`;
	const checked = `${signed}, copie de pièce d’identité contrôlée`;
	switch (way) {
		case 'digitised':
			return {
				lines: [digitisedClass, ...as, `Tracée par ${c.name}, identité déclarée par ${c.sender}${here}`, `Scellé par ${operator} ${at}`],
				reason: (typed) => `${digitisedClass} : tracée par ${typed}${forWhom} (identité déclarée${here}) – ${c.reference}`
			};
		case 'seal':
			return of(`Accepté par ${c.name}, identité déclarée par ${c.sender}`, `Scellé par ${operator}`, `Accepté par {typed} (identité déclarée, code SMS${here})`);
		case 'own-name':
			return of(
				`${signed}, identité déclarée et établie par ${c.sender} selon sa procédure (version ${c.procedure ?? '–'})`,
				`Signature présentée comme avancée par ${c.sender}, autorité non listée (${operator})`,
				`Signé par {typed} (identité déclarée et établie par ${c.sender} selon sa procédure, code SMS ; signature présentée comme avancée, autorité non listée)`
			);
		case 'built-in':
			return of(checked, `Processus de niveau 2, autorité non listée (${operator})`, 'Signé par {typed} (copie de pièce d’identité contrôlée, code SMS ; processus de niveau 2, autorité non listée)');
		case 'remote':
			return of(checked, `Processus de niveau 2, autorité non listée (${service})`, `Signé par {typed} (copie de pièce d’identité contrôlée, code SMS ; processus de niveau 2, autorité non listée, signature à distance par ${service})`);
		case 'listed':
			return of(checked, `Niveau 2, autorité listée selon ${operator} (${service})`, `Signé par {typed} (copie de pièce d’identité contrôlée, code SMS ; niveau 2, autorité listée selon ${operator} : ${listed} ; signature à distance par ${service})`);
	}
}
