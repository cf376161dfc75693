// The SMS that carries a code: sender, code, neutral reference, autofill line last; at most 160 GSM-7 characters.
// GSM 03.38 basic set and its extension table; an extended character counts twice.

import { DomainError } from '../errors.ts';

const basic = new Set(
	'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
);
const extended = new Set('^{}\\[~]|€');

/** Septets the text takes; null when a character is outside GSM-7. */
export function gsm7Length(text: string): number | null {
	let length = 0;
	for (const character of text) {
		if (basic.has(character)) length += 1;
		else if (extended.has(character)) length += 2;
		else return null;
	}
	return length;
}

/** Drops what GSM-7 cannot write: accents it lacks, then the rest. */
function toGsm7(text: string): string {
	return [...text]
		.map((c) => (basic.has(c) ? c : c.normalize('NFD').replace(/\p{M}/gu, '')))
		.filter((c) => gsm7Length(c) !== null)
		.join('');
}

type Action = 'sign' | 'open';

const sentences = {
	fr: (sender: string, code: string, reference: string, action: Action) => `${sender} : ${code} est votre code pour ${action === 'sign' ? 'signer' : 'ouvrir'} ${reference}. Ne le donnez à personne.`,
	en: (sender: string, code: string, reference: string, action: Action) => `${sender}: ${code} is your code to ${action} ${reference}. Give it to nobody.`
} as const;

/**
 * The whole SMS. A long sender's name is cut to fit; no title, no hash, no STOP clause.
 * @param domain host the code is for, in the autofill line `@host #code` (WICG origin-bound one-time codes)
 * @param action what it is for: to sign, or to open what was signed
 */
export function codeSms(locale: 'fr' | 'en', sender: string, code: string, reference: string, domain: string, action: Action = 'sign'): string {
	const write = (name: string) => `${sentences[locale](name, code, reference, action)}\n\n@${domain} #${code}`;
	let name = toGsm7(sender).trim();
	while (name && gsm7Length(write(name))! > 160) name = name.slice(0, -1).trim();
	const length = gsm7Length(write(name));
	if (length === null || length > 160) throw new DomainError('invalid', 'sms-too-long', { domain });
	return write(name);
}
