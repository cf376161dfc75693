// The warning on acts that cannot be signed this way (SIGN-17), as its sender confirms it. A change of words is a new version; old versions stay, evidence names them.

import { typeset } from '#lib/i18n/french.ts';

export interface ActsWarning {
	readonly version: string;
	readonly lead: string;
	/** What the document must be none of. */
	readonly acts: readonly string[];
	/** What to think of where it is not excluded. */
	readonly note: string;
}

/** The words of now. */
export const actsVersion = '2026-11-29';

const warnings: Readonly<Record<string, Readonly<Record<'fr' | 'en', Omit<ActsWarning, 'version'>>>>> = {
	'2026-11-29': {
		fr: {
			lead: 'En envoyant, vous confirmez que ce document n’est aucun de ces actes, qui ne se signent pas ainsi :',
			acts: [
				'un acte sous signature privée relatif au droit de la famille ou des successions (article 1175 du code civil), sauf les conventions contresignées par avocats que cet article réserve ;',
				'un acte authentique : acte de notaire, de commissaire de justice ou d’officier de l’état civil, qu’un officier public doit recevoir (article 1369) ;',
				'un acte que la loi veut sur papier ou entièrement écrit à la main, tel qu’un testament olographe (article 970) ou un effet de commerce sur papier.'
			],
			note: 'Sûretés : depuis le 1er janvier 2022, l’article 1175 n’exclut plus les sûretés, même de qui n’agit pas pour sa profession. Le cautionnement d’une personne physique demande la mention de l’article 2297, apposée par elle-même ; l’article 1174 veut alors que les conditions garantissent qu’elle seule a pu l’apposer. Il vous revient de juger si le niveau choisi y suffit.'
		},
		en: {
			lead: 'By sending you confirm that this document is none of these acts, which cannot be signed this way:',
			acts: [
				'a private deed in matters of family law or succession (article 1175 of the French civil code), except the agreements countersigned by lawyers that this article reserves;',
				'an authentic deed: of a notary, a judicial officer or a civil registrar, which a public officer has to receive (article 1369);',
				'an act that the law wants on paper or wholly handwritten, such as a holograph will (article 970) or a bill of exchange on paper.'
			],
			note: 'Sureties: since 1 January 2022 article 1175 excludes sureties no more, even those of persons who do not act for their profession. A natural person’s guarantee needs the mention of article 2297, made by that person; article 1174 then wants conditions that guarantee that nobody else could have made it. It is for you to judge whether the chosen level is enough for that.'
		}
	}
};

/** The warning of a version. Throws when none was ever shown. */
export function actsWarning(version: string, locale: 'fr' | 'en'): ActsWarning {
	const words = warnings[version]?.[locale];
	if (!words) throw new Error(`no warning on excluded acts of version ${version}`);
	const set = locale === 'fr' ? typeset : (said: string) => said;
	return { version, lead: set(words.lead), acts: words.acts.map(set), note: set(words.note) };
}
