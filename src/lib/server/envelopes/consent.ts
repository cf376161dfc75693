// What a signer consents to, word for word. A change of words is a new version; old versions stay, evidence names them.

import type { Way } from '#lib/i18n/way.ts';

/** At level 1. */
export const consentVersion = '2026-11-01';
/** At level 2, by our own CA. */
export const consentVersion2 = '2026-11-24-2';
/** Without a code: a digitised signature. */
export const consentVersion0 = '2026-11-30-0';

/** The words of now, by how the signature is to be made. */
export const consents = { digitised: consentVersion0, seal: consentVersion, 'built-in': consentVersion2, 'own-name': '2026-11-30-own-name', remote: '2026-11-30-remote', listed: '2026-11-30-listed' } as const satisfies Record<Way, string>;

/** The signer agreed to another way of signing than what would be done now: nothing is signed. */
export class ConsentOutdated extends Error {
	override name = 'ConsentOutdated';
}

/** The text shown beside the box, by language. `{sender}` is the client's name. */
const texts = {
	'2026-11-01': {
		fr: 'J’ai lu le document affiché et j’accepte de le signer par voie électronique. Mon identité est celle que {sender} a déclarée ; je la confirme en saisissant le code reçu par SMS. Mon acceptation est scellée par le cachet du service, qui n’est pas une signature à mon nom.',
		en: 'I have read the document shown and agree to sign it electronically. My identity is the one {sender} declared; I confirm it by entering the code received by SMS. My acceptance is sealed by the service’s seal, which is not a signature in my name.'
	},
	'2026-11-24-2': {
		fr: 'J’ai lu le document affiché et j’accepte de le signer par voie électronique. Mon identité, déclarée par {sender}, a été contrôlée sur une copie de ma pièce d’identité ; je la confirme en saisissant le code reçu par SMS. Ma signature est faite avec un certificat à mon nom, utilisé une seule fois, délivré par l’autorité de ce service, qui n’est sur aucune liste de confiance.',
		en: 'I have read the document shown and agree to sign it electronically. My identity, declared by {sender}, was checked on a copy of my identity document; I confirm it by entering the code received by SMS. My signature is made with a certificate in my name, used once, issued by this service’s authority, which is on no trusted list.'
	},
	'2026-11-30-own-name': {
		fr: 'J’ai lu le document affiché et j’accepte de le signer par voie électronique. Mon identité est celle que {sender} a déclarée, et qu’il lui revient d’établir selon sa procédure ; je la confirme en saisissant le code reçu par SMS. Ma signature est faite avec un certificat à mon nom, utilisé une seule fois, délivré par l’autorité de ce service, qui n’est sur aucune liste de confiance et n’a regardé aucune pièce d’identité.',
		en: 'I have read the document shown and agree to sign it electronically. My identity is the one {sender} declared, and has to establish after its procedure; I confirm it by entering the code received by SMS. My signature is made with a certificate in my name, used once, issued by this service’s authority, which is on no trusted list and looked at no identity document.'
	},
	'2026-11-30-remote': {
		fr: 'J’ai lu le document affiché et j’accepte de le signer par voie électronique. Mon identité, déclarée par {sender}, a été contrôlée sur une copie de ma pièce d’identité ; je la confirme en saisissant le code reçu par SMS. Ma signature est faite à distance, avec un certificat à mon nom dont un service de signature à distance garde la clé ; l’exploitant n’indique aucune liste de confiance où figure l’autorité de ce certificat.',
		en: 'I have read the document shown and agree to sign it electronically. My identity, declared by {sender}, was checked on a copy of my identity document; I confirm it by entering the code received by SMS. My signature is made remotely, with a certificate in my name whose key a remote signing service keeps; the operator names no trusted list that the certificate’s authority is on.'
	},
	'2026-11-30-listed': {
		fr: 'J’ai lu le document affiché et j’accepte de le signer par voie électronique. Mon identité, déclarée par {sender}, a été contrôlée sur une copie de ma pièce d’identité ; je la confirme en saisissant le code reçu par SMS. Ma signature est faite à distance, avec un certificat à mon nom dont un service de signature à distance garde la clé ; l’autorité de ce certificat figure, selon l’exploitant, sur une liste de confiance.',
		en: 'I have read the document shown and agree to sign it electronically. My identity, declared by {sender}, was checked on a copy of my identity document; I confirm it by entering the code received by SMS. My signature is made remotely, with a certificate in my name whose key a remote signing service keeps; the certificate’s authority is, as the operator says, on a trusted list.'
	},
	'2026-11-30-0': {
		fr: 'J’ai lu le document affiché et j’accepte d’y apposer ma signature manuscrite numérisée, que je trace sur l’appareil de {sender}. Aucun code ne confirme qui je suis : mon identité est celle que {sender} a déclarée. Ce que j’ai tracé est scellé par le cachet du service, qui n’est pas une signature à mon nom ; c’est une classe inférieure au niveau 1.',
		en: 'I have read the document shown and agree to put my digitised handwritten signature to it, which I draw on the device of {sender}. No code confirms who I am: my identity is the one {sender} declared. What I drew is sealed by the service’s seal, which is not a signature in my name; it is a class below level 1.'
	}
} as const;

/** The consent text of a version. Throws when no such version was ever shown. */
export function consentText(version: string, locale: 'fr' | 'en', sender: string): string {
	const text = texts[version as keyof typeof texts]?.[locale];
	if (!text) throw new Error(`no consent text of version ${version}`);
	return text.replaceAll('{sender}', () => sender);
}
