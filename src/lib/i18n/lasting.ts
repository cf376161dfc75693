// The words of what a completed document reached, and of what its completion waits for (SIGN-7). A missing key is a type error.

import { french } from './french.ts';

const fr = {
	level: 'Niveau de preuve atteint',
	/** Before completion: each signature has its time-stamp. */
	now: 'B-T (signatures horodatées)',
	pending: 'Preuve durable en attente',
	why: 'Toutes les signatures sont faites et horodatées. Il manque ce qui permet de les vérifier dans plusieurs années (données de révocation ou horodatage final) : l’autorité ne l’a pas encore donné. Rien n’est perdu ; nous le redemandons sans que vous ayez rien à faire, et chacun recevra le document ensuite.'
};
type Words = typeof fr;

const en: Words = {
	level: 'Level of proof reached',
	now: 'B-T (time-stamped signatures)',
	pending: 'Lasting proof pending',
	why: 'All signatures are made and time-stamped. What lets them be checked years from now is missing (revocation data, or the final time-stamp): the authority has not given it yet. Nothing is lost; we ask again by ourselves, and everyone gets the document then.'
};

/** The words of a locale. */
export const words = (locale: 'fr' | 'en'): Words => (locale === 'fr' ? french(fr) : en);
