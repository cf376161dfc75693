// How a signature is made, and what it is worth by that: the words of the evidence, the attestation and the signer's page. REQUIREMENTS SIGN-2 and SIGN-3, and never more.

import { french } from './french.ts';

/**
 * By whose key. `digitised`: the service seal, of what was drawn in person and no code confirmed (level 0, SIGN-14). `seal`: the service seal, level 1. `own-name`: a one-time key in the signer's name at level 1, identified by the client. At level 2 a certificate in the signer's name
 * of our own CA (`built-in`), or of a remote signing service whose CA is on no trusted list (`remote`) or on one (`listed`).
 */
export type Way = 'digitised' | 'seal' | 'own-name' | 'built-in' | 'remote' | 'listed';

export interface WayOfSigning {
	readonly way: Way;
	/** The remote signing service, as the operator names it; else null. */
	readonly service: string | null;
	/** Where its CA stands on a trusted list, as the operator says. */
	readonly listed: string | null;
}

/** What a signer of that level is to sign by. `remote`: the service configured; null: our own CA. */
export function wayOf(signer: { readonly level: 0 | 1 | 2; readonly advanced: boolean }, remote: { readonly name: string; readonly listed: string | null } | null): WayOfSigning {
	if (signer.level === 0) return { way: 'digitised', service: null, listed: null };
	if (signer.level === 1) return { way: signer.advanced ? 'own-name' : 'seal', service: null, listed: null };
	if (!remote) return { way: 'built-in', service: null, listed: null };
	return { way: remote.listed === null ? 'remote' : 'listed', service: remote.name, listed: remote.listed };
}

type Say = (by: WayOfSigning, procedure: string | null) => string;

const fr: Readonly<Record<Way, Say>> = {
	digitised: () => 'Signature manuscrite numérisée, sans code : classe inférieure au niveau 1. Tracée en personne sur l’appareil du demandeur, dont la session était verrouillée ; identité déclarée par le demandeur ; scellée par le cachet du service, qui n’est pas une signature au nom de la personne. Elle ne prouve pas qui tenait l’appareil. Sans présomption de fiabilité (art. 1367 du code civil).',
	seal: () => 'Niveau 1 : identité déclarée par le demandeur, code à usage unique par SMS, acceptation scellée par le cachet du service, qui n’est pas une signature au nom de la personne. Signature électronique simple au sens du règlement (UE) n° 910/2014, sans présomption de fiabilité (art. 1367 du code civil).',
	'own-name': (_, procedure) =>
		`Niveau 1, certificat au nom du signataire : identité déclarée par le demandeur, qui identifie la personne selon sa procédure enregistrée${procedure ? `, version ${procedure}` : ''} ; ce service n’a regardé aucune pièce d’identité. Code à usage unique par SMS au numéro donné par le demandeur, puis signature avec un certificat au nom de la personne, utilisé une fois, délivré par une autorité qui n’est sur aucune liste de confiance. Le demandeur la présente comme une signature électronique avancée. Elle l’est aux conditions de l’article 26 du règlement (UE) n° 910/2014 : être liée au signataire de manière univoque, permettre de l’identifier, être créée avec des données qu’il peut utiliser sous son contrôle exclusif avec un niveau de confiance élevé, et être liée aux données de sorte que toute modification ultérieure soit détectable. Les deux premières tiennent à la procédure du demandeur. Sans présomption de fiabilité (art. 1367 du code civil).`,
	'built-in': () => 'Processus de niveau 2, autorité non listée : copie d’une pièce d’identité contrôlée à distance et revue par un agent d’enregistrement, code à usage unique par SMS, puis signature avec un certificat au nom de la personne, utilisé une fois, délivré par une autorité qui n’est sur aucune liste de confiance. Sans présomption de fiabilité (art. 1367 du code civil).',
	remote: ({ service }) =>
		`Processus de niveau 2, autorité non listée : copie d’une pièce d’identité contrôlée à distance et revue par un agent d’enregistrement, code à usage unique par SMS, puis signature à distance avec un certificat au nom de la personne, dont le service ${service} garde la clé. L’exploitant n’indique aucune liste de confiance où figure son autorité. Sans présomption de fiabilité (art. 1367 du code civil).`,
	listed: ({ service, listed }) =>
		`Niveau 2, autorité listée : copie d’une pièce d’identité contrôlée à distance et revue par un agent d’enregistrement, code à usage unique par SMS, puis signature à distance avec un certificat au nom de la personne, dont le service ${service} garde la clé. L’exploitant indique où son autorité figure sur une liste de confiance : ${listed}. Sans présomption de fiabilité (art. 1367 du code civil).`
};
const en: Readonly<Record<Way, Say>> = {
	digitised: () => 'Digitised handwritten signature, no code: a class below level 1. Drawn in person on the sender’s device, whose session was locked; identity declared by the sender; sealed by the service’s seal, which is no signature in the person’s name. It does not prove who held the device. Never presumed reliable.',
	seal: () => 'Level 1: identity declared by the sender, one-time code by SMS, acceptance sealed by the service’s seal, which is no signature in the person’s name. A simple electronic signature under Regulation (EU) No 910/2014, never presumed reliable.',
	'own-name': (_, procedure) =>
		`Level 1, certificate in the signer’s name: identity declared by the sender, who identifies the person after its recorded procedure${procedure ? `, version ${procedure}` : ''}; this service looked at no identity document. One-time code by SMS to the number given by the sender, then a signature with a certificate in the person’s name, used once, issued by an authority that is on no trusted list. The sender puts it forward as an advanced electronic signature. It is one under the conditions of article 26 of Regulation (EU) No 910/2014: to be uniquely linked to the signatory, to be capable of identifying them, to be created with data that they can, with a high level of confidence, use under their sole control, and to be linked to the data so that any later change can be detected. The first two rest on the sender’s procedure. Never presumed reliable.`,
	'built-in': () => 'Level 2 process, unlisted CA: a copy of an identity document checked remotely and reviewed by a registration officer, one-time code by SMS, then a signature with a certificate in the person’s name, used once, issued by an authority that is on no trusted list. Never presumed reliable.',
	remote: ({ service }) =>
		`Level 2 process, unlisted CA: a copy of an identity document checked remotely and reviewed by a registration officer, one-time code by SMS, then a remote signature with a certificate in the person’s name, whose key the service ${service} keeps. The operator names no trusted list that its authority is on. Never presumed reliable.`,
	listed: ({ service, listed }) =>
		`Level 2, listed CA: a copy of an identity document checked remotely and reviewed by a registration officer, one-time code by SMS, then a remote signature with a certificate in the person’s name, whose key the service ${service} keeps. The operator says where its authority stands on a trusted list: ${listed}. Never presumed reliable.`
};
const dictionaries = { fr: french(fr), en };

/** What a signature made so is worth. `procedure`: version of the client's identification procedure that the envelope recorded. */
export const worth = (locale: 'fr' | 'en', by: WayOfSigning, procedure: string | null = null): string => dictionaries[locale][by.way](by, procedure);
