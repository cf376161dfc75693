// What a signer consents to, word for word. A change of words is a new version; old versions stay, evidence names them.

export const consentVersion = '2026-11-01';

/** The text shown beside the box, by language. `{sender}` is the client's name. */
const texts = {
	'2026-11-01': {
		fr: 'J’ai lu le document affiché et j’accepte de le signer par voie électronique. Mon identité est celle que {sender} a déclarée ; je la confirme en saisissant le code reçu par SMS. Mon acceptation est scellée par le cachet du service, qui n’est pas une signature à mon nom.',
		en: 'I have read the document shown and agree to sign it electronically. My identity is the one {sender} declared; I confirm it by entering the code received by SMS. My acceptance is sealed by the service’s seal, which is not a signature in my name.'
	}
} as const;

/** The consent text of a version. Throws when no such version was ever shown. */
export function consentText(version: string, locale: 'fr' | 'en', sender: string): string {
	const text = texts[version as keyof typeof texts]?.[locale];
	if (!text) throw new Error(`no consent text of version ${version}`);
	return text.replace('{sender}', () => sender);
}
