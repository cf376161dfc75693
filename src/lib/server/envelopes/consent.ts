// What a signer consents to, word for word. A change of words is a new version; old versions stay, evidence names them.

/** At level 1. */
export const consentVersion = '2026-11-01';
/** At level 2. */
export const consentVersion2 = '2026-11-24-2';
/** Without a code: a digitised signature. */
export const consentVersion0 = '2026-11-30-0';

/** The words of now for a signer of that level. */
export const consentOf = (level: 0 | 1 | 2) => ([consentVersion0, consentVersion, consentVersion2] as const)[level];

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
